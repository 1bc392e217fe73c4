"""Identity providers of the seed document, and the rules that send users to them."""

from typing import Any, Literal

from msgspec import Struct, field

from mock_okta.model.seed.checks import require, require_distinct, require_profile

__all__ = ["SeedExternalUser", "SeedIdentityProvider", "SeedRoutingRule"]


class SeedExternalUser(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody whom the identity provider knows; `profile` has Okta's attribute names."""

    email: str
    profile: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require("@" in self.email, f"'email' must be an e-mail address, not {self.email!r}")
        require_profile(self.profile)


class SeedIdentityProvider(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An identity provider outside the org, played by the org itself: it asks who one is, no more.

    Whoever comes back is the user with that login or e-mail address, or becomes one. `users` are
    offered on its page; any other address can be typed there.
    """

    name: str
    type: Literal["GOOGLE", "FACEBOOK", "LINKEDIN", "MICROSOFT", "APPLE", "OIDC", "SAML2"] = "OIDC"
    id: str | None = None
    users: tuple[SeedExternalUser, ...] = ()

    def __post_init__(self) -> None:
        require(self.name.strip() != "", "'name' must not be empty")
        require(self.name != "OKTA" and self.id != "OKTA", "'OKTA' is the org itself")
        require(
            self.id is None or (self.id.isascii() and self.id.isalnum()),
            "an identity provider's 'id' has letters and digits alone",
        )
        require_distinct("users", "email", [user.email.lower() for user in self.users])


class SeedRoutingRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who signs in where: the first rule that fits a login counts; where none does, here.

    `idp`: the id or name of an identity provider, or `OKTA` for the org itself. `domains`: what
    follows the `@`; with neither these nor `logins` the rule is for everybody.
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
                f"domains: expected one such as example.org, not {domain!r}",
            )
