"""The placeholders in a cassette for secrets, ids and times: `${org}`, `${now+3600}`.

`${org}` is the org's URL. `${now+3600}` is a time, in seconds after the recorded time: a number, or
ISO 8601 as `${now+300:iso}`. `${past}` is a time long ago. `${id-2}` is a one-time id, `${kid-1}`
and `${key-1}` a key. Any other name stands for a secret.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ANY", "ORG", "Restoring", "instant", "instant_in", "named", "seconds_of"]

ORG = "${org}"
ANY = re.compile(r"\$\{([a-z_]+(?:-\d+)?|now(?:[+-]\d+)?(?::iso)?|past(?::iso)?)\}")
_INSTANT = re.compile(r"\$\{(now([+-]\d+)?|past)(:iso)?\}")
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)")
# A sign-in takes some seconds; lifetimes are a round number of seconds.
_GRAIN_SECONDS = 10
_PAST = timedelta(days=30)


def named(kind: str, number: int = 0) -> str:
    """Return the placeholder of a secret, or of thing number `number` of a kind."""
    return f"${{{kind}-{number}}}" if number else f"${{{kind}}}"


def instant(seconds: float, *, iso: bool = False) -> str:
    """Return the placeholder of a time: seconds after the recorded time, rounded to tens."""
    whole = round(seconds / _GRAIN_SECONDS) * _GRAIN_SECONDS
    offset = f"{whole:+d}" if whole else ""
    return f"${{now{offset}{':iso' if iso else ''}}}"


def instant_in(text: str) -> datetime | None:
    """Read the text as an ISO 8601 time; None if it is not one."""
    if not _ISO.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def seconds_of(text: str) -> int | None:
    """Return a placeholder's seconds after the recorded time; None for other placeholders."""
    found = _INSTANT.fullmatch(text)
    return int(found[2] or 0) if found and found[1] != "past" else None


@dataclass(frozen=True)
class Restoring:
    """Replaces placeholders by values: times relative to `at`, others from `value_of`.

    `value_of` returns None for a name that stays as it is.
    """

    at: datetime
    value_of: Callable[[str], str | None]

    def restored(self, value: Any) -> Any:
        """Return a value, and all values in it, with placeholders replaced."""
        if isinstance(value, dict):
            return {self._text(name): self.restored(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.restored(each) for each in value]
        if not isinstance(value, str):
            return value
        found = _INSTANT.fullmatch(value)
        return self._instant(found) if found else self._text(value)

    def _instant(self, found: re.Match[str]) -> str | int:
        since = -_PAST if found[1] == "past" else timedelta(seconds=int(found[2] or 0))
        then = (self.at + since).astimezone(UTC)
        if found[3]:
            return then.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        return int(then.timestamp())

    def _text(self, text: str) -> str:
        return ANY.sub(lambda found: self._value(found[1], found[0]), text)

    def _value(self, name: str, unknown: str) -> str:
        value = self.value_of(name)
        return unknown if value is None else value
