"""The org's clock: the only reader of wall time."""

import time
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

__all__ = ["Clock", "ClockState", "wire_instant"]


class ClockState(Struct, frozen=True, kw_only=True):
    """How a clock goes: by how much ahead of the machine's, or where it stands still."""

    offset: timedelta = timedelta()
    frozen_at: datetime | None = None

    def now(self) -> datetime:
        """Return the instant, aware, in UTC."""
        return self.frozen_at or datetime.now(UTC) + self.offset

    def frozen(self, at: datetime | None = None) -> "ClockState":
        """Return it stopped at `at`, or at this instant."""
        return replace(self, frozen_at=self.now() if at is None else at.astimezone(UTC))

    def set(self, to: datetime) -> "ClockState":
        """Return it at `to`, from where it runs on unless frozen."""
        if self.frozen_at is not None:
            return self.frozen(to)
        return replace(self, offset=to - datetime.now(UTC))

    def advanced(self, by: timedelta) -> "ClockState":
        """Return it moved forward by `by` (back, if negative), frozen or not."""
        if self.frozen_at is not None:
            return replace(self, frozen_at=self.frozen_at + by)
        return replace(self, offset=self.offset + by)

    def resumed(self) -> "ClockState":
        """Return it running, from the instant at which it was frozen."""
        if self.frozen_at is None:
            return self
        return ClockState(offset=self.frozen_at - datetime.now(UTC))


class Clock:
    """Tells the time of one org; a test may freeze it, set it and move it.

    It runs with the machine's clock, ahead or behind by what it was moved, until it is frozen. The
    org keeps its state in a record; the clock holds a copy, so that reading the time
    needs no await (services/testing/org_clock.py).
    """

    def __init__(self) -> None:
        self._state = ClockState()

    @property
    def is_frozen(self) -> bool:
        """Whether time stands still."""
        return self._state.frozen_at is not None

    def now(self) -> datetime:
        """Return the org's instant, aware, in UTC."""
        state = self._state
        return state.frozen_at or datetime.now(UTC) + state.offset

    def epoch(self) -> int:
        """Return the org's instant in whole seconds since 1970, as tokens carry it."""
        return int(self.now().timestamp())

    def freeze(self, at: datetime | None = None) -> None:
        """Stop at `at`, or at this instant."""
        self._state = self._state.frozen(at)

    def set(self, to: datetime) -> None:
        """Go to `to`, and run on from there unless frozen."""
        self._state = self._state.set(to)

    def advance(self, by: timedelta) -> None:
        """Move forward by `by` (back, if negative), frozen or not."""
        self._state = self._state.advanced(by)

    def resume(self) -> None:
        """Run on from the instant at which it was frozen."""
        self._state = self._state.resumed()

    def reset(self) -> None:
        """Follow the machine's clock again."""
        self._state = ClockState()

    @property
    def state(self) -> ClockState:
        """How the clock goes."""
        return self._state

    def restore(self, state: ClockState) -> None:
        """Stand where it stood then; or run on, as far ahead of the machine's clock as then."""
        self._state = state

    @staticmethod
    def stopwatch() -> float:
        """Return seconds of a clock that nothing moves, for measuring how long work took."""
        return time.perf_counter()


def wire_instant(instant: datetime) -> str:
    """Write `instant` as Okta does in JSON: ISO 8601, milliseconds, `Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
