"""Reading seed documents: YAML, TOML, JSON, or a parsed document."""

import tomllib
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from mock_okta.model.directory import Org
from mock_okta.model.seed.building import build
from mock_okta.model.seed.mistakes import Finding, Mistake, SeedError, written
from mock_okta.model.seed.outlines import Outline, Place, outline_of_json, outline_of_yaml
from mock_okta.model.seed.references import Known, unknown_names
from mock_okta.model.seed.types import Seed

__all__ = ["parse_addition", "parse_seed", "read_seed", "require_known_names"]

_TOO_DEEP = "is nested too deeply"


class _Source(Struct, frozen=True, kw_only=True):
    """A parsed document; `outline`: where its parts are, if the parser knows."""

    document: object
    outline: Outline | None = None
    file: str = ""


def parse_seed(document: object) -> Seed:
    """Return the seed that a parsed document describes; raise SeedError with all mistakes.

    What the document leaves out is the default org's; an empty list stays empty.
    """
    try:
        return _seed_of(_Source(document=document))
    except RecursionError as error:
        raise SeedError(_TOO_DEEP) from error


def read_seed(path: str | Path) -> Seed:
    """Read a seed file by its ending (.yaml, .toml, .json).

    Raises SeedError with all mistakes, each with the file's name, line and column. In TOML only
    syntax errors have a line and column.
    """
    path = Path(path)
    try:
        return _seed_of(_source_of(path))
    except RecursionError as error:
        raise SeedError(f"{path}: {_TOO_DEEP}") from error


def parse_addition(text: bytes, org: Org, known: Known) -> Seed:
    """Return what a JSON document adds to a running org: only what it names.

    `org`: the org's current settings; `known`: who and what is in it. Raises SeedError with all
    mistakes, and msgspec.DecodeError for invalid JSON.
    """
    document = msgspec.json.decode(text)
    if isinstance(document, dict):
        document = {"users": [], "clients": [], "authorization_servers": [], **document}
        settings = document.get("org", {})
        if isinstance(settings, dict):
            document["org"] = {**msgspec.to_builtins(org), **settings}
    try:
        outline = outline_of_json(text.decode())
        return _seed_of(_Source(document=document, outline=outline), known)
    except RecursionError as error:
        raise SeedError(_TOO_DEEP) from error


def require_known_names(seed: Seed) -> None:
    """Raise SeedError for each name in the seed that the seed does not define."""
    found = tuple(unknown_names(seed, Known.of(seed)))
    if found:
        raise SeedError.of([_mistake(each) for each in found])


def _seed_of(source: _Source, known: Known | None = None) -> Seed:
    given = {} if source.document is None else source.document
    built = build(msgspec.to_builtins(given))  # dates become strings
    seed, found = built.seed, list(built.findings)
    outline = source.outline
    repeated = [] if outline is None else list(outline.twice_given())
    if seed is not None:
        there_is = Known.of(seed) | (known or Known())
        found += map(built.in_document, unknown_names(seed, there_is, built.indexes))
    mistakes = [_mistake(finding, place) for finding, place in repeated]
    mistakes += [_mistake(each, outline.place_of(each) if outline else None) for each in found]
    if mistakes or seed is None:
        first_first = sorted(mistakes, key=lambda each: (each.line or 0, each.column or 0))
        raise SeedError.of(first_first, source.file)
    return seed


def _mistake(finding: Finding, place: Place | None = None) -> Mistake:
    line, column = place or (None, None)
    return Mistake(path=written(finding.path), message=finding.message, line=line, column=column)


def _source_of(path: Path) -> _Source:
    file = str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SeedError(f"{file}: cannot be read: {error}") from error
    match path.suffix.lower():
        case ".yaml" | ".yml":
            return _parsed_yaml(text, file)
        case ".toml":
            return _parsed_toml(text, file)
        case ".json":
            return _parsed_json(text, file)
        case other:
            message = f"expected a file that ends in .yaml, .toml or .json, not '{other}'"
            raise SeedError(f"{file}: {message}")


def _parsed_yaml(text: str, file: str) -> _Source:
    import yaml  # noqa: PLC0415 -- takes 30 ms, needed for YAML files only

    # libyaml is some ten times faster; PyYAML's own loader is there without it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        node = loader.get_single_node()
        outline = outline_of_yaml(node)  # before merge keys are resolved
        document: Any = None if node is None else loader.construct_document(node)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that is none
        mark = getattr(error, "problem_mark", None)
        place = None if mark is None else (mark.line + 1, mark.column + 1)
        problem = getattr(error, "problem", None) or " ".join(str(error).split())
        if problem == "exceeded maximum nesting depth":  # libyaml's words
            problem = "it is nested too deeply"
        raise _unreadable(file, f"is not valid YAML: {problem}", place) from error
    finally:
        loader.dispose()
    return _Source(document=document, outline=outline, file=file)


def _parsed_toml(text: str, file: str) -> _Source:
    try:
        return _Source(document=tomllib.loads(text), file=file)
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(file, f"is not valid TOML: {error}") from error


def _parsed_json(text: str, file: str) -> _Source:
    try:
        document = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise _unreadable(file, f"is not valid JSON: {error}") from error
    return _Source(document=document, outline=outline_of_json(text), file=file)


def _unreadable(file: str, message: str, place: Place | None = None) -> SeedError:
    line, column = place or (None, None)
    return SeedError.of([Mistake(path="", message=message, line=line, column=column)], file)
