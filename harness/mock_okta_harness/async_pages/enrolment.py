# Made of pages/enrolment.py by `nox -s async_pages`: change that file.
"""The screens on which a user sets up factors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from mock_okta_harness.async_pages.screen import Form

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mock_okta_harness.async_pages.screen import ShownWidget

__all__ = [
    "EnrolForm",
    "EnrollActivateEmail",
    "EnrollCall",
    "EnrollChoices",
    "EnrollEmail",
    "EnrollQuestion",
    "EnrollSms",
    "EnrollWebAuthn",
]

Next = TypeVar("Next")
Other = TypeVar("Other")

_PICK = """(menu, value) => {
    menu.value = value;
    menu.dispatchEvent(new Event("change", { bubbles: true }));
}"""


class EnrollChoices(Form[Next]):
    """The list of factors; `submit_to` sets up required ones, `submit` finishes."""

    controller = "enroll-choices"

    async def factors(self) -> list[str]:
        """Read the names of all rows: `QUESTION`, `SMS`, `GOOGLE_AUTH`, `OKTA_VERIFY_PUSH` …."""
        rows = await self._find(self.selectors.enrollable).all()
        return [await row.get_attribute("data-se") or "" for row in rows]

    async def set_up(
        self, name: str, screen: Callable[[ShownWidget[Next]], Awaitable[Other]]
    ) -> Other:
        """Set up the factor of that name; return its first screen."""
        return await self._follow(self.selectors.set_up.format(name), screen)


class EnrolForm(Form[Next]):
    """A screen of an enrolment, with a link back to the list."""

    async def back(self) -> EnrollChoices[Next]:
        """Go back to the list."""
        return await self._follow(self.selectors.back, EnrollChoices)

    async def _pick(self, menu: str, value: str) -> None:
        # If the widget draws its own menu, the real one is hidden.
        await self._find(menu).evaluate(_PICK, value)


class EnrollQuestion(EnrolForm[Next]):
    """A security question, and its answer."""

    controller = "enroll-question"

    async def fill(self, question: str, answer: str) -> Self:
        """Pick a question by Okta's key, such as `disliked_food`, and type the answer."""
        await self._pick(self.selectors.question, question)
        return await self._type({self.selectors.answer: answer})


class _EnrollPhone(EnrolForm[Next]):
    """A phone number, and then the code that was sent to it."""

    async def send(self, phone_number: str) -> Self:
        """Type the number, request a code, and wait until the screen asks for the code."""
        await self._type({self.selectors.phone_number: phone_number})
        await self._press(self.selectors.send_to_phone)
        await self._find(self.selectors.pass_code).wait_for()
        await self._find(self.selectors.submit).wait_for()
        return self

    async def fail_to_send(self, phone_number: str) -> Self:
        """Type a number and request a code that the org refuses; wait for the error."""
        await self._type({self.selectors.phone_number: phone_number})
        return await self._press_until_refused(self.selectors.send_to_phone)

    async def fill(self, code: str) -> Self:
        """Type the code."""
        return await self._type({self.selectors.pass_code: code})


class EnrollSms(_EnrollPhone[Next]):
    """A phone that gets codes by SMS."""

    controller = "enroll-sms"


class EnrollCall(_EnrollPhone[Next]):
    """A phone that is called."""

    controller = "enroll-call"


class EnrollWebAuthn(EnrolForm[Next]):
    """A security key, or an authenticator built into the device."""

    controller = "enroll-webauthn"


class EnrollEmail(EnrolForm[Next]):
    """The offer to send a code by e-mail; from 7.x on."""

    controller = "enroll-email"

    async def send(self) -> EnrollActivateEmail[Next]:
        """Request a code."""
        return await self.submit_to(EnrollActivateEmail)


class EnrollActivateEmail(EnrolForm[Next]):
    """The code that came by e-mail; from 7.x on."""

    controller = "enroll-activate-email"

    async def fill(self, code: str) -> Self:
        """Type the code."""
        return await self._type({self.selectors.pass_code: code})
