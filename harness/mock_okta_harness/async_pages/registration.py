# Made of pages/registration.py by `nox -s async_pages`: change that file.
"""The screens for self-service registration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from mock_okta_harness.async_pages.screen import Form, Screen

if TYPE_CHECKING:
    from mock_okta_harness.async_pages.sign_in import SignInForm

__all__ = ["Registration", "RegistrationComplete"]

Next = TypeVar("Next")


class Registration(Form[Next]):
    """The registration form, with the fields of the org's policy."""

    controller = "registration"

    async def fill(self, **fields: str) -> Self:
        """Fill in the fields by their names: `email`, `password`, `firstName` …."""
        return await self._type(
            {self.selectors.field.format(name): text for name, text in fields.items()}
        )

    async def back(self) -> SignInForm[Next]:
        """Go back to the sign-in form."""
        return await self._to_sign_in(self.selectors.back)


class RegistrationComplete(Screen[Next]):
    """An e-mail with a link was sent, to activate the new account."""

    controller = "registration-complete"

    async def back(self) -> SignInForm[Next]:
        """Go back to the sign-in form."""
        return await self._to_sign_in(self.selectors.back_button)
