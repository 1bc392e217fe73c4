"""The values that must not get into a cassette, found by name, and what stands for each."""

from __future__ import annotations

import re
from functools import cached_property
from urllib.parse import quote, quote_plus

from mock_okta_harness.recorder.placeholders import named

__all__ = ["KnownValues", "SecretLeftError"]

# Shorter ones, and plain words, are part of much that is no secret: they are replaced where they
# stand alone.
_SHORTEST = 6
_WORD = re.compile(r"[a-z]+")


class SecretLeftError(Exception):
    """A secret would have got into the file; nothing was written."""


class KnownValues:
    """Values with their replacements; what is replaced is not looked at again."""

    def __init__(self) -> None:
        self._replacements: dict[str, str] = {}
        self._bounded: set[str] = set()
        self._secrets: dict[str, str] = {}
        self._counted: dict[str, int] = {}

    def secret(self, kind: str, value: str) -> str:
        """Give the placeholder of a secret: the first of its kind has no number."""
        if not value:
            return value
        if value not in self._replacements:
            number = self._next(kind)
            self._learn(value, named(kind, number if number > 1 else 0))
        if "${" in (found := self._replacements[value]):
            self._secrets[value] = kind
        return found

    def numbered(self, kind: str, value: str) -> str:
        """Give the placeholder of an id or a key."""
        if value not in self._replacements:
            self._learn(value, named(kind, self._next(kind)))
        return self._replacements[value]

    def identifier(self, value: str) -> None:
        """Learn an id part by part: `AT.….oar…` keeps what says of what it is."""
        parts = [part for part in value.split(".") if len(part) >= _SHORTEST]
        for part in parts or [value]:
            self.numbered("id", part)

    def stand_in(self, value: str | None, replacement: str, *, private: bool = False) -> None:
        """Let something stand for a name of the org or of a user, where that is a word of its own.

        `private`: it is checked like a secret that it is gone.
        """
        if not value or value in self._replacements:
            return
        self._learn(value, replacement)
        self._bounded.add(value)
        if private and value.lower() != replacement.lower():
            self._secrets[value] = "value of the user's"

    def knows(self, value: str) -> bool:
        """Tell whether something stands for this value."""
        return value in self._replacements

    def text(self, text: str) -> str:
        """Give a text with all known values replaced."""
        if text in self._replacements:
            return self._replacements[text]
        return self._within.sub(lambda found: self._replacements[found[0]], text)

    def make_sure(self, written: str) -> None:
        """Raise SecretLeftError if a secret is in what is to be written."""
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
