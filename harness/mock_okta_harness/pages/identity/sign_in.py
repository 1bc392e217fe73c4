"""Where a sign-in begins and ends: the first screen, sign-up, questions, a message alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from mock_okta_harness.pages.identity.challenges import FastPassChallenge
from mock_okta_harness.pages.identity.recovery import (
    IdentifyRecovery,
    UnlockAccount,
    UnlockIdentify,
)
from mock_okta_harness.pages.identity.screen import IdentityForm, IdentityScreen
from mock_okta_harness.pages.identity_provider import IdentityProviderPage
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
    from collections.abc import Callable

    from mock_okta_harness.pages.any_screen import ShownWidget

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

    def sign_in(self, login: str, password: str) -> Next:
        """Sign in as a user who may, and give the page behind the widget."""
        return self.fill(login, password).submit()

    def sign_in_to(
        self, login: str, password: str, screen: Callable[[ShownWidget[Next]], Other]
    ) -> Other:
        """Sign in as a user who must do more; return the screen that asks for it."""
        return self.fill(login, password).submit_to(screen)

    def fill(self, login: str, password: str | None = None) -> Self:
        """Type the user name, and the password where it is asked for."""
        typed = {self.selectors.identifier: login}
        return self._type(typed if password is None else {**typed, self._passcode: password})

    def keep_me_signed_in(self) -> Self:
        """Tick or untick "Keep me signed in"."""
        self._find(self.selectors.checkbox.format("rememberMe")).click()
        return self

    def sign_in_with_fast_pass(self) -> FastPassChallenge[Next]:
        """Press "Sign in with Okta FastPass", which the org can show above the name."""
        return self._follow(self.selectors.ask_app, FastPassChallenge)

    def asks_password(self) -> bool:
        """Return whether the password is asked for on this screen."""
        return self._find(self._passcode).count() > 0

    def forgot_password(self) -> IdentifyRecovery[Next]:
        """Follow the link for those who forgot their password."""
        return self._follow(self.selectors.forgot_password, IdentifyRecovery)

    def unlock_account(self) -> UnlockAccount[Next]:
        """Follow the link for those who are locked out."""
        return self._follow(self.selectors.unlock, UnlockAccount)

    def unlock_by_name(self) -> UnlockIdentify[Next]:
        """Follow the same link, where the policy has the name asked first."""
        return self._follow(self.selectors.unlock, UnlockIdentify)

    def sign_up(self) -> EnrollProfile[Next]:
        """Follow the link for those who are not users yet."""
        return self._follow(self.selectors.sign_up, EnrollProfile)

    def go_to_provider(self, name: str) -> IdentityProviderPage:
        """Follow the link to an identity provider, by what it says: `Google`, or its own name."""
        self._press(self.selectors.provider.format(name))
        return IdentityProviderPage(self.page)

    @property
    def _passcode(self) -> str:
        return self.selectors.passcode


class EnrollProfile(IdentityForm[Next]):
    """The form for those who are not users yet."""

    shown_by = ENROLL_PROFILE

    def fill(self, password: str = "", **profile: str) -> Self:
        """Type the profile by Okta's names (`firstName`, `email`), and the password, if asked."""
        typed = {self.selectors.profile_field.format(name): text for name, text in profile.items()}
        return self._type(typed | ({self.selectors.passcode: password} if password else {}))

    def back(self) -> Identify[Next]:
        """Follow the link for those who have an account."""
        return self._follow(self.selectors.have_account, Identify)


class ProfileUpdate(IdentityForm[Next]):
    """What the org wants to know of a user and does not yet."""

    shown_by = PROFILE_UPDATE

    def fill(self, **profile: str) -> Self:
        """Type what is asked, by Okta's names (`secondEmail`)."""
        return self._type(
            {self.selectors.profile_field.format(name): text for name, text in profile.items()}
        )

    def skip(self) -> Next:
        """Say nothing for now, and give the page behind the widget."""
        self._press(self.selectors.skip_profile)
        return self._leave()


class KeepSignedIn(IdentityScreen[Next]):
    """Asks whether the session shall outlast the browser."""

    shown_by = KEEP_SIGNED_IN

    def stay(self) -> Next:
        """Stay signed in, and give the page behind the widget."""
        self._press(self.selectors.stay_signed_in)
        return self._leave()

    def do_not_stay(self) -> Next:
        """Be asked again another time, and give the page behind the widget."""
        self._press(self.selectors.do_not_stay_signed_in)
        return self._leave()


class UserCode(IdentityForm[Next]):
    """Asks for the code that a device shows."""

    shown_by = USER_CODE

    def fill(self, user_code: str) -> Self:
        """Type the code; the third generation puts a hyphen in it."""
        self._find(self.selectors.user_code).fill(user_code)
        return self


class RequestActivation(IdentityForm[Next]):
    """A link to activate an account that has expired; another one may be sent."""

    shown_by = REQUEST_ACTIVATION

    def request(self) -> Terminal[Next]:
        """Have another link sent."""
        return self.submit_to(Terminal)


class EmailConsent(IdentityForm[Next]):
    """Asks, where an e-mailed link was opened in another browser, if the user is signing in."""

    shown_by = EMAIL_CONSENT

    def allow(self) -> Terminal[Next]:
        """Let the browser go on that waits."""
        return self.submit_to(Terminal)

    def deny(self) -> Terminal[Next]:
        """End the sign-in in the browser that waits."""
        return self._follow(self.selectors.deny, Terminal)


class Consent(IdentityForm[Next]):
    """Asks whether an app may have what it asks for."""

    shown_by = CONSENT

    def allow(self) -> Next:
        """Let the app have it, and give the page behind the widget."""
        return self.submit()

    def deny(self) -> Next:
        """Refuse, and give the page behind the widget."""
        self._press(self.selectors.deny)
        return self._leave()

    def allow_to(self, screen: Callable[[ShownWidget[Next]], Other]) -> Other:
        """Let a device have it, and give the screen that follows."""
        return self.submit_to(screen)

    def deny_to(self, screen: Callable[[ShownWidget[Next]], Other]) -> Other:
        """Refuse it to a device, and give the screen that follows."""
        return self._follow(self.selectors.deny, screen)


class GranularConsent(Consent[Next]):
    """The same, scope by scope."""

    shown_by = GRANULAR_CONSENT

    def leave_out(self, scope: str) -> Self:
        """Untick a scope."""
        self._find(self.selectors.checkbox.format(f"optedScopes.{scope}")).click()
        return self


class Terminal(IdentityScreen[Next]):
    """A message that nothing follows: a link was used, a session has expired."""

    shown_by = TERMINAL

    def passcode(self) -> str:
        """Read the passcode that is to be entered in the browser that signs in."""
        return self._find(self.selectors.passcode_to_enter).inner_text().strip()
