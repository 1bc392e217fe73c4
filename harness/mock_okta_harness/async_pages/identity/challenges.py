# Made of pages/identity/challenges.py by `nox -s async_pages`: change that file.
"""The screens that ask for what the user has: one class for each authenticator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from mock_okta_harness.async_pages.identity.choosing import InAList, SelectAuthenticator, row_of
from mock_okta_harness.async_pages.identity.screen import IdentityForm
from mock_okta_harness.pages.selectors.identity import (
    CHALLENGE_PASSWORD,
    EMAIL_CHALLENGE,
    FAST_PASS_CHALLENGE,
    GOOGLE_CHALLENGE,
    OKTA_VERIFY_CHALLENGE,
    PHONE_CHALLENGE,
    PUSH_CHALLENGE,
    QUESTION_CHALLENGE,
    SECURITY_KEY_CHALLENGE,
)

if TYPE_CHECKING:
    from mock_okta_harness.async_pages.identity.sign_in import Identify

__all__ = [
    "ChallengePassword",
    "EmailChallenge",
    "FastPassChallenge",
    "GoogleChallenge",
    "OktaVerifyChallenge",
    "PhoneChallenge",
    "PushChallenge",
    "QuestionChallenge",
    "SecurityKeyChallenge",
]

Next = TypeVar("Next")


class _Challenge(IdentityForm[Next], InAList[Next]):
    """What the screens of all authenticators have in common."""

    async def verify_with_something_else(self) -> SelectAuthenticator[Next]:
        """Go to the list of authenticators."""
        return await self._follow(self.selectors.something_else, SelectAuthenticator)


class _Asking(_Challenge[Next]):
    """An authenticator with one field."""

    field = "passcode"

    async def verify(self, answer: str) -> Next:
        """Give the right code or answer, and give the page behind the widget."""
        return await (await self.fill(answer)).submit()

    async def fill(self, answer: str) -> Self:
        """Type code or answer."""
        return await self._type({getattr(self.selectors, self.field): answer})

    async def _send(self, button: str, shows: str) -> Self:
        await self._press(button)
        await self._find(shows).first.wait_for()
        return self


class ChallengePassword(_Asking[Next]):
    """The password, after the user name or after another authenticator."""

    shown_by = CHALLENGE_PASSWORD
    row = "okta_password"

    async def forgot_password(self) -> SelectAuthenticator[Next]:
        """Follow the link for those who forgot it, where there are several ways to recover it."""
        return await self._follow(self.selectors.forgot_password, SelectAuthenticator)


class EmailChallenge(_Asking[Next]):
    """A passcode by e-mail, with a link beside it."""

    shown_by = EMAIL_CHALLENGE
    row = "okta_email"

    async def send(self) -> Self:
        """Have an e-mail sent, and wait until it is."""
        shows = f":is({self.selectors.enter_code_instead}, {self.selectors.passcode})"
        return await self._send(self.selectors.submit, f"{shows} >> visible=true")

    async def enter_code_instead(self) -> Self:
        """Have the field for the passcode shown in place of waiting for the link."""
        return await self._send(self.selectors.enter_code_instead, self.selectors.passcode)

    async def send_again(self) -> Self:
        """Have another e-mail sent; the widget offers it after half a minute."""
        await self._press(self.selectors.send_again)
        return self

    async def wait_for_link(self) -> Next:
        """Give the page behind the widget, once the link is opened."""
        return await self._leave()


class PhoneChallenge(_Asking[Next]):
    """A passcode by SMS or by a call."""

    shown_by = PHONE_CHALLENGE
    row = "phone_number"

    async def send(self) -> Self:
        """Have the passcode sent by the first way that the phone has, and wait until it is."""
        return await self._send(self.selectors.submit, self.selectors.passcode)

    async def call(self) -> Self:
        """Be called in place of an SMS, and wait until the org has done so."""
        return await self._send(self.selectors.call_instead, self.selectors.passcode)


class GoogleChallenge(_Asking[Next]):
    """The code that Google Authenticator shows."""

    shown_by = GOOGLE_CHALLENGE
    row = "google_otp"


class OktaVerifyChallenge(_Asking[Next]):
    """The code that Okta Verify shows."""

    shown_by = OKTA_VERIFY_CHALLENGE
    row, row_alone = "okta_verify-totp", "okta_verify"
    field = "totp"


class QuestionChallenge(_Asking[Next]):
    """The security question."""

    shown_by = QUESTION_CHALLENGE
    row = "security_question"
    field = "answer"


class PushChallenge(_Challenge[Next]):
    """A push to Okta Verify, answered on the user's phone."""

    shown_by = PUSH_CHALLENGE
    row, row_alone = "okta_verify-push", "okta_verify"

    async def number(self) -> str:
        """Read the number that the user is to pick, once the screen shows it."""
        shown = self._find(self.selectors.number)
        await shown.wait_for()
        return (await shown.inner_text()).strip()

    async def send(self) -> Self:
        """Have a push sent: the first one where the org asks before, another after a refusal."""
        await self._press(f":is({self.selectors.submit}, {row_of(type(self), self.selectors)})")
        return self

    async def send_automatically(self) -> Self:
        """Tick or untick "Send push automatically": whether the next sign-in asks before."""
        # The screen that asks before has it within the form of the authenticator.
        names = ("autoChallenge", "authenticator.autoChallenge")
        boxes = (self.selectors.checkbox.format(each) for each in names)
        await self._find(f":is({', '.join(boxes)})").click()
        return self

    async def wait_for_approval(self) -> Next:
        """Give the page behind the widget, once the push is approved."""
        return await self._leave()


class FastPassChallenge(_Challenge[Next]):
    """Okta FastPass: Okta Verify on the user's computer, before or after the user's name.

    The page looks for the app at its port; where it finds none, it opens a link with the app's
    scheme, which `link` reads.
    """

    shown_by = FAST_PASS_CHALLENGE
    row, row_alone = "okta_verify-signed_nonce", "okta_verify"

    async def send(self) -> Self:
        """Ask the app: for the first time where the org asks how before, again after a refusal."""
        await self._press(f":is({self.selectors.submit}, {row_of(type(self), self.selectors)})")
        return self

    async def link(self) -> str:
        """Read the link that opens the app, once the page found no port of it."""
        shown = self._find(self.selectors.link_to_app)
        await shown.wait_for(state="attached")
        return await shown.get_attribute("src") or ""

    async def wait_for_approval(self) -> Next:
        """Give the page behind the widget, once the user approved in the app."""
        return await self._leave()

    async def wait_for_refusal(self) -> Identify[Next]:
        """Give the first screen, once the user rejected it who had not said their name."""
        from mock_okta_harness.async_pages.identity.sign_in import Identify  # noqa: PLC0415 -- it leads here

        return await (await Identify(self.widget)).wait_for_error()

    async def give_up(self) -> Identify[Next]:
        """Stop asking the app who the user is."""
        from mock_okta_harness.async_pages.identity.sign_in import Identify  # noqa: PLC0415 -- it leads here

        return await self._follow(self.selectors.stop_asking, Identify)


class SecurityKeyChallenge(_Challenge[Next]):
    """A security key, or what is built into the device; the screen asks for it at once."""

    shown_by = SECURITY_KEY_CHALLENGE
    row = "webauthn"

    async def wait_for_key(self) -> Next:
        """Give the page behind the widget, once the key has signed."""
        return await self._leave()
