"""Identity providers of the seed document, and the rules that send users to them."""

from typing import Literal

from msgspec import Struct

from mock_okta.model.checks import require, require_distinct
from mock_okta.model.identity_providers import ExternalUser

__all__ = ["SeedIdentityProvider", "SeedRoutingRule"]


class SeedIdentityProvider(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An identity provider outside the org, simulated by the org: its page asks only who you are.

    Its answer signs in the user with that login or e-mail address, or creates one. The page offers
    `users`; any other address can be typed.
    """

    name: str
    type: Literal["GOOGLE", "FACEBOOK", "LINKEDIN", "MICROSOFT", "APPLE", "OIDC", "SAML2"] = "OIDC"
    id: str | None = None
    users: tuple[ExternalUser, ...] = ()

    def __post_init__(self) -> None:
        require(self.name.strip() != "", "'name' must not be empty")
        require(self.name != "OKTA" and self.id != "OKTA", "'OKTA' is the org itself")
        require(
            self.id is None or (self.id.isascii() and self.id.isalnum()),
            "an identity provider's 'id' may have only letters and digits",
        )
        require_distinct("users", "email", [user.email.lower() for user in self.users])


class SeedRoutingRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where users sign in: the first rule that matches the login; without a match, the org itself.

    `idp`: the id or name of an identity provider, or `OKTA` for the org itself. `domains`: the
    part after the `@`. Without `domains` and `logins` the rule matches every login.
    """

    idp: str
    name: str | None = None
    domains: tuple[str, ...] = ()
    logins: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require(self.idp != "", "'idp' must not be empty")
        for domain in self.domains:
            require(
                domain != "" and "@" not in domain,
                f"domains: expected a domain like example.org, not {domain!r}",
            )
