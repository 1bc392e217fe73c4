"""Building a seed from a plain document, item by item, to find every mistake.

msgspec stops at the first mistake, so it converts only values without parts.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin

import msgspec
from msgspec import Struct, structs

from mock_okta.model.checks import collected
from mock_okta.model.seed.mistakes import Finding, Path, closest, suggestion
from mock_okta.model.seed.types import Seed

__all__ = ["Built", "build"]


class _Bad:
    """Stands for a value that is wrong."""


# `groups_claim` is no more than a guess for `groups` (0.67), `login_redirect_uris` is meant by
# `redirectUris` (0.71).
_LIKELY = 0.7
_BAD: Final = _Bad()


class Built(Struct, frozen=True, kw_only=True):
    """A seed, None if nothing could be built, and what is wrong with it.

    If there are mistakes, each list of the seed has only its valid items, so that these are checked
    too. `indexes`: for each such list, the positions of its items in the document.
    """

    seed: Seed | None
    findings: Sequence[Finding]
    indexes: Mapping[str, Sequence[int]]

    def in_document(self, finding: Finding) -> Finding:
        """Return the finding with its path in the document instead of the seed."""
        path = _in_document(finding.path, self.indexes)
        return structs.replace(finding, path=path)


def build(document: object) -> Built:
    """Return the seed that a plain document describes."""
    builder = _Builder()
    seed = builder.seed(document)
    findings = tuple(dict.fromkeys(builder.findings))
    return Built(seed=seed, findings=findings, indexes=builder.indexes)


class _Builder:
    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.indexes: dict[str, list[int]] = {}

    def seed(self, document: object) -> Seed | None:
        """Build what can be built of each list of the seed."""
        if not isinstance(document, dict):
            self._leaf(document, dict, ())
            return None
        arguments: dict[str, Any] = {}
        keys: dict[str, str] = {}
        for field, key, value in self._given(document, Seed, ()):
            keys[field.name] = key
            if get_origin(field.type) is tuple and isinstance(value, list):
                built = [self._value(v, get_args(field.type)[0], (key, i)) for i, v in _each(value)]
                if _BAD in built:
                    self.indexes[key] = [i for i, each in _each(built) if each is not _BAD]
                arguments[field.name] = tuple(each for each in built if each is not _BAD)
            else:
                arguments[field.name] = self._value(value, field.type, (key,))
        good = {name: value for name, value in arguments.items() if value is not _BAD}
        with collected() as found:
            seed = Seed(**good)
        for at, message in found:
            self._find(_in_document(_steps(at, keys), self.indexes), message)
        return seed

    def _value(self, value: object, hint: Any, path: Path) -> Any:
        if get_origin(hint) in (Union, UnionType):
            if value is None and NoneType in get_args(hint):
                return None
            hint = _chosen(value, get_args(hint))
        if isinstance(hint, type) and issubclass(hint, Struct):
            return self._struct(value, hint, path)
        if get_origin(hint) is tuple and isinstance(value, list):
            item, _ = get_args(hint)
            built = [self._value(each, item, (*path, index)) for index, each in _each(value)]
            return _BAD if _BAD in built else tuple(built)
        return self._leaf(value, hint, path)

    def _struct(self, value: object, shape: type[Struct], path: Path) -> Any:
        if not isinstance(value, dict):
            return self._leaf(value, dict, path)
        arguments: dict[str, Any] = {}
        keys: dict[str, str] = {}
        for field, key, given in self._given(value, shape, path):
            arguments[field.name] = self._value(given, field.type, (*path, key))
            keys[field.name] = key
        required = {each.name for each in structs.fields(shape) if each.required}
        for name in sorted(required - set(arguments)):
            self._find(path, f"missing required field `{name}`")
        if _BAD in arguments.values() or required - set(arguments):
            return _BAD
        with collected() as found:
            made = shape(**arguments)
        for at, message in found:
            self._find((*path, *_steps(at, keys)), message)
        return made  # it is refused in the end, but there may be more to find

    def _given(
        self, value: Mapping[Any, object], shape: type[Struct], path: Path
    ) -> Iterator[tuple[structs.FieldInfo, str, object]]:
        """Return field, key and value; a misspelt key counts as the missing field it resembles.

        One that resembles a field less is only named, since its value may be meant for another.
        """
        fields = {field.encode_name: field for field in structs.fields(shape)}
        left_out = [name for name in fields if name not in value]
        for key, given in value.items():
            field = fields.get(key)
            if field is None:
                likely = suggestion(key, left_out) or suggestion(key, fields)
                message = f"unknown field `{key}`{likely}"
                self.findings.append(Finding(path=path, message=message, key=str(key)))
                meant = closest(key, left_out, cutoff=_LIKELY)
                if meant is None:
                    continue
                left_out.remove(meant)
                field = fields[meant]
            yield field, key, given

    def _leaf(self, value: object, hint: Any, path: Path) -> Any:
        try:
            return msgspec.convert(value, hint)
        except msgspec.ValidationError as error:
            message, _, within = str(error).partition(" - at ")
        if get_origin(hint) is Literal:
            values = sorted(map(str, get_args(hint)))
            wanted = ", ".join(map(repr, values))
            message += f", expected one of {wanted}{suggestion(value, values)}"
        elif hint is timedelta:
            message = f"expected a duration such as PT2H, not {value!r}"
        elif "key" in within:
            message = f"a key is wrong: {message}"
        self._find(path, message)
        return _BAD

    def _find(self, path: Path, message: str) -> None:
        self.findings.append(Finding(path=path, message=message))


def _each(values: list[Any]) -> Iterator[tuple[int, Any]]:
    return iter(enumerate(values))


def _chosen(value: object, hints: tuple[Any, ...]) -> Any:
    """Return the type in a union that the value is meant to have: a Struct for a mapping."""
    possible = [hint for hint in hints if hint is not NoneType]
    structs = [hint for hint in possible if isinstance(hint, type) and issubclass(hint, Struct)]
    others = [hint for hint in possible if hint not in structs]
    if structs and (isinstance(value, dict) or not others):
        return structs[0]
    return others[0] if len(others) == 1 else Union[tuple(others)]  # noqa: UP007 -- made of a tuple


def _steps(at: str, keys: Mapping[str, str]) -> Path:
    """Return `rules[0].name` as a path; `keys`: the key that each field was given under."""
    first, *rest = re.findall(r"\w+", at) or ("",)
    steps = [keys.get(first, first), *rest] if first else []
    return tuple(int(step) if step.isdigit() else step for step in steps)


def _in_document(path: Path, indexes: Mapping[str, Sequence[int]]) -> Path:
    """Return the path in the document: lists of the seed have no wrong items."""
    match path:
        case (str(name), int(index), *rest) if name in indexes:
            return (name, indexes[name][index], *rest)
        case _:
            return path
