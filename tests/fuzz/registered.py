"""The clients of the fuzzed org, with a client for each grant and each way to prove oneself."""

from collections.abc import Mapping
from typing import Any

import msgspec

from mock_okta import AssertionIssuer, Seed, SeedClient
from tests.fuzz.jwts import JWKS, LONG_SECRET
from tests.visiting import APP, CALLBACK, SECRET, SEED

TRUSTING = "0oa1pwd00000000000h7"
EXCHANGER = "0oa1xch00000000000h7"
TELEVISION, OTHER_TELEVISION = "0oa1tel00000000000h7", "0oa2tel00000000000h7"
BEARER = "0oa1brr00000000000h7"
BY_SECRET, BY_KEY = "0oa1sjw00000000000h7", "0oa1kjw00000000000h7"
BOUND_SERVICE, HOLDER = "0oa1dps00000000000h7", "0oa1dpp00000000000h7"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ISSUER = "https://issuer.example.com"


def _app(name: str, client_id: str, kind: str, *grant_types: str, **settings: Any) -> SeedClient:
    uris = () if kind == "service" else (CALLBACK, f"{APP}/second")
    return SeedClient(
        name=name,
        type=kind,
        client_id=client_id,
        login_redirect_uris=uris,
        grant_types=grant_types,
        **settings,
    )


_SIGNING = ("authorization_code", "implicit", "refresh_token", "client_credentials")
_ADDED = (
    _app("Trusting", TRUSTING, "native", "password"),
    _app("Exchanger", EXCHANGER, "service", EXCHANGE, client_secret=SECRET),
    _app("Television", TELEVISION, "native", DEVICE, "refresh_token"),
    _app("Other television", OTHER_TELEVISION, "native", DEVICE),
    _app("Bearer", BEARER, "web", JWT_BEARER, "refresh_token", client_secret=SECRET),
    _app(
        "By secret",
        BY_SECRET,
        "web",
        *_SIGNING,
        client_secret=LONG_SECRET,
        token_endpoint_auth_method="client_secret_jwt",
    ),
    _app(
        "By key", BY_KEY, "web", *_SIGNING, jwks=JWKS, token_endpoint_auth_method="private_key_jwt"
    ),
    _app(
        "Bound service",
        BOUND_SERVICE,
        "service",
        "client_credentials",
        client_secret=SECRET,
        dpop_bound_access_tokens=True,
    ),
    _app(
        "Holder",
        HOLDER,
        "spa",
        "authorization_code",
        "refresh_token",
        dpop_bound_access_tokens=True,
    ),
)
_DEFAULT, *_OTHERS = SEED.authorization_servers
OPEN: Seed = msgspec.structs.replace(
    SEED,
    clients=(*SEED.clients, *_ADDED),
    authorization_servers=(
        msgspec.structs.replace(
            _DEFAULT, trusted_assertion_issuers=(AssertionIssuer(issuer=ISSUER, jwks=JWKS),)
        ),
        *_OTHERS,
    ),
)
CLIENTS: Mapping[str, SeedClient] = {client.client_id or "": client for client in OPEN.clients}
CUSTOM_SCOPES = frozenset({"messages.read", "notes"})
_OPENID_SCOPES = frozenset({"profile", "email", "address", "phone"})
USER_SCOPES = CUSTOM_SCOPES | _OPENID_SCOPES | {"openid", "offline_access"}


def may_be_asked_of_users(scopes: frozenset[str]) -> bool:
    """RFC 6749 3.3: known scopes, and OpenID's only with `openid`."""
    is_coherent = "openid" in scopes or not scopes & _OPENID_SCOPES
    return bool(scopes) and scopes <= USER_SCOPES and is_coherent
