"""Reading seed documents: YAML, TOML, JSON, or a parsed document."""

import gc
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

import msgspec
from msgspec import Struct, structs

from mock_okta.model.directory import Org
from mock_okta.model.seed.building import build
from mock_okta.model.seed.defaults import with_addresses
from mock_okta.model.seed.joining import Joined, Source
from mock_okta.model.seed.mistakes import Finding, Mistake, SeedError, written
from mock_okta.model.seed.outlines import Place, outline_of_json, outline_of_yaml
from mock_okta.model.seed.references import Known, unknown_names
from mock_okta.model.seed.types import Seed

__all__ = [
    "SeedFiles",
    "parse_addition",
    "parse_seed",
    "read_seed",
    "read_seeds",
    "require_known_names",
]

_TOO_DEEP = "is nested too deeply"
_ENDINGS = (".yaml", ".yml", ".toml", ".json")


def parse_seed(document: object) -> Seed:
    """Return the seed that a parsed document describes; raise SeedError with all mistakes.

    What the document leaves out is the default org's; an empty list stays empty.
    """
    try:
        return _seed_of([Source(document=document)])
    except RecursionError as error:
        raise SeedError(_TOO_DEEP) from error


def read_seed(path: str | Path) -> Seed:
    """Read a seed file by its ending (.yaml, .toml, .json), or all seed files of a folder as one.

    Raises SeedError with all mistakes, each with the file's name, line and column. In TOML only
    syntax errors have a line and column.
    """
    return read_seeds([path])


def read_seeds(paths: Sequence[str | Path]) -> Seed:
    """Read seed files, and all seed files of folders in the order of their names, as one seed.

    Lists are joined in that order. Raises SeedError, also if two files give one setting, or things
    with the same name or id.
    """
    return SeedFiles.of(paths).parsed()


class SeedFiles(Struct, frozen=True, kw_only=True):
    """Seed files as they were read, not yet parsed: parsing a large one takes seconds.

    `texts`: the name of each file and its bytes, in order. `redirect_uris`, `origins`: more
    addresses for all clients.
    """

    texts: tuple[tuple[str, bytes], ...]
    redirect_uris: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        paths: Sequence[str | Path],
        redirect_uris: tuple[str, ...] = (),
        origins: tuple[str, ...] = (),
    ) -> Self:
        """Read files, and those of folders in the order of their names; raise SeedError."""
        files = [file for path in paths for file in _files(Path(path))]
        texts = tuple((str(file), _bytes_of(file)) for file in files)
        return cls(texts=texts, redirect_uris=redirect_uris, origins=origins)

    def digest(self) -> str:
        """Return what changes with anything that decides the seed; a file's folder does not."""
        texts = [(Path(name).suffix.lower(), sha256(text).hexdigest()) for name, text in self.texts]
        decisive = [texts, self.redirect_uris, self.origins]
        return sha256(msgspec.json.encode(decisive)).hexdigest()

    def parsed(self) -> Seed:
        """Return the files as one seed; raise SeedError with all mistakes."""
        try:
            with _no_collection():
                seed = _seed_of([_source_of(name, text) for name, text in self.texts])
        except RecursionError as error:
            names = ", ".join(name for name, _ in self.texts)
            raise SeedError(f"{names}: {_TOO_DEEP}") from error
        return with_addresses(seed, self.redirect_uris, self.origins)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Pause the garbage collector: it would look through a large document again and again.

    With 100,000 users it takes more than half of the time of reading YAML.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _files(path: Path) -> Iterator[Path]:
    """Return the file, or the seed files of the folder; hidden ones are not read."""
    if not path.is_dir():
        yield path
        return
    found = [
        file
        for file in sorted(path.iterdir())
        if file.suffix.lower() in _ENDINGS and file.is_file() and not file.name.startswith(".")
    ]
    if not found:
        raise SeedError(f"{path}: there is no seed in this folder (.yaml, .toml or .json)")
    yield from found


def parse_addition(text: bytes, org: Org, known: Known, *, is_yaml: bool = False) -> Seed:
    """Return what a document, JSON or YAML, adds to a running org: only what it names.

    `org`: the org's current settings; `known`: who and what is in it. Raises SeedError with all
    mistakes, and msgspec.DecodeError for invalid JSON.
    """
    try:
        source = _added_yaml(text) if is_yaml else _added_json(text)
        document = source.document
        if isinstance(document, dict):
            document = {"users": [], "clients": [], "authorization_servers": [], **document}
            settings = document.get("org", {})
            if isinstance(settings, dict):
                document["org"] = {**msgspec.to_builtins(org), **settings}
        return _seed_of([structs.replace(source, document=document)], known)
    except RecursionError as error:
        raise SeedError(_TOO_DEEP) from error


def _added_json(text: bytes) -> Source:
    return _json_source(msgspec.json.decode(text), text.decode())


def _added_yaml(text: bytes) -> Source:
    """Return the source; refuse what is not a mapping: it would mean the default org's seed."""
    try:
        source = _parsed_yaml(text.decode(), "")
    except UnicodeDecodeError as error:
        raise SeedError(f"is not UTF-8: {error}") from error
    if not isinstance(source.document, dict):
        raise SeedError(
            "is not a mapping: begin with 'users:', 'clients:' or another key of a seed"
        )
    return source


