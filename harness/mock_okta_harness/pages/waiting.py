"""Waits that end soon where they would be in vain: something else is there, and stays."""

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
    "WrongScreenError",
    "patience_of",
    "wait_a_moment_for",
]

SETTLED_SECONDS = 2.0
_USUAL_MILLISECONDS = 30_000.0
_MOMENT_MILLISECONDS = 250.0
_LONGEST_TEXT = 300
# The widget goes on from these by itself.
_LOADING = ("refresh-auth-state", "recovery-loading")
MARK_AS_OLD = "found => found.forEach(each => each.setAttribute('data-is-old', ''))"
MARK_AS_SEEN = "shown => shown.ownerDocument.documentElement.setAttribute('data-is-seen', '')"
# A screen that is shown alone, and that is none of the known ones or has an error that is new.
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


class WrongScreenError(Exception):
    """What was to come did not; the message says what is there instead."""


@dataclass
class Elsewhere:
    """What a page shows in the place of what is to come, and since when it has not changed.

    `known`: screens that may be there meanwhile, if they have no new error. `only_seen`: what the
    page shows once it has loaded anew is nothing to judge by, but for new errors.
    """

    page: Page
    selectors: ScreenSelectors
    known: tuple[str, ...]
    only_seen: bool = False
    told: str = ""
    _since: float = inf

    def has_settled(self) -> bool:
        """Look, and tell whether the same has been there long enough to stay."""
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
        with suppress(Error):  # the page goes elsewhere just now, or is gone
            seen: str | None = self.page.evaluate(_LOOK, wanted)
            return (seen or "")[:_LONGEST_TEXT]
        return ""


def wait_a_moment_for(shown: Locator, state: str = "visible", left: float = inf) -> bool:
    """Wait for an element, a fraction of a second or until `left` seconds are over."""
    from playwright.sync_api import TimeoutError as NotYet  # noqa: PLC0415 -- slow to import

    with suppress(NotYet):
        moment = max(1.0, min(_MOMENT_MILLISECONDS, left * 1000))
        shown.wait_for(state=state, timeout=moment)  # type: ignore[arg-type]  # -- its own words
        return True
    return False


def patience_of(page: Page) -> float:
    """Give the seconds that acts on a page may take: `page.set_default_timeout`, 30 by default."""
    try:
        # Playwright has no public way to ask for it; whatever has changed there, 30 s are right.
        settings = page._impl_obj._timeout_settings  # noqa: SLF001 -- as said
        usual = float(settings.timeout(None))
    except (AttributeError, TypeError, ValueError):
        usual = _USUAL_MILLISECONDS
    return usual / 1000 if usual else inf
