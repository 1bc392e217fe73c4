"""Seed documents, and builders of users and apps for them.

`control.seed(a_user(), an_app().spa().redirecting_to(uri))`.

Builders are immutable: every method returns a new builder, so one can be the base of many.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from mock_okta.model.seed.grant_types import GrantType
    from mock_okta.model.seed.policies import FactorName
    from mock_okta.model.seed.types import AppType
    from mock_okta.model.seed.users import StatusName


class SeedPart(Protocol):
    """A part of a seed: every builder is one, and `Seed`."""

    def seed_document(self) -> Mapping[str, Any]:
        """Return a seed document with only this part."""


@dataclass(frozen=True)
class UserBuilder:
    """A user of the org; fields that a test does not set are filled in."""

    login: str
    password: str
    profile: dict[str, Any] = field(default_factory=dict)
    groups: tuple[str, ...] = ("Everyone",)
    settings: dict[str, Any] = field(default_factory=dict)

    def with_password(self, password: str) -> UserBuilder:
        """Sign in with this password."""
        return replace(self, password=password)

    def named(self, first_name: str, last_name: str) -> UserBuilder:
        """Have these names in the profile, and in the claims made from it."""
        return self.with_profile(firstName=first_name, lastName=last_name)

    def with_profile(self, **attributes: Any) -> UserBuilder:
        """Set attributes of the profile, with Okta's names (`firstName`, `department` …)."""
        return replace(self, profile={**self.profile, **attributes})

    def in_groups(self, *groups: str) -> UserBuilder:
        """Be in these groups, and in Everyone."""
        return replace(self, groups=("Everyone", *groups))

    def with_status(self, status: StatusName) -> UserBuilder:
        """Be in this status, by Okta's own word, such as `LOCKED_OUT`."""
        return self._with(status=status)

    def locked_out(self) -> UserBuilder:
        """Be locked out, as after too many wrong passwords."""
        return self.with_status("LOCKED_OUT")

    def suspended(self) -> UserBuilder:
        """Be suspended by an administrator."""
        return self.with_status("SUSPENDED")

    def deactivated(self) -> UserBuilder:
        """Be deactivated by an administrator."""
        return self.with_status("DEPROVISIONED")

    def with_expired_password(self) -> UserBuilder:
        """Have to change the password at the next sign-in."""
        return self.with_status("PASSWORD_EXPIRED")

    def with_password_age(self, days: float) -> UserBuilder:
        """Have a password that is this many days old, for the password policy to judge."""
        return self._with(password_age_days=days)

    def staged(self) -> UserBuilder:
        """Not be activated yet, and have no password; `Control.change_user` can activate."""
        return replace(self, password="").with_status("STAGED")

    def with_recovery_question(self, question: str, answer: str) -> UserBuilder:
        """Have this recovery question, for password policies that ask it before a reset."""
        return self._with(recovery_question={"question": question, "answer": answer})

    def with_factor(self, factor: FactorName, **facts: str) -> UserBuilder:
        """Have an enrolled factor, named as in Okta's policies.

        `facts`: `phone_number` for `okta_sms` and `okta_call`, `question` and `answer` for
        `okta_question`, `secret` (base32) for `google_otp` and `okta_otp`.
        """
        factors = [*self.settings.get("factors", ()), {"factor": factor, **facts}]
        return self._with(factors=factors)

    def seed_document(self) -> dict[str, Any]:
        """Return a seed document with only this user."""
        profile = {"firstName": "Test", "lastName": "User", "email": self.login, **self.profile}
        user = {"login": self.login, "password": self.password, "profile": profile}
        return {"users": [{**user, "groups": list(self.groups), **self.settings}]}

    def _with(self, **settings: object) -> UserBuilder:
        return replace(self, settings={**self.settings, **settings})


