"""The org's clock: the only reader of wall time."""

import time
from datetime import UTC, datetime, timedelta

from msgspec import Struct

__all__ = ["Clock", "ClockState", "wire_instant"]


class ClockState(Struct, frozen=True, kw_only=True):
    """How a clock goes: by how much ahead of the machine's, or where it stands still."""

    offset: timedelta
    frozen_at: datetime | None


class Clock:
    """Tells the time of one org; a test may freeze it, set it and move it.

    It runs with the machine's clock, ahead or behind by what it was moved, until it is frozen.
    """

    def __init__(self) -> None:
        self._offset = timedelta()
        self._frozen_at: datetime | None = None

    @property
    def is_frozen(self) -> bool:
        """Whether time stands still."""
        return self._frozen_at is not None

    def now(self) -> datetime:
        """Return the org's instant, aware, in UTC."""
        return self._frozen_at or datetime.now(UTC) + self._offset

    def epoch(self) -> int:
        """Return the org's instant in whole seconds since 1970, as tokens carry it."""
        return int(self.now().timestamp())

    def freeze(self, at: datetime | None = None) -> None:
        """Stop at `at`, or at this instant."""
        self._frozen_at = self.now() if at is None else at.astimezone(UTC)

    def set(self, to: datetime) -> None:
        """Go to `to`, and run on from there unless frozen."""
        if self.is_frozen:
            self.freeze(to)
        else:
            self._offset = to - datetime.now(UTC)

    def advance(self, by: timedelta) -> None:
        """Move forward by `by` (back, if negative), frozen or not."""
        if self._frozen_at is not None:
            self._frozen_at += by
        else:
            self._offset += by

    def resume(self) -> None:
        """Run on from the instant at which it was frozen."""
        if self._frozen_at is not None:
            self._offset = self._frozen_at - datetime.now(UTC)
            self._frozen_at = None

    def reset(self) -> None:
        """Follow the machine's clock again."""
        self._offset = timedelta()
        self._frozen_at = None

    @property
    def state(self) -> ClockState:
        """How the clock goes."""
        return ClockState(offset=self._offset, frozen_at=self._frozen_at)

    def restore(self, state: ClockState) -> None:
        """Stand where it stood then; or run on, as far ahead of the machine's clock as then."""
        self._offset, self._frozen_at = state.offset, state.frozen_at

    @staticmethod
    def stopwatch() -> float:
        """Return seconds of a clock that nothing moves, for measuring how long work took."""
        return time.perf_counter()


def wire_instant(instant: datetime) -> str:
    """Write `instant` as Okta does in JSON: ISO 8601, milliseconds, `Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
