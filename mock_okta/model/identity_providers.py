"""Identity providers outside the org, and which users sign in there."""

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from mock_okta.model.checks import require, require_profile

__all__ = ["ExternalUser", "IdentityProvider", "ProviderKind", "RoutingRule"]

ProviderKind = Literal["OKTA", "SOCIAL", "FEDERATION"]
"""Where a user's credentials are (Okta's User object, `credentials.provider.type`)."""

_ENTERPRISE = ("OIDC", "SAML2")


class ExternalUser(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A user of an identity provider; `profile` has Okta's attribute names."""

    email: str
    profile: Mapping[str, Any] = {}

    def __post_init__(self) -> None:
        require("@" in self.email, f"'email' must be an e-mail address, not {self.email!r}")
        require_profile(self.profile)


class IdentityProvider(Struct, frozen=True, kw_only=True):
    """An identity provider; `type` is Okta's name for it, such as `SAML2`."""

    id: str
    name: str
    type: str
    users: tuple[ExternalUser, ...] = ()

    @property
    def kind(self) -> ProviderKind:
        """The type of provider in its users' sessions."""
        return "FEDERATION" if self.type in _ENTERPRISE else "SOCIAL"


class RoutingRule(Struct, frozen=True, kw_only=True):
    """Which users sign in where; without domains and logins, all users.

    `provider_id`: the id of an identity provider, or None for the org itself. `logins`: what people
    type, in lower case; they need not belong to users.
    """

    id: str
    name: str
    provider_id: str | None
    domains: frozenset[str] = frozenset()
    logins: frozenset[str] = frozenset()

    def covers(self, login: str) -> bool:
        """Return whether the rule applies to that login, in upper or lower case."""
        if not self.domains and not self.logins:
            return True
        lower = login.lower()
        return lower in self.logins or lower.rpartition("@")[2] in self.domains
