"""The screens for those who forgot their password, and for those who are locked out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from mock_okta_harness.pages.screen import Form, Screen

if TYPE_CHECKING:
    from mock_okta_harness.pages.sign_in import SignInForm

__all__ = [
    "AccountUnlock",
    "AccountUnlockEmailSent",
    "AccountUnlocked",
    "ForgotPassword",
    "PasswordResetEmailSent",
    "RecoveryChallenge",
    "RecoveryLoading",
    "RecoveryQuestion",
]

Next = TypeVar("Next")


class _Start(Screen[Next]):
    """A screen that asks for a user name and how to reach the user."""

    def fill(self, login: str) -> Self:
        """Type the user name."""
        return self._type({self.selectors.recovery_username: login})

    def send_sms(self) -> RecoveryChallenge[Next]:
        """Have a code sent by SMS; the widget shows the button on demand alone."""
        return self._follow(self.selectors.by_sms, RecoveryChallenge)

    def call(self) -> RecoveryChallenge[Next]:
        """Have a code told by a call; the widget shows the button on demand alone."""
        return self._follow(self.selectors.by_call, RecoveryChallenge)

    def be_refused(self) -> Self:
        """Ask for an e-mail, until the screen shows why there is none."""
        return self._press_until_refused(self.selectors.by_email)

    def back(self) -> SignInForm[Next]:
        """Go back to the sign-in form."""
        return self._to_sign_in(self.selectors.back)


class ForgotPassword(_Start[Next]):
    """The start for those who forgot their password."""

    controller = "forgot-password"

    def send_email(self) -> PasswordResetEmailSent[Next]:
        """Have a link sent by e-mail."""
        return self._follow(self.selectors.by_email, PasswordResetEmailSent)


class AccountUnlock(_Start[Next]):
    """The start for those who are locked out."""

    controller = "account-unlock"

    def send_email(self) -> AccountUnlockEmailSent[Next]:
        """Have a link sent by e-mail."""
        return self._follow(self.selectors.by_email, AccountUnlockEmailSent)


class _End(Screen[Next]):
    """A screen that says what was done, and has one button."""

    def back(self) -> SignInForm[Next]:
        """Go back to the sign-in form."""
        return self._to_sign_in(self.selectors.back_button)


class PasswordResetEmailSent(_End[Next]):
    """An e-mail with a link is on its way, for a new password."""

    controller = "password-reset-email-sent"


class AccountUnlockEmailSent(_End[Next]):
    """An e-mail with a link is on its way, for another try."""

    controller = "account-unlock-email-sent"


class AccountUnlocked(_End[Next]):
    """The account is unlocked."""

    controller = "account-unlocked"


class RecoveryChallenge(Form[Next]):
    """A code is on its way to the user's phone."""

    controller = "recovery-challenge"

    def fill(self, code: str) -> Self:
        """Type the code."""
        return self._type({self.selectors.pass_code: code})

    def send_again(self) -> Self:
        """Have another code sent; the widget takes half a minute before it offers that."""
        self._press(self.selectors.send_again)
        return self

    def send_email_instead(self) -> PasswordResetEmailSent[Next]:
        """Have a link sent by e-mail instead."""
        return self._follow(self.selectors.send_email_instead, PasswordResetEmailSent)


class RecoveryQuestion(Form[Next]):
    """The user's own recovery question."""

    controller = "recovery-question"

    def fill(self, answer: str) -> Self:
        """Type the answer."""
        return self._type({self.selectors.answer: answer})


class RecoveryLoading(Screen[Next]):
    """What a link of an e-mail opens first; it stays where the link is good no more."""

    controller = "recovery-loading"
