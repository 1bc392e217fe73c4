"""One clock for the org and the browser."""

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

    Every change moves the org first, and returns the org's new time. Pages then jump: timers that
    are due fire once, as when a laptop wakes up. While the clock is frozen, pages read the same
    time again and again, but their timers still run, so nothing hangs.
    """

    def __init__(self, org: ControlledClock) -> None:
        self._org = org
        self._contexts: list[BrowserContext] = []

    def follow(self, browser: BrowserContext | Page) -> None:
        """Give a context's pages the org's time from now on; call it before pages are opened.

        Timers that a page has already started keep the browser's time.
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
        """Return whether time stands still."""
        return self._org.is_frozen()

    def freeze(self, at: datetime | None = None) -> datetime:
        """Stop time, now or at the given instant."""
        before = self._org.now()
        return self._moved(before, self._org.freeze(at))

    def set(self, at: datetime) -> datetime:
        """Set the time; a running clock continues from there."""
        before = self._org.now()
        return self._moved(before, self._org.set(at))

    def advance(self, by: timedelta | float) -> datetime:
        """Move time forward by a duration (a number is seconds)."""
        before = self._org.now()
        return self._moved(before, self._org.advance(by))

    def resume(self) -> datetime:
        """Let time run again, from where it stopped."""
        before = self._org.now()
        return self._moved(before, self._org.resume())

    def _moved(self, before: datetime, after: datetime) -> datetime:
        frozen = bool(self._contexts) and self._org.is_frozen()
        for context in self._contexts:
            if after <= before:
                _stand_at(context, after, frozen=frozen)
                continue
            # The page may be behind by the time of a request: the jump starts at the org's old
            # time.
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
