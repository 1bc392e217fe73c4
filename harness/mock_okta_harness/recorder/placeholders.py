"""What stands in a cassette for what must not, or cannot, stand there: `${org}`, `${now+3600}`.

`${org}` is the org's URL. `${now+3600}` is an instant, so many seconds after the recorded one: a
number, or ISO 8601 as `${now+300:iso}`. `${past}` is some instant long ago. `${id-2}` is a value
made for one occasion, `${kid-1}` and `${key-1}` a key. Any other name is a secret's.
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
# A sign-in takes its seconds; what lasts, lasts a round number of them.
_GRAIN_SECONDS = 10
_PAST = timedelta(days=30)


def named(kind: str, number: int = 0) -> str:
    """Give the placeholder of a secret, or of the so-many-eth thing of a kind."""
    return f"${{{kind}-{number}}}" if number else f"${{{kind}}}"


def instant(seconds: float, *, iso: bool = False) -> str:
    """Give the placeholder of the instant so many seconds after the recorded one, in tens."""
    whole = round(seconds / _GRAIN_SECONDS) * _GRAIN_SECONDS
    offset = f"{whole:+d}" if whole else ""
    return f"${{now{offset}{':iso' if iso else ''}}}"


def instant_in(text: str) -> datetime | None:
    """Read a whole text as an ISO 8601 instant, if it is one."""
    if not _ISO.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def seconds_of(text: str) -> int | None:
    """Tell how many seconds after the recorded instant a placeholder is; None for any other."""
    found = _INSTANT.fullmatch(text)
    return int(found[2] or 0) if found and found[1] != "past" else None


@dataclass(frozen=True)
class Restoring:
    """Puts values in the place of placeholders: instants as at `at`, the rest as `value_of` says.

    `value_of` gives None for a name that is to stay as it is.
    """

    at: datetime
    value_of: Callable[[str], str | None]

    def restored(self, value: Any) -> Any:
        """Give a value, with all in it, as a program would have got it."""
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
