"""The types of the seed document; clients have the settings of Okta's admin console."""

from functools import cache
from typing import Any, Literal

import msgspec
from msgspec import Struct, field

from mock_okta.model.authorization_servers import AssertionIssuer, Claim, Scope
from mock_okta.model.checks import (
    has_wildcard,
    require,
    require_distinct,
    require_okta_scope,
    require_origin,
    require_redirect_uri,
    require_server_id,
    require_subdomain_wildcard,
    require_url,
    require_web_uri,
)
from mock_okta.model.clients import ClientSettings, RefreshTokenSettings
from mock_okta.model.directory import Org, RateLimit, TrustedOrigin
from mock_okta.model.seed.authentication import (
    SeedAuthenticationPolicy,
    SeedAuthenticator,
    SeedProfileEnrollment,
)
from mock_okta.model.seed.default_org import default_clients, default_servers, default_users
from mock_okta.model.seed.grant_types import DEFAULT_GRANT_TYPES, GrantType, require_grant_types
from mock_okta.model.seed.identity_providers import SeedIdentityProvider, SeedRoutingRule
from mock_okta.model.seed.policies import (
    SeedEnrollmentPolicy,
    SeedPasswordPolicy,
    SeedRegistration,
    SeedSignOnPolicy,
)
from mock_okta.model.seed.users import SeedApiToken, SeedUser

__all__ = [
    "AppType",
    "Seed",
    "SeedAuthorizationServer",
    "SeedClient",
    "SeedPolicy",
    "SeedRule",
]

AppType = Literal["spa", "web", "native", "service"]
"""What the admin console asks for first."""
IssuerMode = Literal["DYNAMIC", "ORG_URL", "CUSTOM_URL"]
AuthenticationMethod = Literal[
    "client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none"
]
_POLICIES = (
    "password_policies",
    "sign_on_policies",
    "enrollment_policies",
    "authentication_policies",
)
_FIVE_YEARS = 5 * 365 * 24 * 60


