"""What every screen of Classic Engine has in common; each is one class, named as what it is for.

A form has three ways out: `submit` to the page behind the widget, `submit_to` another screen, and
`be_refused`, after which the same screen shows why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from mock_okta_harness.pages.any_screen import AnyScreen, ShownWidget, Submits
from mock_okta_harness.pages.selectors import shown_screen

if TYPE_CHECKING:
    from mock_okta_harness.pages.selectors import WidgetSelectors
    from mock_okta_harness.pages.sign_in import SignInForm

__all__ = ["Form", "Screen", "ShownWidget", "Submittable"]

Next = TypeVar("Next")


class Screen(AnyScreen[Next]):
    """One screen of the widget; making one waits until it is the only one that is shown.

    Raises `WrongScreenError` once another one, or an error, is there and stays for two seconds, at
    the latest when the page's default timeout is over.
    """

    controller: ClassVar[str]
    """The widget's own name for the screen."""
    selectors: WidgetSelectors

    def sign_out(self) -> SignInForm[Next]:
        """Give up by the screen's link "Sign out" or "Back to sign in"."""
        return self._to_sign_in(self.selectors.sign_out)

    def _shown_as(self) -> str:
        return shown_screen(self.controller)

    def _to_sign_in(self, link: str) -> SignInForm[Next]:
        from mock_okta_harness.pages.sign_in import SignInForm  # noqa: PLC0415 -- it leads here

        return self._follow(link, SignInForm)


class Submittable(Submits[Next], Screen[Next]):
    """A screen with fields and one button that sends them."""


class Form(Submittable[Next]):
    """One that the widget shows after the sign-in form."""

    def be_refused(self) -> Self:
        """Send what stands in the form, until it shows why not and takes another try."""
        return self._press_until_refused(self._submit_button)
