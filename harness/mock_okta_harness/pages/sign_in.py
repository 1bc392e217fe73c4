"""The sign-in form, as every supported version of the widget and the org itself show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from playwright.sync_api import Page, Response

    from mock_okta_harness.pages.selectors import SignInFormSelectors

Next = TypeVar("Next")

AUTHN_PATH = "/api/v1/authn"
# The widget's forms are saved once in this time at most; what comes in between is lost.
THROTTLE_MILLISECONDS = 200
_TRIES = 3
_LONG_SINCE = "([then, wait]) => performance.now() - then > wait"


class SignInForm(Generic[Next]):
    """A form for user name and password; `leads_to` makes the page behind it.

    Making one waits for the form to be there.
    """

    def __init__(
        self, page: Page, leads_to: Callable[[Page], Next], selectors: SignInFormSelectors
    ) -> None:
        self.page = page
        self._leads_to = leads_to
        self._selectors = selectors
        page.locator(selectors.form).wait_for()

    def sign_in(self, login: str, password: str) -> Next:
        """Sign in as a user who may, and give the page behind the form."""
        return self.fill(login, password).submit()

    def be_refused(self, login: str, password: str) -> SignInForm[Next]:
        """Try to sign in as one who may not, until the form shows why and takes another try."""
        self.fill(login, password)
        # An error of an earlier try may still be there: only one that follows the answer counts.
        with self._answer():
            self._press_submit()
            pressed_at = self._browser_time()
        self.page.locator(self._selectors.error).wait_for()
        self._wait_until_it_takes_another_try(pressed_at)
        return self

    def get_no_answer(self, login: str, password: str) -> SignInForm[Next]:
        """Try to sign in where the page may not read any answer, until the form shows an error."""
        self.fill(login, password)
        self._press_submit()
        self.page.locator(self._selectors.error).wait_for()
        return self

    def fill(self, login: str, password: str) -> SignInForm[Next]:
        """Type user name and password, and stop there."""
        typed = {self._selectors.username: login, self._selectors.password: password}
        # The widget focuses a field once, soon after the form is there: what is being typed into
        # the other one at that moment goes astray.
        for _ in range(_TRIES):
            for field, text in typed.items():
                self.page.locator(field).fill(text)
            if all(self.page.locator(field).input_value() == text for field, text in typed.items()):
                break
        return self

    def remember_me(self) -> SignInForm[Next]:
        """Tick or untick "Remember me"; typing another user name afterwards unticks it."""
        self.page.locator(self._selectors.remember_me).click()
        return self

    def submit(self) -> Next:
        """Send what stands in the form, and give the page behind it."""
        self._press_submit()
        return self._leads_to(self.page)

    def error(self) -> str:
        """Read the error that the form shows; empty when it shows none."""
        shown = self.page.locator(self._selectors.error)
        return shown.inner_text().strip() if shown.count() else ""

    def remembered_login(self) -> str:
        """Read the user name that stands in the form."""
        return self.page.locator(self._selectors.username).input_value()

    def _press_submit(self) -> None:
        self.page.locator(self._selectors.submit).click()

    def _browser_time(self) -> float:
        if self._selectors.is_sent_by_the_browser:
            return 0
        milliseconds: float = self.page.evaluate("performance.now()")
        return milliseconds

    def _wait_until_it_takes_another_try(self, pressed_at: float) -> None:
        """Outwait the widget, which drops whatever is submitted soon after an earlier try."""
        if not self._selectors.is_sent_by_the_browser:
            self.page.wait_for_function(_LONG_SINCE, arg=[pressed_at, THROTTLE_MILLISECONDS])

    def _answer(self) -> AbstractContextManager[object]:
        if self._selectors.is_sent_by_the_browser:
            return self.page.expect_navigation()
        return self.page.expect_response(_is_an_answer_to_a_sign_in)


def _is_an_answer_to_a_sign_in(response: Response) -> bool:
    is_a_call = response.request.method == "POST"
    return is_a_call and response.url.partition("?")[0].endswith(AUTHN_PATH)
