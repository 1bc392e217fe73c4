"""Where the parts of a document are in its file, and which keys occur twice.

Parsers silently keep the last of two equal keys, which would hide a mistake.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct, field

from mock_okta.model.seed.mistakes import Finding, Path

if TYPE_CHECKING:
    import yaml

__all__ = ["Outline", "Place", "outline_of_json", "outline_of_yaml"]

Place = tuple[int, int]
"""Line and column, from 1."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_MERGE = "tag:yaml.org,2002:merge"


class Outline(Struct, kw_only=True):
    """One value: where it begins, where its keys are, what is inside; and repeated keys."""

    place: Place
    keys: dict[str, Place] = field(default_factory=dict)
    inside: dict[str | int, "Outline"] = field(default_factory=dict)
    repeated: list[tuple[str, Place]] = field(default_factory=list)

    def place_of(self, finding: Finding) -> Place:
        """Return where that is, or else the place of what contains it."""
        here = self
        for step in finding.path:
            inner = here.inside.get(step)
            if inner is None:
                return here.keys.get(str(step), here.place)
            here = inner
        return here.place if finding.key is None else here.keys.get(finding.key, here.place)

    def add(self, key: str, place: Place, value: "Outline") -> None:
        """Add a member of a mapping."""
        if key in self.keys:
            self.repeated.append((key, place))
        self.keys[key] = place
        self.inside[key] = value

    def twice_given(self) -> Iterator[tuple[Finding, Place]]:
        """Return all keys that a mapping has twice, and where the second one is."""
        seen: set[int] = set()  # a YAML alias is one value in many places, even in itself

        def of(outline: Outline, path: Path) -> Iterator[tuple[Finding, Place]]:
            if id(outline) in seen:
                return
            seen.add(id(outline))
            for key, place in outline.repeated:
                yield Finding(path=path, key=key, message=f"field `{key}` is given twice"), place
            for step, inner in outline.inside.items():
                yield from of(inner, (*path, step))

        return of(self, ())


def outline_of_json(text: str) -> Outline:
    """Return the outline of a valid JSON text."""
    return _Json(text).outline()


class _Json:
    """Reads the tokens of a valid JSON text."""

    def __init__(self, text: str) -> None:
        self._tokens = ((found[0], found.start()) for found in _TOKEN.finditer(text))
        self._starts = (0, *accumulate(len(line) + 1 for line in text.split("\n")))

    def outline(self) -> Outline:
        return self._value(*next(self._tokens))

    def _value(self, token: str, offset: int) -> Outline:
        outline = Outline(place=self._place(offset))
        if token == "[":
            for index, inner in enumerate(self._until("]")):
                outline.inside[index] = self._value(*inner)
        elif token == "{":
            for key, at in self._until("}"):
                next(self._tokens)  # the colon
                name = msgspec.json.decode(key, type=str)
                outline.add(name, self._place(at), self._value(*next(self._tokens)))
        return outline

    def _until(self, end: str) -> Iterator[tuple[str, int]]:
        for token, offset in self._tokens:
            if token == end:
                return
            if token != ",":
                yield token, offset

    def _place(self, offset: int) -> Place:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def outline_of_yaml(node: "yaml.Node | None") -> Outline:
    """Return the outline of a composed YAML node, before a document is constructed from it."""
    made: dict[int, Outline] = {}

    def of(node: Any) -> Outline:
        if id(node) not in made:
            outline = made[id(node)] = Outline(place=_place_in_yaml(node))
            if node.id == "sequence":
                outline.inside.update((index, of(each)) for index, each in enumerate(node.value))
            elif node.id == "mapping":
                _add_members(outline, node)
        return made[id(node)]

    def _add_members(outline: Outline, node: Any) -> None:
        merged = [value for key, value in node.value if key.tag == _MERGE]
        for key, value in node.value:
            if key.tag != _MERGE:
                outline.add(str(key.value), _place_in_yaml(key), of(value))
        for each in merged:  # keys beside a merge key override it
            for other in reversed(each.value) if each.id == "sequence" else (each,):
                known = of(other)
                outline.inside = known.inside | outline.inside
                outline.keys = known.keys | outline.keys

    return Outline(place=(1, 1)) if node is None else of(node)


def _place_in_yaml(node: Any) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1