class SeedClient(ClientSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An app integration, with the console's settings; `name` is the application name.

    `base_uris` become trusted origins. `grant_types`: the default is the console's for the type.
    `token_endpoint_auth_method`: the default is `none` for a public client, `client_secret_basic`
    for others; `private_key_jwt` needs the public keys, in `jwks` or at `jwks_uri`, and any client
    may have some to sign request objects. Without assigned users and groups, the app is assigned to
    everyone. `okta_scopes`: the `okta.*` scopes granted to it.
    `dpop_bound_access_tokens`: every token request must carry a DPoP proof. `requires_factor`: the
    app asks for a factor beside the password, by a step-up if the session has none.
    `pkce_required`: always true for a public client. `wildcard_redirect`: SUBDOMAIN allows one `*`
    in the first label of a login redirect URI's host. `groups_claim`: the groups that it gets from
    the org authorization server with the scope `groups`; the default is none. `refresh_token`: by
    default, those of a public client rotate, others do not. `initiate_login_uri`: where the app's
    link on the home page leads (OIDC Core 4). `email_callback_uri`: the app's page that takes the
    passcode of an e-mail's link (`?otp=…&state=…`), in the Identity Engine; without one, the org
    shows a page. `logo_uri`, `client_uri`, `tos_uri`, `policy_uri`: shown when the user is asked
    for consent. `visibility`: whether it is on the home page.
    `issuer_mode`: which of the org's host names the org authorization server's issuer has for it.
    `granular_consent`: users choose which FLEXIBLE scopes the app gets, in the Identity Engine.
    `authentication_policy`: the name of one, for sign-ins by the Identity Engine; without one, any
    one factor is enough.
    """

    type: AppType
    client_id: str | None = None
    client_secret: str | None = None
    token_endpoint_auth_method: AuthenticationMethod | None = None
    base_uris: tuple[str, ...] = ()
    grant_types: tuple[GrantType, ...] | None = None
    consent_method: Literal["TRUSTED", "REQUIRED"] = "TRUSTED"
    granular_consent: bool = False
    assigned_users: tuple[str, ...] = ()
    assigned_groups: tuple[str, ...] = ()
    okta_scopes: tuple[str, ...] = ()
    pkce_required: bool | None = None
    wildcard_redirect: Literal["DISABLED", "SUBDOMAIN"] = "DISABLED"
    refresh_token: RefreshTokenSettings | None = None
    logo_uri: str | None = None
    client_uri: str | None = None
    tos_uri: str | None = None
    policy_uri: str | None = None
    issuer_mode: IssuerMode = "DYNAMIC"
    authentication_policy: str | None = None

    def __post_init__(self) -> None:
        require(self.name.strip() != "", "'name' must not be empty")
        for index, uri in enumerate(self.base_uris):
            require_origin(f"base_uris[{index}]", uri)
        for name in ("login_redirect_uris", "logout_redirect_uris"):
            for index, uri in enumerate(getattr(self, name)):
                require_redirect_uri(f"{name}[{index}]", uri)
        if self.jwks_uri is not None:
            require_url("jwks_uri", self.jwks_uri)
        for uri in filter(has_wildcard, self.login_redirect_uris):
            require(
                self.wildcard_redirect == "SUBDOMAIN",
                f"login_redirect_uris: {uri!r} needs wildcard_redirect 'SUBDOMAIN'",
            )
            require_subdomain_wildcard("login_redirect_uris", uri)
        for name in (
            "initiate_login_uri",
            "email_callback_uri",
            "logo_uri",
            "client_uri",
            "tos_uri",
            "policy_uri",
        ):
            require_web_uri(name, getattr(self, name))
        require(
            self.consent_method == "REQUIRED" or not self.granular_consent,
            "'granular_consent' goes with the consent_method 'REQUIRED'",
        )
        self._check_authentication()
        require_grant_types(self.type, self.authentication_method, self.allowed_grant_types)
        if self.type == "service":
            require(not self.login_redirect_uris, "a service client has no redirect URIs")
        for scope in self.okta_scopes:
            require_okta_scope(scope)

    def _check_authentication(self) -> None:
        method = self.authentication_method
        require(
            self.type in ("web", "service") or method == "none",
            f"a client of type '{self.type}' is public: its token_endpoint_auth_method is 'none'",
        )
        require(
            self.type != "service" or method != "none", "a service client must authenticate itself"
        )
        require(
            self.client_secret is None or method.startswith("client_secret"),
            f"a client that authenticates by '{method}' has no secret",
        )
        has_keys = bool(self.jwks) or self.jwks_uri is not None
        require(
            has_keys or method != "private_key_jwt",
            "'private_key_jwt' needs keys: 'jwks' or 'jwks_uri'",
        )
        require(
            self.pkce_required is not False or method != "none",
            "a public client always needs PKCE: 'pkce_required' cannot be false",
        )

    @property
    def authentication_method(self) -> AuthenticationMethod:
        """Return how the client authenticates, the default filled in."""
        if self.token_endpoint_auth_method is not None:
            return self.token_endpoint_auth_method
        return "none" if self.type in ("spa", "native") else "client_secret_basic"

    @property
    def allowed_grant_types(self) -> tuple[GrantType, ...]:
        """Return the grant types, defaults filled in."""
        return DEFAULT_GRANT_TYPES[self.type] if self.grant_types is None else self.grant_types


class SeedRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule of an access policy; what is left out means any. Lifetimes are in minutes.

    `refresh_token_lifetime_minutes`: 0 means no limit, as in the console.
    """

    name: str = "Default rule"
    grant_types: tuple[GrantType, ...] | None = None
    users: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None
    scopes: tuple[str, ...] | None = None
    access_token_lifetime_minutes: int = 60
    refresh_token_lifetime_minutes: int = 0
    refresh_token_window_minutes: int = 10080

    def __post_init__(self) -> None:
        require(
            5 <= self.access_token_lifetime_minutes <= 1440,
            "'access_token_lifetime_minutes' is from 5 to 1440",
        )
        require(
            0 <= self.refresh_token_lifetime_minutes <= _FIVE_YEARS
            and 10 <= self.refresh_token_window_minutes <= _FIVE_YEARS,
            "refresh token lifetimes are from 10 minutes (0: no limit) to five years",
        )


class SeedPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An access policy of an authorization server, for all clients or those named."""

    name: str = "Default policy"
    clients: tuple[str, ...] | None = None
    rules: tuple[SeedRule, ...] = field(default_factory=lambda: (SeedRule(),))


class SeedAuthorizationServer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A custom authorization server, at `/oauth2/{id}`.

    `trusted_servers`: ids of custom authorization servers whose access tokens may be exchanged
    here. `trusted_assertion_issuers`: whose assertions the JWT bearer grant takes. `issuer_mode`:
    which of the org's names its issuer has: the one that is asked (DYNAMIC), or always the org's
    own or its custom domain.

    Deviation: without `policies` there is one that allows everything, where Okta's fresh servers
    refuse every request.
    """

    id: str
    name: str | None = None
    audiences: tuple[str, ...] = ("api://default",)
    scopes: tuple[Scope, ...] = ()
    claims: tuple[Claim, ...] = ()
    policies: tuple[SeedPolicy, ...] = field(default_factory=lambda: (SeedPolicy(),))
    trusted_servers: tuple[str, ...] = ()
    trusted_assertion_issuers: tuple[AssertionIssuer, ...] = ()
    issuer_mode: IssuerMode = "DYNAMIC"

    def __post_init__(self) -> None:
        require_server_id(self.id)
        require(len(self.audiences) == 1, "an authorization server has exactly one audience")
        require_distinct("scopes", "name", [scope.name for scope in self.scopes])
        require("org" not in self.trusted_servers, "'trusted_servers' are custom ones")
        issuers = [trusted.issuer for trusted in self.trusted_assertion_issuers]
        require_distinct("trusted_assertion_issuers", "issuer", issuers)


@cache  # once a process: the many URIs take longer to check than an org takes to start
def _default_users() -> tuple[SeedUser, ...]:
    return msgspec.convert(default_users(), tuple[SeedUser, ...])


@cache
def _default_clients() -> tuple[SeedClient, ...]:
    return msgspec.convert(default_clients(), tuple[SeedClient, ...])


@cache
def _default_servers() -> tuple[SeedAuthorizationServer, ...]:
    return msgspec.convert(default_servers(), tuple[SeedAuthorizationServer, ...])


class Seed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an org starts with: the default org has what is left out; `()` is none.

    The default org has one user, a single-page app, a web app, a service, and the authorization
    server `default`. A running org adds only what the seed gives.
    """

    org: Org = Org()
    users: tuple[SeedUser, ...] = field(default_factory=_default_users)
    clients: tuple[SeedClient, ...] = field(default_factory=_default_clients)
    authorization_servers: tuple[SeedAuthorizationServer, ...] = field(
        default_factory=_default_servers
    )
    trusted_origins: tuple[str | TrustedOrigin, ...] = ()
    api_tokens: tuple[SeedApiToken, ...] = ()
    rate_limits: tuple[RateLimit, ...] = ()
    password_policies: tuple[SeedPasswordPolicy, ...] = ()
    sign_on_policies: tuple[SeedSignOnPolicy, ...] = ()
    enrollment_policies: tuple[SeedEnrollmentPolicy, ...] = ()
    authentication_policies: tuple[SeedAuthenticationPolicy, ...] = ()
    authenticators: tuple[SeedAuthenticator, ...] = ()
    registration: SeedRegistration | None = None
    profile_enrollment: SeedProfileEnrollment | None = None
    identity_providers: tuple[SeedIdentityProvider, ...] = ()
    routing_rules: tuple[SeedRoutingRule, ...] = ()

    def __post_init__(self) -> None:
        for index, trusted in enumerate(self.trusted_origins):
            if isinstance(trusted, str):
                require_origin(f"trusted_origins[{index}]", trusted)
        require_distinct("users", "login", [user.login.lower() for user in self.users])
        require_distinct("users", "id", [user.id for user in self.users])
        require_distinct("clients", "client_id", [client.client_id for client in self.clients])
        unnamed = [None if client.client_id else client.name for client in self.clients]
        require_distinct("clients", "name", unnamed)
        require_distinct("authorization_servers", "id", [s.id for s in self.authorization_servers])
        require_distinct("api_tokens", "token", [each.token for each in self.api_tokens])
        require_distinct("rate_limits", "path", [each.path for each in self.rate_limits])
        require_distinct("identity_providers", "name", [p.name for p in self.identity_providers])
        require_distinct("identity_providers", "id", [p.id for p in self.identity_providers])
        rules = [rule.name or f"Route to {rule.idp}" for rule in self.routing_rules]
        require_distinct("routing_rules", "name", rules)
        require_distinct("authenticators", "key", [each.key for each in self.authenticators])
        for kind in _POLICIES:
            require_distinct(kind, "name", [policy.name for policy in getattr(self, kind)])

    def seed_document(self) -> dict[str, Any]:
        """Return the document with only what was given."""
        default = Seed()
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        return {
            name: msgspec.to_builtins(value)
            for name, value in given.items()
            if value is not getattr(default, name)
        }
