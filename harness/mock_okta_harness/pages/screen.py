"""The base of all screens of the widget; each screen is one class.

A form has three methods to send it: `submit` returns the page behind the widget, `submit_to`
another screen, and `be_refused` the same screen, which shows an error.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Generic, Self, TypeVar

from mock_okta_harness.pages.selectors import shown_screen, widget_selectors
from mock_okta_harness.pages.waiting import (
    MARK_AS_OLD,
    MARK_AS_SEEN,
    Elsewhere,
    WrongScreenError,
    patience_of,
    wait_a_moment_for,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from playwright.sync_api import Locator, Page

    from mock_okta_harness.pages.selectors import WidgetSelectors
    from mock_okta_harness.pages.sign_in import SignInForm

__all__ = ["Form", "Screen", "ShownWidget", "Submittable"]

Next = TypeVar("Next")
Other = TypeVar("Other")

# The widget's forms are saved at most once in this time; what is sent in between is lost.
THROTTLE_MILLISECONDS = 200
_TRIES = 3
# How long the widget may stay after it should have left the page.
_SECONDS_TO_LEAVE = 3.0
_LONG_SINCE = "([then, wait]) => performance.now() - then > wait"


@dataclass(frozen=True)
class ShownWidget(Generic[Next]):
    """The widget on a page, its selectors, and `leads_to`, which makes the page after it."""

    page: Page
    leads_to: Callable[[Page], Next]
    selectors: WidgetSelectors
    comes_from: str = ""
    """The screen before, which may stay for a while."""

    @classmethod
    def on(
        cls, page: Page, leads_to: Callable[[Page], Next], version: str = "3.2.2"
    ) -> ShownWidget[Next]:
        """Return the widget on a page of your app: `SignInForm(ShownWidget.on(page, MyPage))`.

        Raises `LookupError` for a version that no page object knows.
        """
        return cls(page, leads_to, widget_selectors(version))


class Screen(Generic[Next]):
    """One screen of the widget; the constructor waits until it is the only visible one.

    Raises `WrongScreenError` if another screen or an error is visible for two seconds, or when the
    page's default timeout is over.
    """

    controller: ClassVar[str]
    """The widget's own name for the screen."""

    def __init__(self, widget: ShownWidget[Next]) -> None:
        self.page = widget.page
        self.selectors = widget.selectors
        self._shown = self.page.locator(self._shown_as())
        self._wait_for_it(widget.comes_from)
        self.widget = replace(widget, comes_from=self._shown_as())

    def title(self) -> str:
        """Read the screen's title."""
        return self._find(self.selectors.title).first.inner_text().strip()

    def text(self) -> str:
        """Read all text on the screen."""
        return self._shown.inner_text()

    def error(self) -> str:
        """Read the error on the screen; empty if there is none."""
        shown = self._find(self.selectors.error)
        return shown.first.inner_text().strip() if shown.count() else ""

    def wait_for_error(self) -> Self:
        """Wait until the screen shows an error by itself."""
        self._find(self.selectors.error).first.wait_for()
        return self

    def sign_out(self) -> SignInForm[Next]:
        """Follow the screen's link "Sign out" or "Back to sign in"; return the sign-in form."""
        return self._to_sign_in(self.selectors.sign_out)

    def _find(self, selector: str) -> Locator:
        return self._shown.locator(selector)

    def _shown_as(self) -> str:
        return shown_screen(self.controller)

    def _wait_for_it(self, comes_from: str) -> None:
        elsewhere = Elsewhere(self.page, self.selectors, (self._shown_as(), comes_from))
        within = patience_of(self.page)
        deadline = time.monotonic() + within
        while not wait_a_moment_for(self._shown, left=deadline - time.monotonic()):
            has_settled = elsewhere.has_settled()
            if has_settled or time.monotonic() > deadline:
                late = "" if has_settled else f" within {within:g} s"
                there = elsewhere.told or self._there_instead()
                raise WrongScreenError(f"{type(self).__name__} did not come{late}. {there}")
        self._shown.evaluate(MARK_AS_SEEN)

    def _there_instead(self) -> str:
        """Return what the page shows of the widget."""
        any_screen = Elsewhere(self.page, self.selectors, ())
        any_screen.has_settled()
        return any_screen.told or f"{self.page.url} shows no screen of the widget."

    def _leave(self) -> Next:
        """Return the page behind the widget, unless the widget stays."""
        self._wait_until_it_leaves()
        try:
            return self.widget.leads_to(self.page)
        except Exception as failure:
            with suppress(Exception):  # the page may be gone
                failure.add_note(f"The page behind the widget: {self._there_instead()}")
            raise

    def _wait_until_it_leaves(self) -> None:
        elsewhere = Elsewhere(self.page, self.selectors, (self._shown_as(),), only_seen=True)
        shown = self.page.locator(self.selectors.screens).first
        deadline = time.monotonic() + _SECONDS_TO_LEAVE
        while not self.page.is_closed() and not wait_a_moment_for(shown, "hidden"):
            if elsewhere.has_settled():
                raise WrongScreenError(f"The widget did not leave. {elsewhere.told}")
            if not elsewhere.told and time.monotonic() > deadline:
                return

    def _follow(self, selector: str, to: Callable[[ShownWidget[Next]], Other]) -> Other:
        self._press(selector)
        return to(self.widget)

    def _press(self, button: str) -> None:
        """Press a button; errors that are visible already are not its result."""
        self._find(self.selectors.error).evaluate_all(MARK_AS_OLD)
        self._find(button).click()

    def _to_sign_in(self, link: str) -> SignInForm[Next]:
        from mock_okta_harness.pages.sign_in import SignInForm  # noqa: PLC0415 -- it leads here

        return self._follow(link, SignInForm)

    def _press_until_refused(self, button: str) -> Self:
        """Press a button; wait for a new error, and until another try works."""
        self._press(button)
        pressed_at = self._browser_time()
        self._find(f"{self.selectors.error}:not([data-is-old])").first.wait_for()
        self._wait_until_it_takes_another_try(pressed_at)
        return self

    def _browser_time(self) -> float:
        milliseconds: float = self.page.evaluate("performance.now()")
        return milliseconds

    def _wait_until_it_takes_another_try(self, pressed_at: float) -> None:
        """Wait until the widget accepts another try: it ignores one soon after the last."""
        self.page.wait_for_function(_LONG_SINCE, arg=[pressed_at, THROTTLE_MILLISECONDS])

    def _type(self, typed: Mapping[str, str]) -> Self:
        # The widget focuses a field once, soon after the form appears: text that is being typed
        # into another field at that moment is lost.
        for _ in range(_TRIES):
            for field, text in typed.items():
                self._find(field).fill(text)
            if all(self._find(field).input_value() == text for field, text in typed.items()):
                break
        return self


class Submittable(Screen[Next]):
    """A screen with fields and one button that sends them."""

    def submit(self) -> Next:
        """Send the form; return the page behind the widget."""
        self._press_submit()
        return self._leave()

    def submit_to(self, screen: Callable[[ShownWidget[Next]], Other]) -> Other:
        """Send the form; return the screen that follows."""
        self._press_submit()
        return screen(self.widget)

    def _press_submit(self) -> None:
        self._press(self._submit_button)

    @property
    def _submit_button(self) -> str:
        return self.selectors.submit


class Form(Submittable[Next]):
    """A form that the widget shows after the sign-in form."""

    def be_refused(self) -> Self:
        """Send the form; wait for an error, and until another try works."""
        return self._press_until_refused(self._submit_button)
