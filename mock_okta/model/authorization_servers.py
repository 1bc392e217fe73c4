"""Authorization servers: their scopes, claims and access policies."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any, Literal

from msgspec import Struct

from mock_okta.model.checks import require, require_pattern, require_url

__all__ = [
    "ORG_SERVER",
    "AccessPolicy",
    "AssertionIssuer",
    "AuthorizationServer",
    "Claim",
    "ConsentMode",
    "GroupsFilter",
    "IssuerMode",
    "Lifetimes",
    "PolicyRule",
    "Scope",
]

ORG_SERVER = "org"
"""The id of the org authorization server in storage; no custom one may have it."""


class IssuerMode(StrEnum):
    """Which of the org's host names an issuer has: the requested one, or always the same."""

    DYNAMIC = "DYNAMIC"
    ORG_URL = "ORG_URL"
    CUSTOM_URL = "CUSTOM_URL"


class GroupsFilter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of a user's groups a claim lists: exactly one of the four.

    `matches`: a regular expression that must fit a group's whole name.
    """

    starts_with: str | None = None
    equals: str | None = None
    contains: str | None = None
    matches: str | None = None

    def __post_init__(self) -> None:
        given = (self.starts_with, self.equals, self.contains, self.matches)
        require(
            sum(each is not None for each in given) == 1,
            "give exactly one of 'starts_with', 'equals', 'contains', 'matches'",
        )
        if self.matches is not None:
            require_pattern(self.matches)


ConsentMode = Literal["IMPLICIT", "FLEXIBLE", "REQUIRED"]
"""Whether a scope needs the user's consent (facts/oauth C.10)."""


class Scope(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A scope of an authorization server; a default one is granted if none is requested.

    `published`: listed in discovery, as Okta's `metadataPublish`. `consent`: REQUIRED and FLEXIBLE
    ask the user of a client that requires consent; of the two, a service can only have FLEXIBLE.
    `display_name` and `description`: what the user reads then.
    """

    name: str
    display_name: str = ""
    description: str = ""
    default: bool = False
    published: bool = False
    consent: ConsentMode = "IMPLICIT"

    @property
    def title(self) -> str:
        """What the user calls it who is asked for it; Okta falls back on the name."""
        return self.display_name or self.name

    def __post_init__(self) -> None:
        require(
            self.name != "" and not any(character.isspace() for character in self.name),
            "a scope's 'name' is one word",
        )


class Claim(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A custom claim: exactly one of a static `value`, a profile `attribute`, or `groups`.

    `scopes`: each of them brings the claim; without any, every request does. `always_include`: in
    thin ID tokens too.
    """

    name: str
    token: Literal["access_token", "id_token"]
    value: Any = None
    attribute: str | None = None
    groups: GroupsFilter | None = None
    scopes: tuple[str, ...] = ()
    always_include: bool = False

    def __post_init__(self) -> None:
        sources = (self.value, self.attribute, self.groups)
        require(
            sum(source is not None for source in sources) == 1,
            "give exactly one of 'value', 'attribute', 'groups'",
        )


class Lifetimes(Struct, frozen=True, kw_only=True):
    """How long tokens live; a refresh token also ends after `refresh_token_idle` without use."""

    access_token: timedelta = timedelta(hours=1)
    refresh_token: timedelta | None = None
    refresh_token_idle: timedelta | None = timedelta(days=7)


class PolicyRule(Struct, frozen=True, kw_only=True):
    """Who may get which scopes with which grants, and for how long; None means any."""

    name: str
    grant_types: frozenset[str] | None = None
    user_ids: frozenset[str] | None = None
    group_ids: frozenset[str] | None = None
    scopes: frozenset[str] | None = None
    lifetimes: Lifetimes = Lifetimes()


class AccessPolicy(Struct, frozen=True, kw_only=True):
    """Rules for some clients (None: for all); the first that matches applies."""

    id: str
    name: str
    client_ids: frozenset[str] | None
    rules: tuple[PolicyRule, ...]


class AssertionIssuer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An issuer outside the org whose JWTs are accepted as grants (RFC 7523).

    Its keys are given here (`jwks`) or served at a URI (`jwks_uri`).
    """

    issuer: str
    jwks: tuple[Mapping[str, Any], ...] = ()
    jwks_uri: str | None = None

    def __post_init__(self) -> None:
        require(self.issuer != "", "'issuer' must not be empty")
        require(
            bool(self.jwks) != (self.jwks_uri is not None), "give exactly one of 'jwks', 'jwks_uri'"
        )
        if self.jwks_uri is not None:
            require_url("jwks_uri", self.jwks_uri)


class AuthorizationServer(Struct, frozen=True, kw_only=True):
    """The org authorization server or a custom one; `path` is the part before `/v1/token`.

    `issuer`: the one at the requested host name of the org (without a request, the first name).
    `trusted_servers`: ids of the servers whose access tokens may be exchanged here.
    """

    id: str
    name: str
    issuer: str
    audience: str
    scopes: Mapping[str, Scope]
    claims: tuple[Claim, ...] = ()
    policies: tuple[AccessPolicy, ...] = ()
    trusted_servers: frozenset[str] = frozenset()
    assertion_issuers: tuple[AssertionIssuer, ...] = ()
    issuer_mode: IssuerMode = IssuerMode.DYNAMIC

    @property
    def is_org(self) -> bool:
        """True for the org authorization server, whose rules differ (facts/oauth A.1)."""
        return self.id == ORG_SERVER

    @property
    def path(self) -> str:
        """Return `/oauth2` or `/oauth2/{id}`."""
        return "/oauth2" if self.is_org else f"/oauth2/{self.id}"

    @property
    def base_url(self) -> str:
        """Return the beginning of its issuer and of the URLs of its endpoints."""
        return self.issuer if self.is_org else self.issuer.removesuffix(self.path)
