"""The records that an org keeps."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from msgspec import Struct, field

__all__ = [
    "ORG_SERVER",
    "AccessPolicy",
    "Activation",
    "ApiToken",
    "AssertionIssuer",
    "AuthorizationCode",
    "AuthorizationServer",
    "Claim",
    "Client",
    "ClientAuthenticationMethod",
    "ClientType",
    "Consent",
    "DeviceAuthorization",
    "DeviceDecision",
    "GroupsFilter",
    "Lifetimes",
    "Message",
    "ParkedAuthorization",
    "PolicyRule",
    "PushedAuthorization",
    "RateLimit",
    "RefreshToken",
    "Reissue",
    "RequestCount",
    "Revocation",
    "Scope",
    "Session",
    "SessionToken",
    "UsedId",
    "User",
    "UserCode",
    "UserRevocation",
]

ORG_SERVER = "org"
"""The id under which the org authorization server is kept; no custom one may take it."""


class User(Struct, frozen=True, kw_only=True):
    """A user of the org; `profile` has Okta's attribute names (`firstName`, `timezone` …)."""

    id: str
    login: str
    password: str
    profile: Mapping[str, Any]
    groups: tuple[str, ...]
    created_at: datetime
    last_updated_at: datetime
    password_changed_at: datetime


class ClientType(StrEnum):
    """What the console asks for first; the value is OAuth's `application_type`."""

    SPA = "browser"
    WEB = "web"
    NATIVE = "native"
    SERVICE = "service"


class ClientAuthenticationMethod(StrEnum):
    """How a client shows who it is (OIDC Core 9)."""

    CLIENT_SECRET_BASIC = "client_secret_basic"
    CLIENT_SECRET_POST = "client_secret_post"
    CLIENT_SECRET_JWT = "client_secret_jwt"
    PRIVATE_KEY_JWT = "private_key_jwt"
    NONE = "none"


class Client(Struct, frozen=True, kw_only=True):
    """An app seen from OAuth.

    `client_secret`: None for a public client and for one that signs with a key of its own, which
    `jwks` lists or `jwks_uri` serves. Nobody in particular assigned: everybody is.
    `okta_scopes`: the `okta.*` scopes that the org authorization server may give it.
    `dpop_bound_access_tokens`: every token request must prove a key (RFC 9449 5.2).
    """

    client_id: str
    name: str
    type: ClientType
    authentication_method: ClientAuthenticationMethod
    client_secret: str | None
    jwks: tuple[Mapping[str, Any], ...] = ()
    jwks_uri: str | None = None
    login_redirect_uris: tuple[str, ...]
    logout_redirect_uris: tuple[str, ...]
    grant_types: frozenset[str]
    rotates_refresh_tokens: bool
    requires_consent: bool = False
    assigned_users: frozenset[str] = frozenset()
    assigned_groups: frozenset[str] = frozenset()
    okta_scopes: frozenset[str] = frozenset()
    dpop_bound_access_tokens: bool = False

    @property
    def is_public(self) -> bool:
        """Whether the client has nothing to prove itself by but PKCE."""
        return self.authentication_method is ClientAuthenticationMethod.NONE


class Consent(StrEnum):
    """Whether a scope needs the user's consent (contract C.10)."""

    IMPLICIT = "IMPLICIT"
    FLEXIBLE = "FLEXIBLE"
    REQUIRED = "REQUIRED"


class Scope(Struct, frozen=True, kw_only=True):
    """A scope of an authorization server; a default one is granted when none is asked for."""

    name: str
    description: str = ""
    default: bool = False
    published: bool = False
    consent: Consent = Consent.IMPLICIT


class GroupsFilter(Struct, frozen=True, kw_only=True):
    """Which of a user's groups a claim lists."""

    kind: Literal["starts_with", "equals", "contains", "matches"]
    pattern: str


class Claim(Struct, frozen=True, kw_only=True):
    """A custom claim: a static value, a profile attribute, or the user's filtered groups.

    `scopes`: any of them brings the claim; none given, every request does.
    `always_include`: present in thin ID tokens too.
    """

    name: str
    token: Literal["access_token", "id_token"]
    value: Any = None
    attribute: str | None = None
    groups: GroupsFilter | None = None
    scopes: tuple[str, ...] = ()
    always_include: bool = False


class Lifetimes(Struct, frozen=True, kw_only=True):
    """How long tokens live; a refresh token also ends when unused for `refresh_token_idle`."""

    access_token: timedelta = timedelta(hours=1)
    refresh_token: timedelta | None = None
    refresh_token_idle: timedelta | None = timedelta(days=7)


class PolicyRule(Struct, frozen=True, kw_only=True):
    """Who may have which scopes by which grants, and for how long; None means any."""

    name: str
    grant_types: frozenset[str] | None = None
    users: frozenset[str] | None = None
    groups: frozenset[str] | None = None
    scopes: frozenset[str] | None = None
    lifetimes: Lifetimes = Lifetimes()


class AccessPolicy(Struct, frozen=True, kw_only=True):
    """Rules for some clients (None: for all), the first that fits counts."""

    name: str
    clients: frozenset[str] | None
    rules: tuple[PolicyRule, ...]


class AssertionIssuer(Struct, frozen=True, kw_only=True):
    """Somebody outside the org whose signed word on who the user is counts (RFC 7523)."""

    issuer: str
    jwks: tuple[Mapping[str, Any], ...] = ()
    jwks_uri: str | None = None


