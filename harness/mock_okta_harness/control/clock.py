"""The org's clock, moved from a test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_okta_harness.control.connection import Connection

__all__ = ["ControlledClock"]


class ClockReading(msgspec.Struct, frozen=True, kw_only=True):
    """The org's time, and whether it stands still."""

    now: datetime
    frozen: bool


@dataclass(frozen=True)
class ControlledClock:
    """The org's clock. Every act answers with the org's time after it."""

    connection: Connection

    def now(self) -> datetime:
        """Read the org's time."""
        return self._ask("GET").now

    def is_frozen(self) -> bool:
        """Tell whether the org's time stands still."""
        return self._ask("GET").frozen

    def freeze(self, at: datetime | None = None) -> datetime:
        """Stop the org's time, now or at the given instant."""
        return self._ask("PUT", {"frozen": True, **_instant(at)}).now

    def set(self, at: datetime) -> datetime:
        """Set the org's time; a running clock runs on from there."""
        return self._ask("PUT", _instant(at)).now

    def advance(self, by: timedelta | float) -> datetime:
        """Move the org's time on by a duration (a number is seconds)."""
        seconds = by.total_seconds() if isinstance(by, timedelta) else by
        path = "/_mock/clock/advance"
        return self.connection.ask(ClockReading, "POST", path, {"seconds": seconds}).now

    def resume(self) -> datetime:
        """Let the org's time run on from where it stands."""
        return self._ask("PUT", {"frozen": False}).now

    def _ask(self, method: str, change: Mapping[str, object] | None = None) -> ClockReading:
        return self.connection.ask(ClockReading, method, "/_mock/clock", change)


def _instant(at: datetime | None) -> dict[str, str]:
    if at is None:
        return {}
    if at.tzinfo is None:
        raise ValueError("The org's clock takes an aware datetime: give it a time zone.")
    return {"now": at.isoformat()}
