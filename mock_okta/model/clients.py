"""Apps, as OAuth sees them: clients, and what administrators set for each."""

from enum import StrEnum
from typing import Any, Literal

from msgspec import Struct

from mock_okta.model.authorization_servers import GroupsFilter, IssuerMode
from mock_okta.model.checks import require, require_pattern

__all__ = [
    "AppUris",
    "Client",
    "ClientAuthenticationMethod",
    "ClientSettings",
    "ClientType",
    "GroupsClaim",
    "Hide",
    "RefreshTokenSettings",
    "Visibility",
]


class ClientType(StrEnum):
    """The type of an app; the value is OAuth's `application_type`."""

    SPA = "browser"
    WEB = "web"
    NATIVE = "native"
    SERVICE = "service"


class ClientAuthenticationMethod(StrEnum):
    """How a client authenticates itself (OIDC Core 9)."""

    CLIENT_SECRET_BASIC = "client_secret_basic"
    CLIENT_SECRET_POST = "client_secret_post"
    CLIENT_SECRET_JWT = "client_secret_jwt"
    PRIVATE_KEY_JWT = "private_key_jwt"
    NONE = "none"


class GroupsClaim(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which groups an app gets from the org authorization server, and in which claim.

    Exactly one of the four filters, with the names of Okta's Apps API. `regex` must fit a group's
    whole name (facts/oauth F.5).
    """

    name: str = "groups"
    starts_with: str | None = None
    equals: str | None = None
    contains: str | None = None
    regex: str | None = None

    def __post_init__(self) -> None:
        require(self.name.strip() != "", "'name' must not be empty")
        given = (self.starts_with, self.equals, self.contains, self.regex)
        require(
            sum(each is not None for each in given) == 1,
            "give exactly one of 'starts_with', 'equals', 'contains', 'regex'",
        )
        if self.regex is not None:
            require_pattern(self.regex)

    @property
    def groups(self) -> GroupsFilter:
        """The filter, as claims of a custom authorization server have it."""
        return GroupsFilter(
            starts_with=self.starts_with,
            equals=self.equals,
            contains=self.contains,
            matches=self.regex,
        )


class RefreshTokenSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an app's refresh tokens behave: ROTATE gives a new one at each use, STATIC the same.

    `leeway`: for how many seconds a rotated one is still accepted, from 0 to 60.
    """

    rotation_type: Literal["ROTATE", "STATIC"]
    leeway: int = 30

    def __post_init__(self) -> None:
        require(0 <= self.leeway <= 60, "'leeway' is from 0 to 60 seconds")


class Hide(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an app is hidden: `web` is the user's home page."""

    web: bool = False


class Visibility(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where users see an app among theirs."""

    hide: Hide = Hide()


class AppUris(Struct, frozen=True, kw_only=True):
    """An app's logo and links, shown where a user is asked for consent; each is optional."""

    logo: str | None = None
    home: str | None = None
    terms: str | None = None
    privacy: str | None = None


class ClientSettings(Struct, frozen=True, kw_only=True):
    """The settings of an app that are the same in a seed and in storage; see `SeedClient`."""

    name: str
    jwks: tuple[dict[str, Any], ...] = ()
    jwks_uri: str | None = None
    login_redirect_uris: tuple[str, ...] = ()
    logout_redirect_uris: tuple[str, ...] = ()
    dpop_bound_access_tokens: bool = False
    requires_factor: bool = False
    groups_claim: GroupsClaim | None = None
    initiate_login_uri: str | None = None
    email_callback_uri: str | None = None
    visibility: Visibility = Visibility()


class Client(ClientSettings, frozen=True, kw_only=True):
    """An app seen from OAuth.

    `client_secret`: None for a public client and for one that signs with its own key.
    `is_for_everybody`: the app is assigned to everyone. `okta_scopes`: the `okta.*` scopes that it
    may get from the org authorization server. `requires_pkce`: even from a client that
    authenticates itself. `has_wildcards`: a `*` in the first label of a login redirect URI's host
    matches any characters but a dot. `issuer_mode`: the issuer that the org authorization server
    has for it. `authentication_policy_id`: what the app wants proved, None for the org's default:
    any one factor.
    """

    client_id: str
    type: ClientType
    authentication_method: ClientAuthenticationMethod
    client_secret: str | None
    grant_types: frozenset[str]
    refresh_token: RefreshTokenSettings
    requires_consent: bool = False
    granular_consent: bool = False
    is_for_everybody: bool = True
    okta_scopes: frozenset[str] = frozenset()
    requires_pkce: bool = False
    has_wildcards: bool = False
    uris: AppUris = AppUris()
    issuer_mode: IssuerMode = IssuerMode.DYNAMIC
    authentication_policy_id: str | None = None

    @property
    def is_public(self) -> bool:
        """True for a client that does not authenticate itself."""
        return self.authentication_method is ClientAuthenticationMethod.NONE
