"""Compares two cassettes field by field: one line for each difference, with its path.

Values that differ in every recording (ids, keys, tokens) are compared by their type, and times by
their distance from the recorded time. The order of fields is compared too. Of the headers only
those that clients use are compared. The user's data are compared by type if one side replaced them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from mock_okta_harness.recorder.known_values import KnownValues
from mock_okta_harness.recorder.placeholders import seconds_of
from mock_okta_harness.recorder.scrub import allowed_in, is_public
from mock_okta_harness.recorder.scrubbing_rules import CLAIMS, FIELDS, STAND_INS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from mock_okta_harness.recorder.cassette import Cassette, Exchange

__all__ = ["Difference", "drift"]

_NUMBER = re.compile(r"\$\{([a-z_]+)-\d+\}")
# A sign-in takes some seconds; lifetimes are minutes or longer.
_SLACK_SECONDS = 60


@dataclass(frozen=True)
class Difference:
    """One field that differs; `first` and `second` are its values."""

    path: str
    first: str
    second: str

    def __str__(self) -> str:
        return f"{self.path}: {self.first} -> {self.second}"


def drift(first: Cassette, second: Cassette) -> list[Difference]:
    """Return all differences, in the first cassette's order."""
    kept = all(each.made.user_data == "kept" for each in (first, second))
    if not kept:
        first, second = _under_common_names(first), _under_common_names(second)
    found = [*_Comparison(kept, CLAIMS).compared("tokens", _tokens(first), _tokens(second))]
    steps = {each.step: each for each in first.exchanges}
    others = {each.step: each for each in second.exchanges}
    for step in dict.fromkeys((*steps, *others)):
        if step in steps and step in others:
            found += _of_a_step(steps[step], others[step], user_data_kept=kept)
        else:
            found.append(Difference(step, *_presence(step in steps, step in others)))
    return found


def _under_common_names(cassette: Cassette) -> Cassette:
    """Rename the app and the authorization server as in a scrubbed cassette."""
    known, made = KnownValues(), cassette.made
    for name, replacement in STAND_INS.items():
        known.stand_in(getattr(made, name, None), replacement)

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: renamed(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [renamed(each) for each in value]
        return known.text(value) if isinstance(value, str) else value

    return msgspec.convert(renamed(msgspec.to_builtins(cassette)), type(cassette))


def _of_a_step(first: Exchange, second: Exchange, *, user_data_kept: bool) -> Iterator[Difference]:
    """Compare the request line and the answer; the rest of a request is our own."""
    step, plainly = first.step, _Comparison(user_data_kept=True, allowed=FIELDS)
    lines = [f"{each.request.method} {each.request.url}" for each in (first, second)]
    yield from plainly.compared(f"{step}.request", *lines)
    yield from plainly.compared(f"{step}.status", first.response.status, second.response.status)
    headers = dict(sorted(first.response.headers.items()))
    yield from plainly.compared(
        f"{step}.headers", headers, dict(sorted(second.response.headers.items()))
    )
    bodies = _Comparison(user_data_kept, allowed_in(step))
    yield from bodies.compared(f"{step}.body", first.response.body, second.response.body)


class _Missing:
    def __repr__(self) -> str:
        return "(none)"


_MISSING = _Missing()


def _tokens(cassette: Cassette) -> dict[str, Any]:
    return {name: msgspec.to_builtins(token) for name, token in cassette.tokens.items()}


def _presence(*present: bool) -> list[str]:
    return ["recorded" if each else repr(_MISSING) for each in present]


@dataclass(frozen=True)
class _Comparison:
    user_data_kept: bool
    allowed: AbstractSet[str]

    def compared(self, path: str, first: Any, second: Any, name: str = "") -> Iterator[Difference]:
        """Compare two values of the field `name`."""
        if isinstance(first, dict) and isinstance(second, dict):
            yield from self._objects(path, first, second)
        elif isinstance(first, list) and isinstance(second, list):
            yield from self._lists(path, first, second, name)
        elif not self._is_same(first, second, name):
            yield Difference(path, _shown(first), _shown(second))

    def _objects(
        self, path: str, first: Mapping[str, Any], second: Mapping[str, Any]
    ) -> Iterator[Difference]:
        for name in dict.fromkeys((*first, *second)):
            pair = first.get(name, _MISSING), second.get(name, _MISSING)
            yield from self.compared(f"{path}.{name}", *pair, name)
        yield from _order(path, list(first), list(second))

    def _lists(
        self, path: str, first: list[Any], second: list[Any], name: str
    ) -> Iterator[Difference]:
        if any(isinstance(each, dict | list) for each in (*first, *second)):
            if name == "keys" and first and second:
                # An org rotates its keys at any time, so the number of published keys varies.
                first, second = first[:1], second[:1]
            if len(first) != len(second):
                yield Difference(f"{path} (length)", str(len(first)), str(len(second)))
            for number, pair in enumerate(zip(first, second, strict=False)):
                yield from self.compared(f"{path}[{number}]", *pair, name)
        elif self._is_compared_by_value(name):
            ours, theirs = [list(map(_told, each)) for each in (first, second)]
            gone = [each for each in ours if each not in theirs]
            new = [each for each in theirs if each not in ours]
            if gone or new:
                yield Difference(path, _shown(gone or _MISSING), _shown(new or _MISSING))
            yield from _order(path, ours, theirs)
        elif set(map(_type, first)) != set(map(_type, second)):
            yield Difference(path, _shown(first), _shown(second))

    def _is_same(self, first: Any, second: Any, name: str) -> bool:
        if _told(first) == _told(second):
            return True
        if isinstance(first, _Missing) or isinstance(second, _Missing):
            return False
        if isinstance(first, str) and isinstance(second, str):
            offsets = seconds_of(first), seconds_of(second)
            if offsets[0] is not None and offsets[1] is not None:
                return abs(offsets[0] - offsets[1]) <= _SLACK_SECONDS
        return not self._is_compared_by_value(name) and _type(first) == _type(second)

    def _is_compared_by_value(self, name: str) -> bool:
        return self.user_data_kept or is_public(name, self.allowed)


def _order(path: str, first: list[Any], second: list[Any]) -> Iterator[Difference]:
    """Compare the order of the fields that both have."""
    ours = [each for each in first if each in second]
    theirs = [each for each in second if each in first]
    if ours != theirs:
        yield Difference(f"{path} (order)", _shown(ours), _shown(theirs))


def _told(value: Any) -> Any:
    """Return a value without the numbers of its placeholders, which depend on the file."""
    return _NUMBER.sub(r"${\1}", value) if isinstance(value, str) else value


def _type(value: Any) -> str:
    return "number" if type(value) in (int, float) else type(value).__name__


def _shown(value: Any) -> str:
    if isinstance(value, _Missing):
        return repr(value)
    return msgspec.json.encode(value).decode()
