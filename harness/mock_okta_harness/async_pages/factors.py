# Made of pages/factors.py by `nox -s async_pages`: change that file.
"""The screens that ask for an enrolled factor: one class for each factor."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self, TypeVar, cast

from mock_okta_harness.async_pages.screen import Form
from mock_okta_harness.pages.selectors.classic import (
    CALL,
    EMAIL,
    FACTOR_MENU,
    GOOGLE_CODE,
    OKTA_CODE,
    PASSWORD,
    PUSH,
    QUESTION,
    SECURITY_KEY,
    SMS,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from playwright.async_api import Response

    from mock_okta_harness.async_pages.screen import ShownWidget
    from mock_okta_harness.pages.selectors.classic import FactorSelectors

__all__ = [
    "VerifyCall",
    "VerifyEmail",
    "VerifyGoogleAuthenticator",
    "VerifyOktaVerify",
    "VerifyPassword",
    "VerifyPush",
    "VerifyQuestion",
    "VerifySms",
    "VerifyWebAuthn",
]

Next = TypeVar("Next")
Other = TypeVar("Other")

FACTORS_PATH = "/api/v1/authn/factors/"


class _VerifyFactor(Form[Next]):
    """What the screens of all factors have in common."""

    controller = "mfa-verify"
    factor: ClassVar[FactorSelectors]

    async def choose(self, screen: Callable[[ShownWidget[Next]], Awaitable[Other]]) -> Other:
        """Choose another factor in the menu; `screen` is one of this module's classes."""
        item = cast("type[_VerifyFactor[Next]]", screen).factor.menu_item
        await self.page.locator(FACTOR_MENU).click()
        await self.page.locator(item).click()
        return await screen(self.widget)

    async def remember_device(self) -> Self:
        """Tick or untick "Do not challenge me on this device"."""
        await self._find(self.selectors.remember_device).click()
        return self

    async def _send(self, button: str) -> Self:
        async with self.page.expect_response(_is_an_answer_of_a_factor):
            await self._press(button)
        return self

    def _shown_as(self) -> str:
        return self.factor.screen


class _VerifyAnswer(_VerifyFactor[Next]):
    """A factor with one field, for a code or an answer."""

    async def verify(self, answer: str) -> Next:
        """Enter the right answer; return the page behind the widget."""
        return await (await self.fill(answer)).submit()

    async def fill(self, answer: str) -> Self:
        """Type the code or the answer."""
        return await self._type({self.selectors.answer: answer})


class VerifyGoogleAuthenticator(_VerifyAnswer[Next]):
    """The code that Google Authenticator shows."""

    factor = GOOGLE_CODE


class VerifyOktaVerify(_VerifyAnswer[Next]):
    """The code that Okta Verify shows, for a user without push."""

    factor = OKTA_CODE


class VerifyQuestion(_VerifyAnswer[Next]):
    """The security question."""

    factor = QUESTION


class VerifySms(_VerifyAnswer[Next]):
    """A code by SMS."""

    factor = SMS

    async def send(self) -> Self:
        """Request a code, and wait until it is sent."""
        return await self._send(self.selectors.send_sms)

    async def fail_to_send(self) -> Self:
        """Request a code that the org refuses; wait for the error."""
        return await self._press_until_refused(self.selectors.send_sms)


class VerifyCall(_VerifyAnswer[Next]):
    """A code in a phone call."""

    factor = CALL

    async def send(self) -> Self:
        """Request a call, and wait until the org has made it."""
        return await self._send(self.selectors.make_call)


class VerifyEmail(_VerifyAnswer[Next]):
    """A code by e-mail."""

    factor = EMAIL

    async def send(self) -> Self:
        """Request a code, and wait until it is sent."""
        return await self._send(self.selectors.send_email)


class VerifyPassword(_VerifyFactor[Next]):
    """The password, as a factor."""

    factor = PASSWORD

    async def verify(self, password: str) -> Next:
        """Enter the right password; return the page behind the widget."""
        return await (await self.fill(password)).submit()

    async def fill(self, password: str) -> Self:
        """Type the password."""
        return await self._type({self.selectors.password: password})


class VerifyPush(_VerifyFactor[Next]):
    """A push to Okta Verify, answered on the user's phone."""

    factor = PUSH

    async def send(self) -> Self:
        """Request a push, and wait until it is sent."""
        return await self._send(self.selectors.submit)

    async def number(self) -> str:
        """Read the number that the user must pick, once the screen shows it."""
        shown = self._find(self.selectors.number)
        await shown.wait_for()
        return (await shown.inner_text()).strip()

    async def wait_for_approval(self) -> Next:
        """Wait until the push is approved; return the page behind the widget."""
        return await self._leave()

    async def enter_code_instead(self, code: str) -> Next:
        """Enter the code from Okta Verify instead; return the page behind the widget."""
        await self._find(self.selectors.enter_code_instead).click()
        await self._type({self.selectors.answer: code})
        await self._press(self.selectors.verify_code_instead)
        return await self._leave()


class VerifyWebAuthn(_VerifyFactor[Next]):
    """A security key, or an authenticator built into the device; the screen asks for it at once."""

    factor = SECURITY_KEY

    async def wait_for_key(self) -> Next:
        """Wait until the key has signed; return the page behind the widget."""
        return await self._leave()

    async def try_again(self) -> Next:
        """Try the key again; return the page behind the widget."""
        return await self.submit()


def _is_an_answer_of_a_factor(response: Response) -> bool:
    return response.request.method == "POST" and FACTORS_PATH in response.url