def require_known_names(seed: Seed) -> None:
    """Raise SeedError for each name in the seed that the seed does not define."""
    found = tuple(unknown_names(seed, Known.of(seed)))
    if found:
        raise SeedError.of([_mistake(each) for each in found])


def _seed_of(sources: Sequence[Source], known: Known | None = None) -> Seed:
    joined = Joined.of(sources)
    given = {} if joined.document is None else joined.document
    plain = msgspec.to_builtins(given)  # dates become strings
    found = [(source, each) for source in joined.sources for each in source.repeated()]
    found += joined.clashes
    if not found:
        seed = _good_seed(plain, known or Known())
        if seed is not None:
            return seed
    built = build(plain)
    found += map(joined.origin, built.findings)
    if built.seed is not None:
        there_is = Known.of(built.seed) | (known or Known())
        unknown = unknown_names(built.seed, there_is, built.indexes)
        found += [joined.origin(built.in_document(each)) for each in unknown]
    raise _error(found)


def _good_seed(document: object, known: Known) -> Seed | None:
    """Return the seed, None if there is any mistake; this takes a tenth of the time of `build`."""
    try:
        seed = msgspec.convert(document, Seed)
    except msgspec.ValidationError:
        return None
    is_bad = any(unknown_names(seed, Known.of(seed) | known))
    return None if is_bad else seed


def _error(found: Sequence[tuple[Source, Finding]]) -> SeedError:
    """Return the error with the mistakes of each file, in the order in which they stand there."""
    errors = []
    for file in dict.fromkeys(source.file for source, _ in found):
        mistakes = [_mistake(each, source) for source, each in found if source.file == file]
        first_first = sorted(mistakes, key=lambda each: (each.line or 0, each.column or 0))
        errors.append(SeedError.of(first_first, file))
    if len(errors) == 1:
        return errors[0]
    return SeedError("\n".join(map(str, errors)), [each for e in errors for each in e.mistakes])


def _mistake(finding: Finding, source: Source | None = None) -> Mistake:
    line, column = (source and source.place_of(finding)) or (None, None)
    return Mistake(path=written(finding.path), message=finding.message, line=line, column=column)


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise SeedError(f"{file}: cannot be read: {error.strerror}") from error


def _source_of(file: str, read: bytes) -> Source:
    try:
        text = read.decode()
    except UnicodeDecodeError as error:
        raise SeedError(f"{file}: cannot be read: {error}") from error
    match Path(file).suffix.lower():
        case ".yaml" | ".yml":
            return _parsed_yaml(text, file)
        case ".toml":
            return _parsed_toml(text, file)
        case ".json":
            return _parsed_json(text, file)
        case other:
            message = f"expected a file that ends in .yaml, .toml or .json, not '{other}'"
            raise SeedError(f"{file}: {message}")


def _parsed_yaml(text: str, file: str) -> Source:
    import yaml  # noqa: PLC0415 -- takes 30 ms, needed for YAML files only

    # libyaml, which most wheels of PyYAML have, is several times faster.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        node = loader.get_single_node()
        outline = outline_of_yaml(node)  # before merge keys are resolved
        document: Any = None if node is None else loader.construct_document(node)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that is none
        mark = getattr(error, "problem_mark", None)
        place = None if mark is None else (mark.line + 1, mark.column + 1)
        problem = getattr(error, "problem", None) or " ".join(str(error).split())
        if problem == "exceeded maximum nesting depth":  # libyaml's
            raise RecursionError from error
        raise _unreadable(file, f"is not valid YAML: {problem}", place) from error
    finally:
        loader.dispose()
    return Source(document=document, outline=lambda: outline, may_repeat=True, file=file)


def _parsed_toml(text: str, file: str) -> Source:
    import tomllib  # noqa: PLC0415 -- most seeds are YAML

    try:
        return Source(document=tomllib.loads(text), file=file)
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(file, f"is not valid TOML: {error}") from error


def _parsed_json(text: str, file: str) -> Source:
    try:
        document = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise _unreadable(file, f"is not valid JSON: {error}") from error
    return _json_source(document, text, file)


def _json_source(document: object, text: str, file: str = "") -> Source:
    """Return the source; its outline, which takes long to make, waits until there is a mistake."""
    outline = cache(partial(outline_of_json, text))
    return Source(document=document, outline=outline, may_repeat=_has_twice(text), file=file)


def _has_twice(text: str) -> bool:
    """Return whether a mapping in the JSON has one key twice."""
    found = False

    def note(pairs: list[tuple[str, Any]]) -> None:
        nonlocal found
        found = found or len({key for key, _ in pairs}) < len(pairs)

    json.loads(text, object_pairs_hook=note)
    return found


def _unreadable(file: str, message: str, place: Place | None = None) -> SeedError:
    line, column = place or (None, None)
    return SeedError.of([Mistake(path="", message=message, line=line, column=column)], file)