class AuthorizationServer(Struct, frozen=True, kw_only=True):
    """The org authorization server or a custom one; `path` is what precedes `/v1/token`.

    `trusted_servers`: ids of those whose access tokens may be exchanged here.
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

    @property
    def is_org(self) -> bool:
        """Whether this is the org authorization server, whose rules differ (contract A.1)."""
        return self.id == ORG_SERVER

    @property
    def path(self) -> str:
        """Return `/oauth2` or `/oauth2/{id}`."""
        return "/oauth2" if self.is_org else f"/oauth2/{self.id}"


class Session(Struct, frozen=True, kw_only=True):
    """A user's session at the org: the cookie `sid`."""

    id: str
    user_id: str
    amr: tuple[str, ...]
    created_at: datetime
    authenticated_at: datetime
    expires_at: datetime


class SessionToken(Struct, frozen=True, kw_only=True):
    """What primary authentication proved, to be turned into a session once."""

    user_id: str
    amr: tuple[str, ...]
    authenticated_at: datetime
    expires_at: datetime


class ParkedAuthorization(Struct, frozen=True, kw_only=True):
    """A request to /authorize that waits, under its `okta_key`, for the user to sign in.

    `session_id`: the session that was not good enough, so that only another one resumes; of a
    request that waits for consent, the one that is asked.
    """

    server_id: str
    parameters: tuple[tuple[str, str], ...]
    session_id: str | None
    expires_at: datetime


class PushedAuthorization(Struct, frozen=True, kw_only=True):
    """The parameters that a client pushed, under their `request_uri`."""

    server_id: str
    client_id: str
    parameters: tuple[tuple[str, str], ...]
    expires_at: datetime


class AuthorizationCode(Struct, frozen=True, kw_only=True):
    """What an authorization code stands for."""

    server_id: str
    client_id: str
    user_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    lifetimes: Lifetimes
    nonce: str | None
    acr: str | None
    code_challenge: str | None
    amr: tuple[str, ...]
    authenticated_at: datetime
    expires_at: datetime


class DeviceDecision(StrEnum):
    """What the user said of a device."""

    PENDING = "pending"
    ALLOWED = "allowed"
    DENIED = "denied"


class DeviceAuthorization(Struct, frozen=True, kw_only=True):
    """A device that waits, under its device code, for a user to allow it (RFC 8628).

    `polled_at`: when it last asked in vain. From `user_id` on: set once a user allowed it.
    """

    server_id: str
    client_id: str
    scopes: tuple[str, ...]
    expires_at: datetime
    decision: DeviceDecision = DeviceDecision.PENDING
    polled_at: datetime | None = None
    user_id: str | None = None
    lifetimes: Lifetimes = Lifetimes()
    amr: tuple[str, ...] = ()
    authenticated_at: datetime | None = None


class UserCode(Struct, frozen=True, kw_only=True):
    """Which device a user code stands for, until somebody decides."""

    device_code: str
    expires_at: datetime


class Activation(Struct, frozen=True, kw_only=True):
    """A device that was shown to a user to decide on, under a one-time key of that session."""

    user_code: str
    session_id: str
    expires_at: datetime


class RefreshToken(Struct, frozen=True, kw_only=True):
    """What a refresh token stands for; `family` (`oar…`) stays the same when it rotates.

    `ends_at`: when the family ends however often it is used; None for never. `successor` and
    `rotated_at` are set once it was rotated. `jkt`: the thumbprint of the key that a public client
    must prove to use it (RFC 9449 5).
    """

    family: str
    server_id: str
    client_id: str
    user_id: str
    scopes: tuple[str, ...]
    nonce: str | None
    acr: str | None
    amr: tuple[str, ...]
    authenticated_at: datetime
    ends_at: datetime | None
    expires_at: datetime
    successor: str | None = None
    rotated_at: datetime | None = None
    jkt: str | None = None


class Revocation(Struct, frozen=True, kw_only=True):
    """Says that a token (by `jti`) or a refresh family (by `oar…`) is good no more."""

    expires_at: datetime


class UserRevocation(Struct, frozen=True, kw_only=True):
    """Says that all access tokens of a user are dead that were issued up to `revoked_at`.

    Tokens say when they were issued in whole seconds alone, and a clock may stand still or go back:
    one that was issued later, but does not look so, is named in a `Reissue` with the same `id`.
    """

    id: str
    revoked_at: datetime
    expires_at: datetime


class Reissue(Struct, frozen=True, kw_only=True):
    """Says that an access token was issued after the revocation of that `id`."""

    revocation_id: str
    expires_at: datetime


class ApiToken(Struct, frozen=True, kw_only=True):
    """An API token (`Authorization: SSWS …`), of the user with that login, if any."""

    token: str
    login: str | None


class RateLimit(Struct, frozen=True, kw_only=True):
    """How many requests a minute may come to a path and all below it."""

    path: str
    limit: int


class RequestCount(Struct, frozen=True, kw_only=True):
    """How many requests came in the window that ends at `reset` (epoch seconds)."""

    count: int
    reset: int
    expires_at: datetime


class UsedId(Struct, frozen=True, kw_only=True):
    """Says that the `jti` of a one-time JWT was seen."""

    expires_at: datetime


class Message(Struct, frozen=True, kw_only=True):
    """Something Okta would have sent, kept for the tester."""

    id: str
    channel: Literal["email"]
    to: str
    template: str
    subject: str
    text: str
    created_at: datetime = field()
