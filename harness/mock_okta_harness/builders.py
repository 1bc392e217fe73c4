"""Seed documents, and builders of users and apps for them.

`control.seed(a_user(), an_app().spa().redirecting_to(uri))`.

Immutable: every method gives a new builder, so that one may serve as the root of many.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from mock_okta.model.seed.grant_types import GrantType
    from mock_okta.model.seed.policies import FactorName

UserStatus = Literal[
    "STAGED",
    "PROVISIONED",
    "ACTIVE",
    "PASSWORD_EXPIRED",
    "LOCKED_OUT",
    "RECOVERY",
    "SUSPENDED",
    "DEPROVISIONED",
]
"""Where a user is in their life, in Okta's words."""

AppType = Literal["spa", "web", "native", "service"]
"""What the admin console asks for first."""


class SeedPart(Protocol):
    """What can say what it adds to an org; every builder is one, and `Seed`."""

    def seed_document(self) -> Mapping[str, Any]:
        """Give a seed document with this part alone."""


@dataclass(frozen=True)
class UserBuilder:
    """A user of the org, with every field that a test did not name filled in."""

    login: str
    password: str
    profile: dict[str, Any] = field(default_factory=dict)
    groups: tuple[str, ...] = ("Everyone",)
    settings: dict[str, Any] = field(default_factory=dict)

    def with_password(self, password: str) -> UserBuilder:
        """Sign in with this password."""
        return replace(self, password=password)

    def named(self, first_name: str, last_name: str) -> UserBuilder:
        """Be called so in the profile, and in the claims made of it."""
        return self.with_profile(firstName=first_name, lastName=last_name)

    def with_profile(self, **attributes: Any) -> UserBuilder:
        """Set attributes of the profile, by Okta's own names (`firstName`, `department` …)."""
        return replace(self, profile={**self.profile, **attributes})

    def in_groups(self, *groups: str) -> UserBuilder:
        """Be in these groups, and in Everyone."""
        return replace(self, groups=("Everyone", *groups))

    def with_status(self, status: UserStatus) -> UserBuilder:
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
        """Have set the password so many days ago: the password policy says what that means."""
        return self._with(password_age_days=days)

    def staged(self) -> UserBuilder:
        """Not be activated yet, and have no password: `Control.change_user` activates."""
        return replace(self, password="").with_status("STAGED")

    def with_recovery_question(self, question: str, answer: str) -> UserBuilder:
        """Be asked this before a forgotten password is replaced, if the password policy asks."""
        return self._with(recovery_question={"question": question, "answer": answer})

    def with_factor(self, factor: FactorName, **facts: str) -> UserBuilder:
        """Have a factor enrolled, by its name in Okta's policies.

        `facts`: `phone_number` for `okta_sms` and `okta_call`, `question` and `answer` for
        `okta_question`, `secret` (base32) for `google_otp` and `okta_otp`.
        """
        factors = [*self.settings.get("factors", ()), {"factor": factor, **facts}]
        return self._with(factors=factors)

    def seed_document(self) -> dict[str, Any]:
        """Give a seed document with this user alone."""
        profile = {"firstName": "Test", "lastName": "User", "email": self.login, **self.profile}
        user = {"login": self.login, "password": self.password, "profile": profile}
        return {"users": [{**user, "groups": list(self.groups), **self.settings}]}

    def _with(self, **settings: object) -> UserBuilder:
        return replace(self, settings={**self.settings, **settings})


@dataclass(frozen=True)
class AppBuilder:
    """An app of the org, in the admin console's words; a single-page app unless told otherwise."""

    name: str
    type: AppType = "spa"
    settings: dict[str, Any] = field(default_factory=dict)

    def spa(self) -> AppBuilder:
        """Run in the browser alone: a public client with PKCE."""
        return replace(self, type="spa")

    def web(self) -> AppBuilder:
        """Run on a server of its own: a client with a secret."""
        return replace(self, type="web")

    def native(self) -> AppBuilder:
        """Run on a device: a public client with PKCE."""
        return replace(self, type="native")

    def service(self) -> AppBuilder:
        """Run without a user: a client with a secret that asks for tokens of its own."""
        return replace(self, type="service")

    def with_client_id(self, client_id: str) -> AppBuilder:
        """Have this client id instead of one derived from the name."""
        return self._with(client_id=client_id)

    def with_client_secret(self, client_secret: str) -> AppBuilder:
        """Have this client secret instead of one derived from the name."""
        return self._with(client_secret=client_secret)

    def at(self, *base_uris: str) -> AppBuilder:
        """Live at these base URIs, which become trusted origins."""
        return self._with(base_uris=[*self.settings.get("base_uris", ()), *base_uris])

    def redirecting_to(self, *uris: str) -> AppBuilder:
        """Get its answers at these login redirect URIs too."""
        return self._with(
            login_redirect_uris=[*self.settings.get("login_redirect_uris", ()), *uris]
        )

    def signing_out_to(self, *uris: str) -> AppBuilder:
        """Send the browser to these logout redirect URIs too."""
        known = self.settings.get("logout_redirect_uris", ())
        return self._with(logout_redirect_uris=[*known, *uris])

    def granted(self, *grant_types: GrantType) -> AppBuilder:
        """Use these grant types alone, instead of those usual for its type."""
        return self._with(grant_types=list(grant_types))

    def with_interaction_code(self) -> AppBuilder:
        """Sign users in on its own page, by okta-auth-js or the widget, on the Identity Engine.

        Beside the grant types that were named, or beside a code with refresh tokens.
        """
        named = self.settings.get("grant_types", ("authorization_code", "refresh_token"))
        return self._with(grant_types=[*named, "interaction_code"])

    def assigned_to(self, *logins: str) -> AppBuilder:
        """Let in these users too; an app that is assigned to nobody lets everybody in."""
        return self._with(assigned_users=[*self.settings.get("assigned_users", ()), *logins])

    def assigned_to_groups(self, *groups: str) -> AppBuilder:
        """Let in the users of these groups too."""
        return self._with(assigned_groups=[*self.settings.get("assigned_groups", ()), *groups])

    def requiring_consent(self) -> AppBuilder:
        """Ask users before it gets scopes that want their consent."""
        return self._with(consent_method="REQUIRED")

    def requiring_factor(self) -> AppBuilder:
        """Ask users for a factor beside the password, by a step-up where they gave none."""
        return self._with(requires_factor=True)

    def seed_document(self) -> dict[str, Any]:
        """Give a seed document with this app alone."""
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
    """Join seed documents to one: lists in the order given; of all else the last one counts."""
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
