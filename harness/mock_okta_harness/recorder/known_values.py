"""The values that must not be in a cassette, and the placeholder for each."""

from __future__ import annotations

import re
from functools import cached_property
from urllib.parse import quote, quote_plus

from mock_okta_harness.recorder.placeholders import named

__all__ = ["KnownValues", "SecretLeftError"]

# Shorter values and plain words are also part of other texts: they are only replaced as whole
# words.
_SHORTEST = 6
_WORD = re.compile(r"[a-z]+")


class SecretLeftError(Exception):
    """A secret would be in the file, so nothing was written."""


class KnownValues:
    """Values with their replacements; replaced text is not searched again."""

    def __init__(self) -> None:
        self._replacements: dict[str, str] = {}
        self._bounded: set[str] = set()
        self._secrets: dict[str, str] = {}
        self._counted: dict[str, int] = {}

    def secret(self, kind: str, value: str) -> str:
        """Return the placeholder of a secret: the first of its kind has no number."""
        if not value:
            return value
        if value not in self._replacements:
            number = self._next(kind)
            self._learn(value, named(kind, number if number > 1 else 0))
        if "${" in (found := self._replacements[value]):
            self._secrets[value] = kind
        return found

    def numbered(self, kind: str, value: str) -> str:
        """Return the placeholder of an id or a key."""
        if value not in self._replacements:
            self._learn(value, named(kind, self._next(kind)))
        return self._replacements[value]

    def identifier(self, value: str) -> None:
        """Add an id part by part: prefixes such as those in `AT.….oar…` are kept."""
        parts = [part for part in value.split(".") if len(part) >= _SHORTEST]
        for part in parts or [value]:
            self.numbered("id", part)

    def stand_in(self, value: str | None, replacement: str, *, private: bool = False) -> None:
        """Replace a name of the org or of a user, if it is a whole word, by `stand_in`.

        `private`: like a secret, it must not be in the file.
        """
        if not value or value in self._replacements:
            return
        self._learn(value, replacement)
        self._bounded.add(value)
        if private and value.lower() != replacement.lower():
            self._secrets[value] = "value of the user's"

    def knows(self, value: str) -> bool:
        """Return whether the value has a placeholder."""
        return value in self._replacements

    def text(self, text: str) -> str:
        """Return a text with all known values replaced."""
        if text in self._replacements:
            return self._replacements[text]
        return self._within.sub(lambda found: self._replacements[found[0]], text)

    def make_sure(self, written: str) -> None:
        """Raise SecretLeftError if the text has a secret."""
        for value, kind in self._secrets.items():
            forms = {value, quote(value, safe=""), quote_plus(value)}
            if _is_distinctive(value) and any(form in written for form in forms):
                raise SecretLeftError(f"A {kind.replace('_', ' ')} would be in the file.")

    def _learn(self, value: str, replacement: str) -> None:
        self._replacements[value] = replacement
        self.__dict__.pop("_within", None)

    def _next(self, kind: str) -> int:
        self._counted[kind] = self._counted.get(kind, 0) + 1
        return self._counted[kind]

    @cached_property
    def _within(self) -> re.Pattern[str]:
        longest_first = sorted(filter(_is_distinctive, self._replacements), key=len, reverse=True)
        patterns = [
            rf"(?<!\w){re.escape(value)}(?!\w)" if value in self._bounded else re.escape(value)
            for value in longest_first
        ]
        return re.compile("|".join(patterns) or r"(?!)")


def _is_distinctive(value: str) -> bool:
    return len(value) >= _SHORTEST and not _WORD.fullmatch(value)
