# Made of pages/screen.py by `nox -s async_pages`: change that file.
"""The base of all screens of Classic Engine; each screen is one class.

A form has three methods to send it: `submit` returns the page behind the widget, `submit_to`
another screen, and `be_refused` the same screen, which shows an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from mock_okta_harness.async_pages.any_screen import AnyScreen, ShownWidget, Submits
from mock_okta_harness.pages.selectors.classic import shown_screen

if TYPE_CHECKING:
    from mock_okta_harness.async_pages.sign_in import SignInForm
    from mock_okta_harness.pages.selectors.classic import WidgetSelectors

__all__ = ["Form", "Screen", "ShownWidget", "Submittable"]

Next = TypeVar("Next")


class Screen(AnyScreen[Next]):
    """One screen of the widget; awaiting one waits until it is the only one that is shown.

    Raises `WrongScreenError` if another screen or an error is visible for two seconds, or when the
    page's default timeout is over.
    """

    controller: ClassVar[str]
    """The widget's own name for the screen."""
    selectors: WidgetSelectors

    async def sign_out(self) -> SignInForm[Next]:
        """Follow the screen's link "Sign out" or "Back to sign in"; return the sign-in form."""
        return await self._to_sign_in(self.selectors.sign_out)

    def _shown_as(self) -> str:
        return shown_screen(self.controller)

    async def _to_sign_in(self, link: str) -> SignInForm[Next]:
        from mock_okta_harness.async_pages.sign_in import SignInForm  # noqa: PLC0415 -- it leads here

        return await self._follow(link, SignInForm)


class Submittable(Submits[Next], Screen[Next]):
    """A screen with fields and one button that sends them."""


class Form(Submittable[Next]):
    """A form that the widget shows after the sign-in form."""

    async def be_refused(self) -> Self:
        """Send the form; wait for an error, and until another try works."""
        return await self._press_until_refused(self._submit_button)
