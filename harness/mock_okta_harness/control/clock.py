"""The org's clock, for tests to move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from mock_okta.control.paths import Path
from mock_okta.control.schema import ClockAdvance, ClockChange, ClockReading

if TYPE_CHECKING:
    from mock_okta.control.connection import Connection

__all__ = ["ControlledClock"]


@dataclass(frozen=True)
class ControlledClock:
    """The org's clock. Methods that change it return the org's new time."""

    connection: Connection

    def now(self) -> datetime:
        """Read the org's time."""
        return self._read().now

    def is_frozen(self) -> bool:
        """Return whether the org's time stands still."""
        return self._read().frozen

    def freeze(self, at: datetime | None = None) -> datetime:
        """Stop the org's time, now or at the given instant."""
        return self._change(ClockChange(frozen=True, now=_aware(at)))

    def set(self, at: datetime) -> datetime:
        """Set the org's time; a running clock continues from there."""
        return self._change(ClockChange(now=_aware(at)))

    def advance(self, by: timedelta | float) -> datetime:
        """Move the org's time forward by a duration (a number is seconds)."""
        seconds = by.total_seconds() if isinstance(by, timedelta) else by
        body = ClockAdvance(seconds=seconds)
        return self.connection.ask(ClockReading, "POST", Path.ADVANCE, body).now

    def resume(self) -> datetime:
        """Let the org's time run again, from where it stopped."""
        return self._change(ClockChange(frozen=False))

    def _read(self) -> ClockReading:
        return self.connection.ask(ClockReading, "GET", Path.CLOCK)

    def _change(self, change: ClockChange) -> datetime:
        return self.connection.ask(ClockReading, "PUT", Path.CLOCK, change).now


def _aware(at: datetime | None) -> datetime | None:
    if at is not None and at.tzinfo is None:
        raise ValueError("The org's clock needs an aware datetime: give it a time zone.")
    return at
