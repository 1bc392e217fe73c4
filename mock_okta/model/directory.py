"""Who and what is in an org: users, clients, authorization servers and their policies."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from msgspec import Struct, structs

from mock_okta.ids import derived_id
from mock_okta.model.checks import (
    require,
    require_object_id,
    require_origin,
    require_pattern,
    require_url,
)
from mock_okta.model.factors import Factor
from mock_okta.model.identity_providers import ProviderKind

__all__ = [
    "EVERYONE",
    "ORG_SERVER",
    "AccessPolicy",
    "AppUris",
    "AssertionIssuer",
    "Assignment",
    "AuthorizationServer",
    "Claim",
    "Client",
    "ClientAuthenticationMethod",
    "ClientType",
    "ConsentMode",
    "Group",
    "GroupsClaim",
    "GroupsFilter",
    "Hide",
    "IssuerMode",
    "Lifetimes",
    "OktaApp",
    "Org",
    "PolicyRule",
    "RecoveryQuestion",
    "RefreshTokenSettings",
    "Scope",
    "TrustedOrigin",
    "TrustedOriginScope",
    "User",
    "UserStatus",
    "Visibility",
]

ORG_SERVER = "org"
"""The id under which the org authorization server is kept; no custom one may take it."""

TrustedOriginScope = Literal["CORS", "REDIRECT", "IFRAME_EMBED"]
"""What a trusted origin may do (Okta's Trusted Origins API, `scopes[].type`)."""

OktaApp = Literal["OKTA_ENDUSER"]
"""What may be framed beside the sign-in pages: the home page (`scopes[].allowedOktaApps`)."""


class TrustedOrigin(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An origin whose pages may do more than those of strangers, as its scopes say.

    `CORS`: its pages may read answers that work by cookie. `REDIRECT`: a sign-in or sign-out may
    end there. `IFRAME_EMBED`: its pages may show the org's sign-in pages in a frame, and the home
    page too with `OKTA_ENDUSER` in `allowed_okta_apps`. A seed may give an origin as text.
    """

    origin: str
    scopes: tuple[TrustedOriginScope, ...] = ("CORS", "REDIRECT")
    allowed_okta_apps: tuple[OktaApp, ...] = ()

    def __post_init__(self) -> None:
        require_origin("origin", self.origin)
        require(
            not self.allowed_okta_apps or "IFRAME_EMBED" in self.scopes,
            "'allowed_okta_apps' goes with the scope IFRAME_EMBED",
        )


EngineName = Literal["classic", "identity"]
"""The engines that an org can run: Okta Classic Engine, Okta Identity Engine."""
DEFAULT_ENGINE: EngineName = "classic"


class Org(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The org itself; `new_sign_on_emails`: users get an e-mail when a new device signs in.

    `verify_knowledge_second_when_2fa_required`: where the Identity Engine asks for two factors, it
    asks for what the user has before what they know (Okta's Attack Protection API).

    `id`: left out in a seed, it stays as it is, or is made of the first name. `engine`: what signs
    users in, the same from the org's start to its end; None in a seed leaves it as it is.
    `session_token_replaces_session`: a session token counts where the browser has a session, too,
    and a bad one ends that session. Okta switches it on for an org by request: by default Classic
    Engine ignores the token then (Okta's guide "Work with Okta session cookies").
    """

    id: str = ""
    name: str = "Mock Okta"
    engine: EngineName | None = None
    new_sign_on_emails: bool = False
    session_token_replaces_session: bool = False
    verify_knowledge_second_when_2fa_required: bool = False

    def __post_init__(self) -> None:
        if self.id:
            require_object_id("org", self.id)


class Group(Struct, frozen=True, kw_only=True):
    """A group of users: they hold its id, so its name may change (Okta's Groups API)."""

    id: str
    name: str
    type: Literal["BUILT_IN", "OKTA_GROUP", "APP_GROUP"] = "OKTA_GROUP"

    @property
    def name_in_lower_case(self) -> str:
        """What seeds and people find it by: `Admins` and `admins` are one group."""
        return self.name.lower()


EVERYONE = Group(id=derived_id("00g", "everyone"), name="Everyone", type="BUILT_IN")
"""The group that every org has."""


class Assignment(Struct, frozen=True, kw_only=True):
    """Says that an app is for a user or for the users of a group: `principal_id` is either's."""

    app_id: str
    principal_id: str


class UserStatus(StrEnum):
    """Where a user is in their life (Okta's User object, `status`)."""

    STAGED = "STAGED"
    PROVISIONED = "PROVISIONED"
    ACTIVE = "ACTIVE"
    PASSWORD_EXPIRED = "PASSWORD_EXPIRED"
    LOCKED_OUT = "LOCKED_OUT"
    RECOVERY = "RECOVERY"
    SUSPENDED = "SUSPENDED"
    DEPROVISIONED = "DEPROVISIONED"


_UNUSABLE = (
    UserStatus.STAGED,
    UserStatus.PROVISIONED,
    UserStatus.SUSPENDED,
    UserStatus.DEPROVISIONED,
)


class RecoveryQuestion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a user is asked before they replace a forgotten password."""

    question: str
    answer: str

    def __post_init__(self) -> None:
        require(self.question != "" and self.answer != "", "question and answer must not be empty")


class User(Struct, frozen=True, kw_only=True):
    """A user of the org; `profile` has Okta's attribute names (`firstName`, `timezone` …).

    `factors`: the last used first. `failures`: wrong passwords (and wrong passcodes) in a row.
    `locked_at`: since when the user is locked out, `locked_from`: what their status was before.
    `password_history`: earlier passwords, newest first. `provider`: where the password is that
    signs them in; elsewhere for a user whom an identity provider brought. `activated_at`: when they
    first became ACTIVE. These instants are None until it happens (Okta's Users API).
    """

    id: str
    login: str
    password: str
    profile: Mapping[str, Any]
    group_ids: tuple[str, ...]
    created_at: datetime
    last_updated_at: datetime
    password_changed_at: datetime
    activated_at: datetime | None = None
    status_changed_at: datetime | None = None
    last_login_at: datetime | None = None
    status: UserStatus = UserStatus.ACTIVE
    factors: tuple[Factor, ...] = ()
    recovery_question: RecoveryQuestion | None = None
    password_history: tuple[str, ...] = ()
    failures: int = 0
    locked_at: datetime | None = None
    locked_from: UserStatus | None = None
    provider: ProviderKind = "OKTA"

    @property
    def email(self) -> str | None:
        """The address in lower case, by which an identity provider's user is found."""
        address = self.profile.get("email")
        return None if address is None else str(address).lower()

    def in_status(self, status: UserStatus, at: datetime) -> "User":
        """Return the user in that status from `at` on; a user who is in it already, unchanged."""
        if status is self.status:
            return self
        is_first = status is UserStatus.ACTIVE and self.activated_at is None
        return structs.replace(
            self,
            status=status,
            status_changed_at=at,
            activated_at=at if is_first else self.activated_at,
        )

    @property
    def is_usable(self) -> bool:
        """Whether what was handed out to the user counts: sessions, codes and tokens.

        A lock-out and an expired password keep nobody out who is signed in already.
        """
        return self.status not in _UNUSABLE


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


class GroupsClaim(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which groups the org authorization server names to an app, and in which claim.

    Exactly one of the four filters, by the names of Okta's Apps API. `regex` must fit a group's
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
    """How an app's refresh tokens live: ROTATE gives a new one at each use, STATIC the same.

    `leeway`: seconds in which a rotated one is still taken, from 0 to 60.
    """

    rotation_type: Literal["ROTATE", "STATIC"]
    leeway: int = 30

    def __post_init__(self) -> None:
        require(0 <= self.leeway <= 60, "'leeway' is from 0 to 60 seconds")


class Hide(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an app is not shown: `web` is the user's home page."""

    web: bool = False


class Visibility(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether users see an app among theirs."""

    hide: Hide = Hide()


class IssuerMode(StrEnum):
    """Which of the org's names an issuer has: the one that is asked, or always the same."""

    DYNAMIC = "DYNAMIC"
    ORG_URL = "ORG_URL"
    CUSTOM_URL = "CUSTOM_URL"


class AppUris(Struct, frozen=True, kw_only=True):
    """What an app shows of itself where a user is asked about it; each may be missing."""

    logo: str | None = None
    home: str | None = None
    terms: str | None = None
    privacy: str | None = None


class Client(Struct, frozen=True, kw_only=True):
    """An app seen from OAuth.

    `client_secret`: None for a public client and for one that signs with a key of its own, which
    `jwks` lists or `jwks_uri` serves. `is_for_everybody`: it needs no assignment.
    `okta_scopes`: the `okta.*` scopes that the org authorization server may give it.
    `dpop_bound_access_tokens`: every token request must prove a key (RFC 9449 5.2).
    `requires_factor`: the app's sign-on policy asks for more than a password. `requires_pkce`: also
    of a client that authenticates itself. `has_wildcards`: a `*` in the first label of a login
    redirect URI's host stands for any characters but a dot. `groups_claim`: which groups the org
    authorization server names to it; None for no groups. `initiate_login_uri`: where a sign-in
    begins that starts at the org (OIDC Core 4). `email_callback_uri`: the app's own page for
    links of e-mails, in the Identity Engine. `issuer_mode`: which issuer the org authorization
    server has for it. `authentication_policy_id`: what the app wants proved, None for the org's
    default: any one factor. `granular_consent`: users may decline FLEXIBLE scopes, in the Identity
    Engine.
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
    refresh_token: RefreshTokenSettings
    requires_consent: bool = False
    granular_consent: bool = False
    is_for_everybody: bool = True
    okta_scopes: frozenset[str] = frozenset()
    dpop_bound_access_tokens: bool = False
    requires_factor: bool = False
    requires_pkce: bool = False
    has_wildcards: bool = False
    groups_claim: GroupsClaim | None = None
    initiate_login_uri: str | None = None
    email_callback_uri: str | None = None
    uris: AppUris = AppUris()
    visibility: Visibility = Visibility()
    issuer_mode: IssuerMode = IssuerMode.DYNAMIC
    authentication_policy_id: str | None = None

    @property
    def is_public(self) -> bool:
        """Whether the client has nothing to prove itself by but PKCE."""
        return self.authentication_method is ClientAuthenticationMethod.NONE


ConsentMode = Literal["IMPLICIT", "FLEXIBLE", "REQUIRED"]
"""Whether a scope needs the user's consent (facts/oauth C.10)."""


class Scope(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A scope of an authorization server; a default one is granted when none is asked for.

    `published`: listed in discovery, as Okta's `metadataPublish`. `consent`: REQUIRED and FLEXIBLE
    ask the user of a client that requires consent; a service can have FLEXIBLE ones alone.
    """

    name: str
    description: str = ""
    default: bool = False
    published: bool = False
    consent: ConsentMode = "IMPLICIT"

    def __post_init__(self) -> None:
        require(
            self.name != "" and not any(character.isspace() for character in self.name),
            "a scope's 'name' is one word",
        )


class Claim(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A custom claim: exactly one of a static `value`, a profile `attribute`, or `groups`.

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

    def __post_init__(self) -> None:
        sources = (self.value, self.attribute, self.groups)
        require(
            sum(source is not None for source in sources) == 1,
            "give exactly one of 'value', 'attribute', 'groups'",
        )


class Lifetimes(Struct, frozen=True, kw_only=True):
    """How long tokens live; a refresh token also ends when unused for `refresh_token_idle`."""

    access_token: timedelta = timedelta(hours=1)
    refresh_token: timedelta | None = None
    refresh_token_idle: timedelta | None = timedelta(days=7)


class PolicyRule(Struct, frozen=True, kw_only=True):
    """Who may have which scopes by which grants, and for how long; None means any."""

    name: str
    grant_types: frozenset[str] | None = None
    user_ids: frozenset[str] | None = None
    group_ids: frozenset[str] | None = None
    scopes: frozenset[str] | None = None
    lifetimes: Lifetimes = Lifetimes()


class AccessPolicy(Struct, frozen=True, kw_only=True):
    """Rules for some clients (None: for all), the first that fits counts."""

    id: str
    name: str
    client_ids: frozenset[str] | None
    rules: tuple[PolicyRule, ...]


class AssertionIssuer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An issuer outside the org whose JWTs are taken as grants (RFC 7523).

    Its keys are given here (`jwks`), or are at a URI.
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
    """The org authorization server or a custom one; `path` is what precedes `/v1/token`.

    `issuer`: as it is at the name of the org that is asked (the first one where none is).
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
    issuer_mode: IssuerMode = IssuerMode.DYNAMIC

    @property
    def is_org(self) -> bool:
        """Whether this is the org authorization server, whose rules differ (facts/oauth A.1)."""
        return self.id == ORG_SERVER

    @property
    def path(self) -> str:
        """Return `/oauth2` or `/oauth2/{id}`."""
        return "/oauth2" if self.is_org else f"/oauth2/{self.id}"

    @property
    def base_url(self) -> str:
        """Return what its issuer and the URLs of its endpoints begin with."""
        return self.issuer if self.is_org else self.issuer.removesuffix(self.path)
