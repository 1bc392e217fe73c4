# Made of pages/any_screen.py by `nox -s async_pages`: change that file.
"""What every screen of the widget has in common, for both engines."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from mock_okta_harness.async_pages.waiting import (
    MARK_AS_OLD,
    MARK_AS_SEEN,
    Elsewhere,
    patience_of,
    wait_a_moment_for,
)
from mock_okta_harness.pages.errors import WrongScreenError
from mock_okta_harness.pages.selectors.classic import widget_selectors

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Mapping

    from playwright.async_api import Locator, Page

    from mock_okta_harness.pages.selectors import ScreenSelectors

__all__ = ["AnyScreen", "ShownWidget", "Submits"]

Next = TypeVar("Next")
Other = TypeVar("Other")

# The widget's forms are saved once in this time at most; what comes in between is lost.
THROTTLE_MILLISECONDS = 200
_TRIES = 3
# How long a widget may stay after what should make it leave, until its page is looked for.
_SECONDS_TO_LEAVE = 3.0
_LONG_SINCE = "([then, wait]) => performance.now() - then > wait"


@dataclass(frozen=True)
class ShownWidget(Generic[Next]):
    """The widget on a page, its selectors, and what makes the page to which it sends the user."""

    page: Page
    leads_to: Callable[[Page], Awaitable[Next]]
    selectors: ScreenSelectors
    comes_from: str = ""
    """The screen that was there before, which may stay for a while."""

    @classmethod
    def on(
        cls, page: Page, leads_to: Callable[[Page], Awaitable[Next]], version: str = "3.2.2"
    ) -> ShownWidget[Next]:
        """Give the widget on a page of your app, for `SignInForm` or another screen.

        Raises `LookupError` for a version that no page object knows.
        """
        return cls(page, leads_to, widget_selectors(version))


class AnyScreen(Generic[Next]):
    """One screen of the widget; awaiting one waits until it is the only one that is shown.

    Raises `WrongScreenError` once another one, or an error, is there and stays for two seconds, at
    the latest when the page's default timeout is over.
    """

    def __init__(self, widget: ShownWidget[Next]) -> None:
        self.page = widget.page
        self.selectors = widget.selectors
        self.widget = widget
        self._shown = self.page.locator(self._shown_as())

    def __await__(self) -> Generator[object, None, Self]:
        return self._arrive().__await__()

    async def _arrive(self) -> Self:
        await self._wait_for_it(self.widget.comes_from)
        self.widget = replace(self.widget, comes_from=self._shown_as())
        return self

    async def title(self) -> str:
        """Read the screen's title."""
        return (await self._find(self.selectors.title).first.inner_text()).strip()

    async def text(self) -> str:
        """Read all that the screen says."""
        return await self._shown.inner_text()

    async def error(self) -> str:
        """Read the error that the screen shows; empty when it shows none."""
        shown = self._find(self.selectors.error)
        return (await shown.first.inner_text()).strip() if await shown.count() else ""

    async def wait_for_error(self) -> Self:
        """Wait until the screen shows an error without an act of the user."""
        await self._find(self.selectors.error).first.wait_for()
        return self

    def _find(self, selector: str) -> Locator:
        return self._shown.locator(selector)

    def _shown_as(self) -> str:
        raise NotImplementedError

    async def _wait_for_it(self, comes_from: str) -> None:
        elsewhere = Elsewhere(self.page, self.selectors, (self._shown_as(), comes_from))
        within = patience_of(self.page)
        deadline = time.monotonic() + within
        while not await wait_a_moment_for(self._shown, left=deadline - time.monotonic()):
            has_settled = await elsewhere.has_settled()
            if has_settled or time.monotonic() > deadline:
                late = "" if has_settled else f" within {within:g} s"
                there = elsewhere.told or await self._there_instead()
                raise WrongScreenError(f"{type(self).__name__} did not come{late}. {there}")
        await self._shown.evaluate(MARK_AS_SEEN)

    async def _there_instead(self) -> str:
        """Say what the page shows, if it shows anything of the widget."""
        any_screen = Elsewhere(self.page, self.selectors, ())
        await any_screen.has_settled()
        return any_screen.told or f"{self.page.url} shows no screen of the widget."

    async def _leave(self) -> Next:
        """Give the page behind the widget, unless the widget has something else to say."""
        await self._wait_until_it_leaves()
        try:
            return await self.widget.leads_to(self.page)
        except Exception as failure:
            with suppress(Exception):  # the page may be gone
                there = await self._there_instead()
                failure.add_note(f"The widget left; `leads_to` did not find its page: {there}")
            raise

    async def _wait_until_it_leaves(self) -> None:
        elsewhere = Elsewhere(self.page, self.selectors, (self._shown_as(),), only_seen=True)
        shown = self.page.locator(self.selectors.screens).first
        deadline = time.monotonic() + _SECONDS_TO_LEAVE
        while not self.page.is_closed() and not await wait_a_moment_for(shown, "hidden"):
            if await elsewhere.has_settled():
                raise WrongScreenError(f"The widget did not leave. {elsewhere.told}")
            if not elsewhere.told and time.monotonic() > deadline:
                return

    async def _follow(
        self, selector: str, to: Callable[[ShownWidget[Next]], Awaitable[Other]]
    ) -> Other:
        await self._press(selector)
        return await to(self.widget)

    async def _press(self, button: str) -> None:
        """Press a button; errors that are shown already do not count as its result."""
        await self._find(self.selectors.error).evaluate_all(MARK_AS_OLD)
        await self._find(button).click()

    async def _press_until_refused(self, button: str) -> Self:
        """Press a button, until there is a new error and another try works."""
        await self._press(button)
        pressed_at = await self._browser_time()
        await self._find(f"{self.selectors.error}:not([data-is-old])").first.wait_for()
        await self._wait_until_it_takes_another_try(pressed_at)
        return self

    async def _browser_time(self) -> float:
        milliseconds: float = await self.page.evaluate("performance.now()")
        return milliseconds

    async def _wait_until_it_takes_another_try(self, pressed_at: float) -> None:
        """Outwait the widget, which drops whatever is submitted soon after an earlier try."""
        await self.page.wait_for_function(_LONG_SINCE, arg=[pressed_at, THROTTLE_MILLISECONDS])

    async def _type(self, typed: Mapping[str, str]) -> Self:
        # The widget focuses a field once, soon after the form is there: what is being typed into
        # another one at that moment goes astray.
        for _ in range(_TRIES):
            for field, text in typed.items():
                await self._find(field).fill(text)
            if typed == {field: await self._find(field).input_value() for field in typed}:
                break
        return self


class Submits(AnyScreen[Next]):
    """A screen with fields and one button that sends them."""

    async def submit(self) -> Next:
        """Send what stands in the form, and give the page behind the widget."""
        await self._press_submit()
        return await self._leave()

    async def submit_to(self, screen: Callable[[ShownWidget[Next]], Awaitable[Other]]) -> Other:
        """Send what stands in the form, and give the screen that follows."""
        await self._press_submit()
        return await screen(self.widget)

    async def _press_submit(self) -> None:
        await self._press(self._submit_button)

    @property
    def _submit_button(self) -> str:
        return self.selectors.submit
