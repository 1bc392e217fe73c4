"""The org's clock: the only reader of wall time."""

import time
from datetime import UTC, datetime, timedelta

__all__ = ["Clock", "wire_instant"]


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

    @staticmethod
    def stopwatch() -> float:
        """Return seconds of a clock that nothing moves, for measuring how long work took."""
        return time.perf_counter()


def wire_instant(instant: datetime) -> str:
    """Write `instant` as Okta does in JSON: ISO 8601, milliseconds, `Z`."""
    return (
        instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.")
        + f"{instant.microsecond // 1000:03d}Z"
    )
