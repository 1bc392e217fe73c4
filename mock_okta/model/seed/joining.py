"""Several seed documents as one, and where each part of it comes from."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Self

from msgspec import Struct, field, structs

from mock_okta.model.seed.mistakes import Finding, Path
from mock_okta.model.seed.outlines import Outline, Place

__all__ = ["Joined", "Source"]


class Source(Struct, frozen=True, kw_only=True):
    """A parsed document. `outline`: returns where its parts are, if the parser knows.

    `may_repeat`: whether a mapping in it may have one key twice.
    """

    document: object
    outline: Callable[[], Outline] | None = None
    may_repeat: bool = False
    file: str = ""

    def place_of(self, finding: Finding) -> Place | None:
        """Return where that is in the file."""
        return None if self.outline is None else self.outline().place_of(finding)

    def repeated(self) -> Iterator[Finding]:
        """Return the keys that a mapping has twice; the finding's place is that of the second."""
        if self.outline is not None and self.may_repeat:
            yield from (finding for finding, _ in self.outline().twice_given())


class Joined(Struct, kw_only=True):
    """Documents in order: lists follow one another, and each setting is in one of them.

    `starts`: for each list, the source of each part and the index where it begins.
    """

    sources: Sequence[Source]
    document: Any = field(default_factory=dict)
    clashes: list[tuple[Source, Finding]] = field(default_factory=list)
    givers: dict[Path, Source] = field(default_factory=dict)
    starts: dict[str, list[tuple[int, Source]]] = field(default_factory=dict)

    @classmethod
    def of(cls, sources: Sequence[Source]) -> Self:
        """Return the documents joined; one alone, or one that is no mapping, stays as it is."""
        joined = cls(sources=sources)
        odd = next((s for s in sources if not isinstance(s.document, dict | None)), None)
        if odd is not None or len(sources) == 1:
            found = odd or sources[0]
            return cls(sources=(found,), document=found.document)
        for source in sources:
            document: Any = source.document or {}
            for key, value in document.items():
                joined._add(source, key, value)
        return joined

    def origin(self, finding: Finding) -> tuple[Source, Finding]:
        """Return the document that the finding is about, and the finding as it is there."""
        match finding.path:
            case (str(key), int(index), *rest) if key in self.starts:
                start, source = [each for each in self.starts[key] if each[0] <= index][-1]
                return source, structs.replace(finding, path=(key, index - start, *rest))
            case (*steps,):
                named = (*steps, finding.key) if finding.key else tuple(steps)
                lengths = range(len(named), 0, -1)
                givers = (self.givers.get(named[:length]) for length in lengths)
                return next(filter(None, givers), self.sources[0]), finding

    def _add(self, source: Source, key: str, value: Any) -> None:
        there = self.document.get(key)
        if isinstance(value, list) and (key not in self.document or key in self.starts):
            self.starts.setdefault(key, []).append((len(there or ()), source))
            self.givers.setdefault((key,), source)
            self.document[key] = [*(there or ()), *value]
        elif key == "org" and isinstance(value, dict) and isinstance(there or {}, dict):
            settings = self.document.setdefault(key, {})
            for name, setting in value.items():
                self._set(source, settings, (key, name), setting)
        else:
            self._set(source, self.document, (key,), value)

    def _set(self, source: Source, mapping: dict[str, Any], path: Path, value: Any) -> None:
        name = str(path[-1])
        if name not in mapping:
            mapping[name] = value
            self.givers[path] = source
        elif mapping[name] != value:
            first = self.givers.get(path, self.sources[0]).file
            message = f"`{name}` is already in {first}, with another value"
            self.clashes.append((source, Finding(path=path[:-1], key=name, message=message)))
