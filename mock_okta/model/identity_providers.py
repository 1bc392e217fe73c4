"""Who else may sign users in: identity providers outside the org, and which users go there."""

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from mock_okta.model.checks import require, require_profile

__all__ = ["ExternalUser", "IdentityProvider", "ProviderKind", "RoutingRule"]

ProviderKind = Literal["OKTA", "SOCIAL", "FEDERATION"]
"""Where a user's credentials are: Okta's User object, `credentials.provider.type`."""

_ENTERPRISE = ("OIDC", "SAML2")


class ExternalUser(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody whom the identity provider knows; `profile` has Okta's attribute names."""

    email: str
    profile: Mapping[str, Any] = {}

    def __post_init__(self) -> None:
        require("@" in self.email, f"'email' must be an e-mail address, not {self.email!r}")
        require_profile(self.profile)


class IdentityProvider(Struct, frozen=True, kw_only=True):
    """An identity provider; `type` is Okta's word for it, such as `SAML2`."""

    id: str
    name: str
    type: str
    users: tuple[ExternalUser, ...] = ()

    @property
    def kind(self) -> ProviderKind:
        """Tell what its users' sessions say of it."""
        return "FEDERATION" if self.type in _ENTERPRISE else "SOCIAL"


class RoutingRule(Struct, frozen=True, kw_only=True):
    """Which users sign in where; with neither domains nor logins, everybody.

    `provider_id`: that of an identity provider, or None for the org itself. `logins`, in lower
    case, are what people type: nobody needs to have them.
    """

    id: str
    name: str
    provider_id: str | None
    domains: frozenset[str] = frozenset()
    logins: frozenset[str] = frozenset()

    def covers(self, login: str) -> bool:
        """Tell whether the rule is for that login, in whatever case it is written."""
        if not self.domains and not self.logins:
            return True
        lower = login.lower()
        return lower in self.logins or lower.rpartition("@")[2] in self.domains
