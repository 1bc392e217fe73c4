# Made of pages/recovery.py by `nox -s async_pages`: change that file.
"""The screens for users who forgot their password, and for locked-out users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from mock_okta_harness.async_pages.screen import Form, Screen

if TYPE_CHECKING:
    from mock_okta_harness.async_pages.sign_in import SignInForm

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

    async def fill(self, login: str) -> Self:
        """Type the user name."""
        return await self._type({self.selectors.recovery_username: login})

    async def send_sms(self) -> RecoveryChallenge[Next]:
        """Request a code by SMS; the widget shows this button only if it is configured."""
        return await self._follow(self.selectors.by_sms, RecoveryChallenge)

    async def call(self) -> RecoveryChallenge[Next]:
        """Request a code in a call; the widget shows this button only if it is configured."""
        return await self._follow(self.selectors.by_call, RecoveryChallenge)

    async def be_refused(self) -> Self:
        """Request an e-mail that the org refuses; wait for the error."""
        return await self._press_until_refused(self.selectors.by_email)

    async def back(self) -> SignInForm[Next]:
        """Go back to the sign-in form."""
        return await self._to_sign_in(self.selectors.back)


class ForgotPassword(_Start[Next]):
    """The first screen for users who forgot their password."""

    controller = "forgot-password"

    async def send_email(self) -> PasswordResetEmailSent[Next]:
        """Request a link by e-mail."""
        return await self._follow(self.selectors.by_email, PasswordResetEmailSent)


class AccountUnlock(_Start[Next]):
    """The first screen for locked-out users."""

    controller = "account-unlock"

    async def send_email(self) -> AccountUnlockEmailSent[Next]:
        """Request a link by e-mail."""
        return await self._follow(self.selectors.by_email, AccountUnlockEmailSent)


class _End(Screen[Next]):
    """A screen with a result and one button."""

    async def back(self) -> SignInForm[Next]:
        """Go back to the sign-in form."""
        return await self._to_sign_in(self.selectors.back_button)


class PasswordResetEmailSent(_End[Next]):
    """An e-mail with a link was sent, for a new password."""

    controller = "password-reset-email-sent"


class AccountUnlockEmailSent(_End[Next]):
    """An e-mail with a link was sent, to unlock the account."""

    controller = "account-unlock-email-sent"


class AccountUnlocked(_End[Next]):
    """The account is unlocked."""

    controller = "account-unlocked"


class RecoveryChallenge(Form[Next]):
    """A code was sent to the user's phone."""

    controller = "recovery-challenge"

    async def fill(self, code: str) -> Self:
        """Type the code."""
        return await self._type({self.selectors.pass_code: code})

    async def send_again(self) -> Self:
        """Request another code; the widget offers that after half a minute."""
        await self._press(self.selectors.send_again)
        return self

    async def send_email_instead(self) -> PasswordResetEmailSent[Next]:
        """Request a link by e-mail instead."""
        return await self._follow(self.selectors.send_email_instead, PasswordResetEmailSent)


class RecoveryQuestion(Form[Next]):
    """The user's own recovery question."""

    controller = "recovery-question"

    async def fill(self, answer: str) -> Self:
        """Type the answer."""
        return await self._type({self.selectors.answer: answer})


class RecoveryLoading(Screen[Next]):
    """The first screen after an e-mailed link; it stays if the link is no longer valid."""

    controller = "recovery-loading"
