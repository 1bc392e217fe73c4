"""Waits that end early if something else is on the page, and stays there."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from mock_okta_harness.pages.selectors import HOME

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from mock_okta_harness.pages.selectors import ScreenSelectors

__all__ = [
    "MARK_AS_OLD",
    "MARK_AS_SEEN",
    "Elsewhere",
    "patience_of",
    "wait_a_moment_for",
]

SETTLED_SECONDS = 2.0
_USUAL_MILLISECONDS = 30_000.0
_MOMENT_MILLISECONDS = 250.0
_LONGEST_TEXT = 300
# The widget leaves these screens by itself.
_LOADING = ("refresh-auth-state", "recovery-loading")
MARK_AS_OLD = "found => found.forEach(each => each.setAttribute('data-is-old', ''))"
MARK_AS_SEEN = "shown => shown.ownerDocument.documentElement.setAttribute('data-is-seen', '')"
# A screen that is the only visible one, and that is not a known one or has a new error.
_LOOK = """([screens, error, known, loading, home, onlySeen]) => {
    const isShown = each => each.getClientRects().length > 0;
    const shown = [...document.querySelectorAll(screens)].filter(isShown);
    if (shown.length === 0 && !onlySeen && document.querySelector(home)) {
        return `${location.href} is the org's home page.`;
    }
    if (shown.length !== 1) { return null; }
    const [screen] = shown;
    const isNew = each => isShown(each) && !each.hasAttribute("data-is-old");
    const isFine = known.some(each => screen.matches(each))
        || loading.some(each => screen.classList.contains(each))
        || (onlySeen && !document.documentElement.hasAttribute("data-is-seen"));
    if (isFine && ![...screen.querySelectorAll(error)].some(isNew)) { return null; }
    const names = [...screen.classList].filter(each => each !== "siw-main-view");
    const name = names[0] === "card" ? screen.id : names[0];
    const text = screen.innerText.split(/\\s+/).join(" ").trim();
    return `${location.href} shows the screen ${name}: ${text}`;
}"""


@dataclass
class Elsewhere:
    """What a page shows instead of the expected screen, and since when.

    `known`: screens that may be visible meanwhile, if they have no new error. `only_seen`: after a
    reload of the page, only new errors count.
    """

    page: Page
    selectors: ScreenSelectors
    known: tuple[str, ...]
    only_seen: bool = False
    told: str = ""
    _since: float = inf

    def has_settled(self) -> bool:
        """Look at the page; return whether the same thing has been there for long enough."""
        seen = self._look()
        now = time.monotonic()
        if seen != self.told:
            self.told, self._since = seen, now
        return seen != "" and now - self._since >= SETTLED_SECONDS

    def _look(self) -> str:
        from playwright.sync_api import Error  # noqa: PLC0415 -- slow to import

        known = [each for each in self.known if each]
        screens, error = self.selectors.screens, self.selectors.error
        wanted = [screens, error, known, _LOADING, HOME.user_menu, self.only_seen]
        with suppress(Error):  # the page is navigating, or is closed
            seen: str | None = self.page.evaluate(_LOOK, wanted)
            return (seen or "")[:_LONGEST_TEXT]
        return ""


def wait_a_moment_for(shown: Locator, state: str = "visible", left: float = inf) -> bool:
    """Wait for an element for a fraction of a second, at most for `left` seconds."""
    from playwright.sync_api import TimeoutError as NotYet  # noqa: PLC0415 -- slow to import

    with suppress(NotYet):
        moment = max(1.0, min(_MOMENT_MILLISECONDS, left * 1000))
        shown.wait_for(state=state, timeout=moment)  # type: ignore[arg-type]  # -- its own words
        return True
    return False


def patience_of(page: Page) -> float:
    """Return the page's default timeout in seconds (`page.set_default_timeout`; 30 by default)."""
    try:
        # Playwright has no public way to read it; if that changes there, 30 s is a good value.
        settings = page._impl_obj._timeout_settings  # noqa: SLF001 -- as said
        usual = float(settings.timeout(None))
    except (AttributeError, TypeError, ValueError):
        usual = _USUAL_MILLISECONDS
    return usual / 1000 if usual else inf
