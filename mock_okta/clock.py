"""The org's clock: the only code that reads the machine's time."""

import time
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

__all__ = ["Clock", "ClockState", "wire_instant"]


class ClockState(Struct, frozen=True, kw_only=True):
    """The state of a clock: its offset from the machine's, or the time at which it is frozen."""

    offset: timedelta = timedelta()
    frozen_at: datetime | None = None

    def now(self) -> datetime:
        """Return the time as an aware datetime in UTC."""
        return self.frozen_at or datetime.now(UTC) + self.offset

    def frozen(self, at: datetime | None = None) -> "ClockState":
        """Return the state frozen at `at`, or now."""
        return replace(self, frozen_at=self.now() if at is None else at.astimezone(UTC))

    def set(self, to: datetime) -> "ClockState":
        """Return the state set to `to`; a clock that is not frozen continues from there."""
        if self.frozen_at is not None:
            return self.frozen(to)
        return replace(self, offset=to - datetime.now(UTC))

    def advanced(self, by: timedelta) -> "ClockState":
        """Return the state moved forward by `by` (back if negative), frozen or not."""
        if self.frozen_at is not None:
            return replace(self, frozen_at=self.frozen_at + by)
        return replace(self, offset=self.offset + by)

    def resumed(self) -> "ClockState":
        """Return the state running, from the time at which it was frozen."""
        if self.frozen_at is None:
            return self
        return ClockState(offset=self.frozen_at - datetime.now(UTC))


class Clock:
    """The clock of one org; a test can freeze it, set it and move it.

    It runs with the machine's clock plus an offset, until it is frozen. The org keeps its state in
    a record; the clock holds a copy, so that reading the time needs no await
    (services/seeding/org_clock.py).
    """

    def __init__(self) -> None:
        self._state = ClockState()

    @property
    def is_frozen(self) -> bool:
        """Whether time stands still."""
        return self._state.frozen_at is not None

    def now(self) -> datetime:
        """Return the org's time as an aware datetime in UTC."""
        state = self._state
        return state.frozen_at or datetime.now(UTC) + state.offset

    def epoch(self) -> int:
        """Return the org's time in whole seconds since 1970, as in tokens."""
        return int(self.now().timestamp())

    def freeze(self, at: datetime | None = None) -> None:
        """Stop at `at`, or now."""
        self._state = self._state.frozen(at)

    def set(self, to: datetime) -> None:
        """Set the time to `to`; continue from there unless frozen."""
        self._state = self._state.set(to)

    def advance(self, by: timedelta) -> None:
        """Move forward by `by` (back, if negative), frozen or not."""
        self._state = self._state.advanced(by)

    def resume(self) -> None:
        """Run again, from the time at which it was frozen."""
        self._state = self._state.resumed()

    def reset(self) -> None:
        """Follow the machine's clock again."""
        self._state = ClockState()

    @property
    def state(self) -> ClockState:
        """The clock's state."""
        return self._state

    def restore(self, state: ClockState) -> None:
        """Bring back an earlier state: the frozen time, or the offset from the machine's clock."""
        self._state = state

    @staticmethod
    def stopwatch() -> float:
        """Return seconds of a clock that tests cannot move, for measuring durations."""
        return time.perf_counter()


def wire_instant(instant: datetime) -> str:
    """Return `instant` as Okta writes it in JSON: ISO 8601, milliseconds, `Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
