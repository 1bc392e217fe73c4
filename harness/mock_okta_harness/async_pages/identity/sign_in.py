# Made of pages/identity/sign_in.py by `nox -s async_pages`: change that file.
"""Where a sign-in begins and ends: the first screen, sign-up, questions, a message alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from mock_okta_harness.async_pages.identity.challenges import FastPassChallenge
from mock_okta_harness.async_pages.identity.recovery import (
    IdentifyRecovery,
    UnlockAccount,
    UnlockIdentify,
)
from mock_okta_harness.async_pages.identity.screen import IdentityForm, IdentityScreen
from mock_okta_harness.async_pages.identity_provider import IdentityProviderPage
from mock_okta_harness.pages.selectors.identity import (
    CONSENT,
    EMAIL_CONSENT,
    ENROLL_PROFILE,
    GRANULAR_CONSENT,
    IDENTIFY,
    KEEP_SIGNED_IN,
    PROFILE_UPDATE,
    REQUEST_ACTIVATION,
    TERMINAL,
    USER_CODE,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mock_okta_harness.async_pages.any_screen import ShownWidget

__all__ = [
    "Consent",
    "EmailConsent",
    "EnrollProfile",
    "GranularConsent",
    "Identify",
    "KeepSignedIn",
    "ProfileUpdate",
    "RequestActivation",
    "Terminal",
    "UserCode",
]

Next = TypeVar("Next")
Other = TypeVar("Other")


class Identify(IdentityForm[Next]):
    """Asks who signs in, and for the password at once where the org's policies have it so."""

    shown_by = IDENTIFY

    async def sign_in(self, login: str, password: str) -> Next:
        """Sign in as a user who may, and give the page behind the widget."""
        return await (await self.fill(login, password)).submit()

    async def sign_in_to(
        self, login: str, password: str, screen: Callable[[ShownWidget[Next]], Awaitable[Other]]
    ) -> Other:
        """Sign in as a user who must do more; return the screen that asks for it."""
        return await (await self.fill(login, password)).submit_to(screen)

    async def fill(self, login: str, password: str | None = None) -> Self:
        """Type the user name, and the password where it is asked for."""
        typed = {self.selectors.identifier: login}
        return await self._type(typed if password is None else {**typed, self._passcode: password})

    async def keep_me_signed_in(self) -> Self:
        """Tick or untick "Keep me signed in"."""
        await self._find(self.selectors.checkbox.format("rememberMe")).click()
        return self

    async def sign_in_with_fast_pass(self) -> FastPassChallenge[Next]:
        """Press "Sign in with Okta FastPass", which the org can show above the name."""
        return await self._follow(self.selectors.ask_app, FastPassChallenge)

    async def asks_password(self) -> bool:
        """Return whether the password is asked for on this screen."""
        return await self._find(self._passcode).count() > 0

    async def forgot_password(self) -> IdentifyRecovery[Next]:
        """Follow the link for those who forgot their password."""
        return await self._follow(self.selectors.forgot_password, IdentifyRecovery)

    async def unlock_account(self) -> UnlockAccount[Next]:
        """Follow the link for those who are locked out."""
        return await self._follow(self.selectors.unlock, UnlockAccount)

    async def unlock_by_name(self) -> UnlockIdentify[Next]:
        """Follow the same link, where the policy has the name asked first."""
        return await self._follow(self.selectors.unlock, UnlockIdentify)

    async def sign_up(self) -> EnrollProfile[Next]:
        """Follow the link for those who are not users yet."""
        return await self._follow(self.selectors.sign_up, EnrollProfile)

    async def go_to_provider(self, name: str) -> IdentityProviderPage:
        """Follow the link to an identity provider, by what it says: `Google`, or its own name."""
        await self._press(self.selectors.provider.format(name))
        return await IdentityProviderPage(self.page)

    @property
    def _passcode(self) -> str:
        return self.selectors.passcode


