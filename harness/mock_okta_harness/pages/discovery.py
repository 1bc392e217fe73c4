"""The screens before, beside and after the password: discovery, resuming, consent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from mock_okta_harness.pages.screen import Form, Screen
from mock_okta_harness.pages.sign_in import SignInForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_okta_harness.pages.screen import ShownWidget

__all__ = ["ConsentRequired", "IdpDiscovery", "RefreshAuthState"]

Next = TypeVar("Next")
Other = TypeVar("Other")


class IdpDiscovery(Form[Next]):
    """The question for the user name alone, which decides where the user signs in."""

    controller = "idp-discovery"

    def fill(self, login: str) -> Self:
        """Type the user name."""
        return self._type({self.selectors.discovery_username: login})

    def go_on(self, login: str) -> SignInForm[Next]:
        """Name a user of the org itself, and give the form that asks for the password."""
        return self.fill(login).submit_to(SignInForm)


class RefreshAuthState(Screen[Next]):
    """What is shown while a sign-in is resumed that was begun elsewhere."""

    controller = "refresh-auth-state"

    def resumed(self, screen: Callable[[ShownWidget[Next]], Other]) -> Other:
        """Give the screen at which the sign-in stood."""
        return screen(self.widget)


class ConsentRequired(Form[Next]):
    """The question whether an app may see what it asks for; `submit` allows it."""

    controller = "consent-required"

    def refuse(self) -> Next:
        """Allow nothing, and give the page behind the widget."""
        self._press(self.selectors.cancel)
        return self._leave()
