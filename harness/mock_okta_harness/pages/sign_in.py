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
    from mock_okta_harness.pages.selectors.classic import SignInFormSelectors

__all__ = ["SignInForm"]

Next = TypeVar("Next")
Other = TypeVar("Other")

AUTHN_PATH = "/api/v1/authn"


class SignInForm(Submittable[Next]):
    """The form for user name and password, of widget or org; making one waits for it."""

    controller = "primary-auth"

    def sign_in(self, login: str, password: str) -> Next:
        """Sign in as a user who may; return the page after the form."""
        return self.fill(login, password).submit()

    def sign_in_to(
        self, login: str, password: str, screen: Callable[[ShownWidget[Next]], Other]
    ) -> Other:
        """Sign in as a user who must do more; return the screen that asks for it."""
        return self.fill(login, password).submit_to(screen)

    def go_on_to(self, login: str, screen: Callable[[ShownWidget[Next]], Other]) -> Other:
        """Enter a user name on a form without a password; return the screen that follows."""
        return self._type({self._form.username: login}).submit_to(screen)

    def be_refused(self, login: str, password: str) -> Self:
        """Try to sign in as a user who may not; wait for the error, and until another try works."""
        return self.fill(login, password).submit_and_be_refused()

    def submit_and_be_refused(self) -> Self:
        """Send the form; wait for an error, and until another try works."""
        # An error of an earlier try may still be visible: only one after the answer counts.
        with self._expect_answer():
            self._press_submit()
            pressed_at = self._browser_time()
        self._find(self._form.error).wait_for()
        if not self._form.is_sent_by_the_browser:
            self._wait_until_it_takes_another_try(pressed_at)
        return self

    def get_no_answer(self, login: str, password: str) -> Self:
        """Try to sign in on a page that may not read answers; wait for the form's error."""
        self.fill(login, password)
        self._press_submit()
        self._find(self._form.error).wait_for()
        return self

    def fill(self, login: str, password: str) -> Self:
        """Type user name and password without sending the form."""
        return self._type({self._form.username: login, self._form.password: password})

    def fill_password(self, password: str) -> Self:
        """Type the password of a user whose name is already in the form."""
        return self._type({self._form.password: password})

    def remember_me(self) -> Self:
        """Check or uncheck "Remember me"; typing another user name afterwards unchecks it."""
        self._find(self._form.remember_me).click()
        return self

    def error(self) -> str:
        """Read the error in the form; empty if there is none."""
        shown = self._find(self._form.error)
        return shown.inner_text().strip() if shown.count() else ""

    def remembered_login(self) -> str:
        """Read the user name in the form."""
        return self._find(self._form.username).input_value()

    def need_help(self) -> Self:
        """Open the list of links below the form."""
        self._find(self.selectors.need_help).click()
        self._find(self.selectors.help).wait_for()
        return self

    def forgot_password(self) -> ForgotPassword[Next]:
        """Follow the link for users who forgot their password."""
        self.need_help()
        return self._follow(self.selectors.forgot_password, ForgotPassword)

    def unlock_account(self) -> AccountUnlock[Next]:
        """Follow the link for locked-out users; the widget shows it only if it is configured."""
        self.need_help()
        return self._follow(self.selectors.unlock, AccountUnlock)

    def register(self) -> Registration[Next]:
        """Follow the link for new users; the widget shows it only if it is configured."""
        return self._follow(self.selectors.register, Registration)

    def back_to_discovery(self) -> IdpDiscovery[Next]:
        """Go back to the screen that asked for the user name first; from 7.x on."""
        from mock_okta_harness.pages.discovery import IdpDiscovery  # noqa: PLC0415 -- it leads here

        return self._follow(self.selectors.back, IdpDiscovery)

    def sign_in_by(self, provider: str) -> IdentityProviderPage:
        """Click the button with this text of an identity provider; return the provider's page."""
        self._find(self.selectors.provider).filter(has_text=provider).click()
        return IdentityProviderPage(self.page)

    def sign_in_in_a_popup_by(self, provider: str) -> IdentityProviderPage:
        """Click the button of an identity provider that opens a popup; return the popup's page."""
        with self.page.expect_popup() as popup:
            self._find(self.selectors.provider).filter(has_text=provider).click()
        return IdentityProviderPage(popup.value)

    def help_address(self) -> str:
        """Read the address of the help link."""
        return self._find(self.selectors.help).get_attribute("href") or ""

    @property
    def _form(self) -> SignInFormSelectors:
        return self.selectors.sign_in

    def _shown_as(self) -> str:
        return self._form.form

    @property
    def _submit_button(self) -> str:
        return self._form.submit

    def _expect_answer(self) -> AbstractContextManager[object]:
        if self._form.is_sent_by_the_browser:
            return self.page.expect_navigation()
        return self.page.expect_response(_is_an_answer_to_a_sign_in)


def _is_an_answer_to_a_sign_in(response: Response) -> bool:
    is_a_call = response.request.method == "POST"
    return is_a_call and response.url.partition("?")[0].endswith(AUTHN_PATH)