class EnrollProfile(IdentityForm[Next]):
    """The form for those who are not users yet."""

    shown_by = ENROLL_PROFILE

    async def fill(self, password: str = "", **profile: str) -> Self:
        """Type the profile by Okta's names (`firstName`, `email`), and the password, if asked."""
        typed = {self.selectors.profile_field.format(name): text for name, text in profile.items()}
        return await self._type(typed | ({self.selectors.passcode: password} if password else {}))

    async def back(self) -> Identify[Next]:
        """Follow the link for those who have an account."""
        return await self._follow(self.selectors.have_account, Identify)


class ProfileUpdate(IdentityForm[Next]):
    """What the org wants to know of a user and does not yet."""

    shown_by = PROFILE_UPDATE

    async def fill(self, **profile: str) -> Self:
        """Type what is asked, by Okta's names (`secondEmail`)."""
        return await self._type(
            {self.selectors.profile_field.format(name): text for name, text in profile.items()}
        )

    async def skip(self) -> Next:
        """Say nothing for now, and give the page behind the widget."""
        await self._press(self.selectors.skip_profile)
        return await self._leave()


class KeepSignedIn(IdentityScreen[Next]):
    """Asks whether the session shall outlast the browser."""

    shown_by = KEEP_SIGNED_IN

    async def stay(self) -> Next:
        """Stay signed in, and give the page behind the widget."""
        await self._press(self.selectors.stay_signed_in)
        return await self._leave()

    async def do_not_stay(self) -> Next:
        """Be asked again another time, and give the page behind the widget."""
        await self._press(self.selectors.do_not_stay_signed_in)
        return await self._leave()


class UserCode(IdentityForm[Next]):
    """Asks for the code that a device shows."""

    shown_by = USER_CODE

    async def fill(self, user_code: str) -> Self:
        """Type the code; the third generation puts a hyphen in it."""
        await self._find(self.selectors.user_code).fill(user_code)
        return self


class RequestActivation(IdentityForm[Next]):
    """A link to activate an account that has expired; another one may be sent."""

    shown_by = REQUEST_ACTIVATION

    async def request(self) -> Terminal[Next]:
        """Have another link sent."""
        return await self.submit_to(Terminal)


class EmailConsent(IdentityForm[Next]):
    """Asks, where an e-mailed link was opened in another browser, if the user is signing in."""

    shown_by = EMAIL_CONSENT

    async def allow(self) -> Terminal[Next]:
        """Let the browser go on that waits."""
        return await self.submit_to(Terminal)

    async def deny(self) -> Terminal[Next]:
        """End the sign-in in the browser that waits."""
        return await self._follow(self.selectors.deny, Terminal)


class Consent(IdentityForm[Next]):
    """Asks whether an app may have what it asks for."""

    shown_by = CONSENT

    async def allow(self) -> Next:
        """Let the app have it, and give the page behind the widget."""
        return await self.submit()

    async def deny(self) -> Next:
        """Refuse, and give the page behind the widget."""
        await self._press(self.selectors.deny)
        return await self._leave()

    async def allow_to(self, screen: Callable[[ShownWidget[Next]], Awaitable[Other]]) -> Other:
        """Let a device have it, and give the screen that follows."""
        return await self.submit_to(screen)

    async def deny_to(self, screen: Callable[[ShownWidget[Next]], Awaitable[Other]]) -> Other:
        """Refuse it to a device, and give the screen that follows."""
        return await self._follow(self.selectors.deny, screen)


class GranularConsent(Consent[Next]):
    """The same, scope by scope."""

    shown_by = GRANULAR_CONSENT

    async def leave_out(self, scope: str) -> Self:
        """Untick a scope."""
        await self._find(self.selectors.checkbox.format(f"optedScopes.{scope}")).click()
        return self


class Terminal(IdentityScreen[Next]):
    """A message that nothing follows: a link was used, a session has expired."""

    shown_by = TERMINAL

    async def passcode(self) -> str:
        """Read the passcode that is to be entered in the browser that signs in."""
        return (await self._find(self.selectors.passcode_to_enter).inner_text()).strip()
