# Made of pages/identity/enrollments.py by `nox -s async_pages`: change that file.
"""The screens that set an authenticator up: one class for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from mock_okta_harness.async_pages.identity.choosing import InAList, SelectEnrollment
from mock_okta_harness.async_pages.identity.recovery import NewPassword
from mock_okta_harness.async_pages.identity.screen import IdentityForm
from mock_okta_harness.pages.selectors.identity import (
    EMAIL_ENROLLMENT,
    GOOGLE_ENROLLMENT,
    OKTA_VERIFY_CHANNEL_DATA,
    OKTA_VERIFY_CHANNELS,
    OKTA_VERIFY_ENROLLMENT,
    PASSWORD_ENROLLMENT,
    PHONE_ENROLLMENT,
    QUESTION_ENROLLMENT,
    SECURITY_KEY_ENROLLMENT,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mock_okta_harness.async_pages.any_screen import ShownWidget

__all__ = [
    "EmailEnrollment",
    "GoogleEnrollment",
    "OktaVerifyAddress",
    "OktaVerifyChannels",
    "OktaVerifyEnrollment",
    "PasswordEnrollment",
    "PhoneEnrollment",
    "QuestionEnrollment",
    "SecurityKeyEnrollment",
]

Next = TypeVar("Next")
Other = TypeVar("Other")


class _Enrollment(IdentityForm[Next], InAList[Next]):
    """What the screens of all authenticators have in common."""

    async def return_to_list(self) -> SelectEnrollment[Next]:
        """Go back to the list of what may be set up."""
        return await self._follow(self.selectors.something_else, SelectEnrollment)


class _WithCode(_Enrollment[Next]):
    async def fill(self, code: str) -> Self:
        """Type the code."""
        return await self._type({self.selectors.passcode: code})


class EmailEnrollment(_WithCode[Next]):
    """The passcode that was sent to the address in the user's profile."""

    shown_by = EMAIL_ENROLLMENT
    row = "okta_email"

    async def enter_code_instead(self) -> Self:
        """Show the field for the passcode in place of waiting for the link."""
        await self._press(self.selectors.enter_code_instead)
        await self._find(self.selectors.passcode).first.wait_for()
        return self


class PhoneEnrollment(_WithCode[Next]):
    """A phone: its number, then the passcode that was sent there."""

    shown_by = PHONE_ENROLLMENT
    row = "phone_number"

    async def send_to(self, number: str) -> Self:
        """Have a passcode sent to a number without the country's code, and wait until it is."""
        await self._type({self.selectors.phone_number: number})
        await self._press(self.selectors.submit)
        await self._find(self.selectors.passcode).wait_for()
        return self

    async def fail_to_send_to(self, number: str) -> Self:
        """Give an invalid number; wait until the screen says so."""
        return await (await self._type({self.selectors.phone_number: number})).be_refused()


class _WithPicture(_Enrollment[Next]):
    async def qr_code(self) -> str:
        """Read the address of the picture that the app scans."""
        shown = self._find(self.selectors.qr_code)
        await shown.wait_for()
        return await shown.get_attribute("src") or ""


class GoogleEnrollment(_WithPicture[Next]):
    """A picture for Google Authenticator to scan, then the first code that it shows."""

    shown_by = GOOGLE_ENROLLMENT
    row = "google_otp"

    async def cannot_scan(self) -> Self:
        """Have the key shown as text in place of the picture."""
        await self._press(self.selectors.cannot_scan)
        return self

    async def secret(self) -> str:
        """Read the key that is shown in place of the picture."""
        shown = self._find(self.selectors.secret)
        await shown.wait_for()
        return (await shown.inner_text()).replace(" ", "").strip()

    async def scanned(self) -> Self:
        """Go on to the field for the code."""
        await self._press(self.selectors.qr_code_next)
        await self._find(self.selectors.passcode).wait_for()
        return self

    async def fill(self, code: str) -> Self:
        """Type the code."""
        return await self._type({self.selectors.passcode: code})

    @property
    def _submit_button(self) -> str:
        return self.selectors.qr_code_verify


class OktaVerifyEnrollment(_WithPicture[Next]):
    """A picture for Okta Verify to scan; the screen waits until it has."""

    shown_by = OKTA_VERIFY_ENROLLMENT
    row = "okta_verify"

    async def cannot_scan(self) -> OktaVerifyChannels[Next]:
        """Follow the link to the other ways to the device."""
        return await self._follow(self.selectors.other_channel, OktaVerifyChannels)

    async def wait_for_scan(self) -> Next:
        """Give the page behind the widget, once the app is set up."""
        return await self._leave()

    async def wait_for_scan_to(
        self, screen: Callable[[ShownWidget[Next]], Awaitable[Other]]
    ) -> Other:
        """Give the screen that follows, once the app is set up."""
        return await screen(self.widget)


class OktaVerifyChannels(IdentityForm[Next]):
    """The ways to a device that cannot scan the picture."""

    shown_by = OKTA_VERIFY_CHANNELS

    async def by_email(self) -> OktaVerifyAddress[Next]:
        """Have a link sent by e-mail."""
        return await self._by("email")

    async def by_sms(self) -> OktaVerifyAddress[Next]:
        """Have a link sent by SMS."""
        return await self._by("sms")

    async def _by(self, channel: str) -> OktaVerifyAddress[Next]:
        await self._find(self.selectors.radio_button.format(channel)).click()
        return await self.submit_to(OktaVerifyAddress)


class OktaVerifyAddress(_Enrollment[Next]):
    """Asks where the link goes that sets Okta Verify up."""

    shown_by = OKTA_VERIFY_CHANNEL_DATA
    row = "okta_verify"

    async def fill(self, *, email: str = "", phone_number: str = "") -> Self:
        """Type the address that is asked for; a number without the country's code."""
        if email:
            return await self._type({self.selectors.link_email: email})
        return await self._type({self.selectors.link_phone_number: phone_number})

    async def send(self) -> OktaVerifyEnrollment[Next]:
        """Have the link sent; the screen that follows waits until it is opened."""
        return await self.submit_to(OktaVerifyEnrollment)


class PasswordEnrollment(_Enrollment[Next], NewPassword[Next]):
    """The first password of somebody who has none."""

    shown_by = PASSWORD_ENROLLMENT
    row = "okta_password"


class QuestionEnrollment(_Enrollment[Next]):
    """A security question of Okta's, and its answer."""

    shown_by = QUESTION_ENROLLMENT
    row = "security_question"

    async def fill(self, answer: str, question: str | None = None) -> Self:
        """Choose a question, by Okta's name of it, or leave the first one; type the answer."""
        if question is not None:
            await self._find(self.selectors.question).select_option(question, force=True)
        return await self._type({self.selectors.answer: answer})


class SecurityKeyEnrollment(_Enrollment[Next]):
    """A security key, or what is built into the device."""

    shown_by = SECURITY_KEY_ENROLLMENT
    row = "webauthn"

    @property
    def _submit_button(self) -> str:
        return self.selectors.set_up_key
