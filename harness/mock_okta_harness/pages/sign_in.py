"""The sign-in form, as every supported version of the widget and the org itself show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from mock_okta_harness.pages.identity_provider import IdentityProviderPage
from mock_okta_harness.pages.recovery import AccountUnlock, ForgotPassword
from mock_okta_harness.pages.registration import Registration
from mock_okta_harness.pages.screen import Submittable

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from playwright.sync_api import Response

    from mock_okta_harness.pages.discovery import IdpDiscovery
    from mock_okta_harness.pages.screen import ShownWidget
    from mock_okta_harness.pages.selectors import SignInFormSelectors

__all__ = ["SignInForm"]

Next = TypeVar("Next")
Other = TypeVar("Other")

AUTHN_PATH = "/api/v1/authn"


class SignInForm(Submittable[Next]):
    """The form for user name and password, of the widget or of the org itself.

    Making one waits for the form to be there.
    """

    controller = "primary-auth"

    def sign_in(self, login: str, password: str) -> Next:
        """Sign in as a user who may, and give the page behind the form."""
        return self.fill(login, password).submit()

    def sign_in_to(
        self, login: str, password: str, screen: Callable[[ShownWidget[Next]], Other]
    ) -> Other:
        """Sign in as a user of whom more is asked, and give the screen that asks."""
        return self.fill(login, password).submit_to(screen)

    def go_on_to(self, login: str, screen: Callable[[ShownWidget[Next]], Other]) -> Other:
        """Give a user name where no password is asked for yet, and give the screen that asks."""
        return self._type({self._form.username: login}).submit_to(screen)

    def be_refused(self, login: str, password: str) -> Self:
        """Try to sign in as one who may not, until the form shows why and takes another try."""
        return self.fill(login, password).submit_and_be_refused()

    def submit_and_be_refused(self) -> Self:
        """Send what stands in the form, until it shows why not and takes another try."""
        # An error of an earlier try may still be there: only one that follows the answer counts.
        with self._answer():
            self._press_submit()
            pressed_at = self._browser_time()
        self._find(self._form.error).wait_for()
        if not self._form.is_sent_by_the_browser:
            self._wait_until_it_takes_another_try(pressed_at)
        return self

    def get_no_answer(self, login: str, password: str) -> Self:
        """Try to sign in where the page may not read any answer, until the form shows an error."""
        self.fill(login, password)
        self._press_submit()
        self._find(self._form.error).wait_for()
        return self

    def fill(self, login: str, password: str) -> Self:
        """Type user name and password, and stop there."""
        return self._type({self._form.username: login, self._form.password: password})

    def fill_password(self, password: str) -> Self:
        """Type the password of a user whose name stands in the form already."""
        return self._type({self._form.password: password})

    def remember_me(self) -> Self:
        """Tick or untick "Remember me"; typing another user name afterwards unticks it."""
        self._find(self._form.remember_me).click()
        return self

    def error(self) -> str:
        """Read the error that the form shows; empty when it shows none."""
        shown = self._find(self._form.error)
        return shown.inner_text().strip() if shown.count() else ""

    def remembered_login(self) -> str:
        """Read the user name that stands in the form."""
        return self._find(self._form.username).input_value()

    def need_help(self) -> Self:
        """Open the list of links below the form."""
        self._find(self.selectors.need_help).click()
        self._find(self.selectors.help).wait_for()
        return self

    def forgot_password(self) -> ForgotPassword[Next]:
        """Follow the link for those who forgot their password."""
        self.need_help()
        return self._follow(self.selectors.forgot_password, ForgotPassword)

    def unlock_account(self) -> AccountUnlock[Next]:
        """Follow the link for those who are locked out; the widget shows it on demand alone."""
        self.need_help()
        return self._follow(self.selectors.unlock, AccountUnlock)

    def register(self) -> Registration[Next]:
        """Follow the link for those who are not users yet; the widget shows it on demand alone."""
        return self._follow(self.selectors.register, Registration)

    def back_to_discovery(self) -> IdpDiscovery[Next]:
        """Go back to the question for the user name, after it was asked first; from 7.x on."""
        from mock_okta_harness.pages.discovery import IdpDiscovery  # noqa: PLC0415 -- it leads here

        return self._follow(self.selectors.back, IdpDiscovery)

    def sign_in_by(self, provider: str) -> IdentityProviderPage:
        """Go to an identity provider by its button, which says this, and give its page."""
        self._find(self.selectors.provider).filter(has_text=provider).click()
        return IdentityProviderPage(self.page)

    def sign_in_in_a_popup_by(self, provider: str) -> IdentityProviderPage:
        """Open an identity provider's page in a popup by its button, and give that page."""
        with self.page.expect_popup() as popup:
            self._find(self.selectors.provider).filter(has_text=provider).click()
        return IdentityProviderPage(popup.value)

    def help_address(self) -> str:
        """Read where the help link leads."""
        return self._find(self.selectors.help).get_attribute("href") or ""

    @property
    def _form(self) -> SignInFormSelectors:
        return self.selectors.sign_in

    def _shown_as(self) -> str:
        return self._form.form

    @property
    def _submit_button(self) -> str:
        return self._form.submit

    def _answer(self) -> AbstractContextManager[object]:
        if self._form.is_sent_by_the_browser:
            return self.page.expect_navigation()
        return self.page.expect_response(_is_an_answer_to_a_sign_in)


def _is_an_answer_to_a_sign_in(response: Response) -> bool:
    is_a_call = response.request.method == "POST"
    return is_a_call and response.url.partition("?")[0].endswith(AUTHN_PATH)
