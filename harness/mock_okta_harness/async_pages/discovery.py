# Made of pages/discovery.py by `nox -s async_pages`: change that file.
"""The screens before, beside and after the password: discovery, resuming, consent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from mock_okta_harness.async_pages.screen import Form, Screen
from mock_okta_harness.async_pages.sign_in import SignInForm

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mock_okta_harness.async_pages.screen import ShownWidget

__all__ = ["ConsentRequired", "IdpDiscovery", "RefreshAuthState"]

Next = TypeVar("Next")
Other = TypeVar("Other")


class IdpDiscovery(Form[Next]):
    """The form with only a user name, which decides where the user signs in."""

    controller = "idp-discovery"

    async def fill(self, login: str) -> Self:
        """Type the user name."""
        return await self._type({self.selectors.discovery_username: login})

    async def go_on(self, login: str) -> SignInForm[Next]:
        """Enter a user of the org itself; return the form that asks for the password."""
        return await (await self.fill(login)).submit_to(SignInForm)


class RefreshAuthState(Screen[Next]):
    """The screen while the widget resumes a sign-in that began elsewhere."""

    controller = "refresh-auth-state"

    async def resumed(self, screen: Callable[[ShownWidget[Next]], Awaitable[Other]]) -> Other:
        """Return the screen that the sign-in had reached."""
        return await screen(self.widget)


class ConsentRequired(Form[Next]):
    """The consent screen for an app's scopes; `submit` allows them."""

    controller = "consent-required"

    async def refuse(self) -> Next:
        """Refuse; return the page behind the widget."""
        await self._press(self.selectors.cancel)
        return await self._leave()