@dataclass(frozen=True)
class AppBuilder:
    """An app of the org, in the words of the admin console; by default a single-page app."""

    name: str
    type: AppType = "spa"
    settings: dict[str, Any] = field(default_factory=dict)

    def spa(self) -> AppBuilder:
        """Run only in the browser: a public client with PKCE."""
        return replace(self, type="spa")

    def web(self) -> AppBuilder:
        """Run on a server: a client with a secret."""
        return replace(self, type="web")

    def native(self) -> AppBuilder:
        """Run on a device: a public client with PKCE."""
        return replace(self, type="native")

    def service(self) -> AppBuilder:
        """Run without a user: a client with a secret that gets tokens for itself."""
        return replace(self, type="service")

    def with_client_id(self, client_id: str) -> AppBuilder:
        """Have this client id instead of one derived from the name."""
        return self._with(client_id=client_id)

    def with_client_secret(self, client_secret: str) -> AppBuilder:
        """Have this client secret instead of one derived from the name."""
        return self._with(client_secret=client_secret)

    def at(self, *base_uris: str) -> AppBuilder:
        """Have these base URIs, which become trusted origins."""
        return self._with(base_uris=[*self.settings.get("base_uris", ()), *base_uris])

    def redirecting_to(self, *uris: str) -> AppBuilder:
        """Have these login redirect URIs too."""
        return self._with(
            login_redirect_uris=[*self.settings.get("login_redirect_uris", ()), *uris]
        )

    def signing_out_to(self, *uris: str) -> AppBuilder:
        """Have these logout redirect URIs too."""
        known = self.settings.get("logout_redirect_uris", ())
        return self._with(logout_redirect_uris=[*known, *uris])

    def granted(self, *grant_types: GrantType) -> AppBuilder:
        """Use only these grant types, instead of the usual ones for its type."""
        return self._with(grant_types=list(grant_types))

    def with_interaction_code(self) -> AppBuilder:
        """Sign users in on its own page, by okta-auth-js or the widget, on the Identity Engine.

        Beside the grant types that were named, or beside a code with refresh tokens.
        """
        named = self.settings.get("grant_types", ("authorization_code", "refresh_token"))
        return self._with(grant_types=[*named, "interaction_code"])

    def assigned_to(self, *logins: str) -> AppBuilder:
        """Assign the app to these users too; without any assignment it is for everyone."""
        return self._with(assigned_users=[*self.settings.get("assigned_users", ()), *logins])

    def assigned_to_groups(self, *groups: str) -> AppBuilder:
        """Assign the app to these groups too."""
        return self._with(assigned_groups=[*self.settings.get("assigned_groups", ()), *groups])

    def requiring_consent(self) -> AppBuilder:
        """Ask users for consent to scopes that need it."""
        return self._with(consent_method="REQUIRED")

    def requiring_factor(self) -> AppBuilder:
        """Ask users for a factor as well as the password, with a step-up if needed."""
        return self._with(requires_factor=True)

    def seed_document(self) -> dict[str, Any]:
        """Return a seed document with only this app."""
        return {"clients": [{"name": self.name, "type": self.type, **self.settings}]}

    def _with(self, **settings: object) -> AppBuilder:
        return replace(self, settings={**self.settings, **settings})


def a_user(login: str = "tester@example.com", password: str = "mock-Password-1") -> UserBuilder:  # noqa: S107 -- test data
    """Start a user."""
    return UserBuilder(login=login, password=password)


def an_app(name: str = "Test app") -> AppBuilder:
    """Start an app."""
    return AppBuilder(name=name)


def seed_document(*parts: Mapping[str, Any] | SeedPart) -> dict[str, Any]:
    """Join seed documents: lists are joined in order; for other keys the last one wins."""
    joined: dict[str, Any] = {}
    for part in parts:
        for key, value in _as_document(part).items():
            if isinstance(value, list | tuple):
                joined[key] = [*joined.get(key, ()), *value]
            else:
                joined[key] = value
    return joined


def _as_document(part: Mapping[str, Any] | SeedPart) -> Mapping[str, Any]:
    if isinstance(part, Mapping):
        return part
    return part.seed_document()
