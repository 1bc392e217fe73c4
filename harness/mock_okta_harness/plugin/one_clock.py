"""One clock for the org and the browser: what moves the one moves the other."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from playwright.sync_api import BrowserContext, Page

    from mock_okta_harness.control.clock import ControlledClock

__all__ = ["OneClock"]


class OneClock:
    """The org's clock, followed by the pages of browser contexts (synchronous Playwright).

    Every act moves the org first, and answers with the org's time after it. Pages then jump: timers
    that are due fire once, as when a laptop's lid is opened. While the clock is frozen, pages read
    the same instant over and over, but their timers run on: nothing hangs.
    """

    def __init__(self, org: ControlledClock) -> None:
        self._org = org
        self._contexts: list[BrowserContext] = []

    def follow(self, browser: BrowserContext | Page) -> None:
        """Let a context's pages have the org's time from now on, at best before any is opened.

        Timers that a page has started already stay the browser's own.
        """
        context = browser.context if hasattr(browser, "context") else browser
        if context in self._contexts:
            return
        now = self._org.now()
        context.clock.install(time=now)
        if self._org.is_frozen():
            context.clock.set_fixed_time(now)
        self._contexts.append(context)
        context.on("close", self._forget)

    def now(self) -> datetime:
        """Read the org's time."""
        return self._org.now()

    def is_frozen(self) -> bool:
        """Tell whether time stands still."""
        return self._org.is_frozen()

    def freeze(self, at: datetime | None = None) -> datetime:
        """Stop time, now or at the given instant."""
        before = self._org.now()
        return self._moved(before, self._org.freeze(at))

    def set(self, at: datetime) -> datetime:
        """Set the time; a running clock runs on from there."""
        before = self._org.now()
        return self._moved(before, self._org.set(at))

    def advance(self, by: timedelta | float) -> datetime:
        """Move time on by a duration (a number is seconds)."""
        before = self._org.now()
        return self._moved(before, self._org.advance(by))

    def resume(self) -> datetime:
        """Let time run on from where it stands."""
        before = self._org.now()
        return self._moved(before, self._org.resume())

    def _moved(self, before: datetime, after: datetime) -> datetime:
        frozen = bool(self._contexts) and self._org.is_frozen()
        for context in self._contexts:
            if after <= before:
                _stand_at(context, after, frozen=frozen)
                continue
            # The page may lag behind by what a request takes: the jump starts where the org was.
            _stand_at(context, after if frozen else before, frozen=frozen)
            context.clock.fast_forward((after - before) // timedelta(milliseconds=1))
        return after

    def _forget(self, context: BrowserContext) -> None:
        self._contexts.remove(context)


def _stand_at(context: BrowserContext, at: datetime, *, frozen: bool) -> None:
    if frozen:
        context.clock.set_fixed_time(at)
    else:
        context.clock.set_system_time(at)
