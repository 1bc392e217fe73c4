"""Discovery beside the live document: the same order, and nothing that Okta does not have.

Which members there are depends on what is served, so the golden document is an upper bound.
"""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.visiting import Visitor

FIVE_METHODS = [
    *("client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none"),
]
NINE_ALGORITHMS = [
    *("HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512"),
]
MODES = ["query", "fragment", "form_post", "okta_post_message"]
GRANTS = [
    *("authorization_code", "implicit", "refresh_token", "password", "client_credentials"),
    *("urn:ietf:params:oauth:grant-type:device_code", "urn:openid:params:grant-type:ciba"),
]
TYPES = [
    *("code", "token", "id_token", "code id_token", "code token", "id_token token"),
    "code id_token token",
]
CUSTOM_SCOPES = [
    *("openid", "profile", "email", "address", "phone", "offline_access", "notes", "device_sso"),
]
ORG_SCOPES = ["openid", "email", "profile", "address", "phone", "offline_access", "groups"]
OIDC_CLAIMS = [
    *("iss", "ver", "sub", "aud", "iat", "exp", "jti", "auth_time", "amr", "idp", "nonce", "name"),
    *("nickname", "preferred_username", "given_name", "middle_name", "family_name", "email"),
    *("email_verified", "profile", "zoneinfo", "locale", "address", "phone_number", "picture"),
    *("website", "gender", "birthdate", "updated_at", "at_hash", "c_hash"),
]
OAUTH_CLAIMS = ["ver", "jti", "iss", "aud", "iat", "exp", "cid", "uid", "scp", "sub"]


def golden(issuer: str, base: str, org: str, scopes: list[str], *, oidc: bool) -> dict[str, Any]:
    """The whole live document (recorded 2026; Okta OAuth API specification 2026.06; RFC 8414)."""
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{base}/authorize",
        "token_endpoint": f"{base}/token",
        **({"userinfo_endpoint": f"{base}/userinfo"} if oidc else {}),
        "registration_endpoint": f"{org}/oauth2/v1/clients",
        "jwks_uri": f"{base}/keys",
        "response_types_supported": [t for t in TYPES if not (oidc and t == "token")],
        "response_modes_supported": MODES,
        "grant_types_supported": [g for g in GRANTS if not (oidc and g == "client_credentials")],
        "subject_types_supported": ["public"],
        **({"id_token_signing_alg_values_supported": ["RS256"]} if oidc else {}),
        "scopes_supported": scopes,
        "token_endpoint_auth_methods_supported": FIVE_METHODS,
        "claims_supported": OIDC_CLAIMS if oidc else OAUTH_CLAIMS,
        "code_challenge_methods_supported": ["S256"],
        "introspection_endpoint": f"{base}/introspect",
        "introspection_endpoint_auth_methods_supported": FIVE_METHODS,
        "revocation_endpoint": f"{base}/revoke",
        "revocation_endpoint_auth_methods_supported": FIVE_METHODS,
        "end_session_endpoint": f"{base}/logout",
        "request_parameter_supported": True,
        "request_object_signing_alg_values_supported": NINE_ALGORITHMS,
        "device_authorization_endpoint": f"{base}/device/authorize",
        "pushed_authorization_request_endpoint": f"{base}/par",
        "backchannel_token_delivery_modes_supported": ["poll"],
        "backchannel_authentication_endpoint": f"{base}/bc/authorize",
        "backchannel_authentication_request_signing_alg_values_supported": NINE_ALGORITHMS,
        "dpop_signing_alg_values_supported": NINE_ALGORITHMS[3:],
    }


def is_part_in_order(part: Sequence[object], whole: Sequence[object]) -> bool:
    rest = iter(whole)
    return all(each in rest for each in part)


@pytest.mark.parametrize(
    ("path", "server", "oidc"),
    [
        ("/.well-known/openid-configuration", "org", True),
        ("/.well-known/oauth-authorization-server", "org", False),
        ("/oauth2/default/.well-known/openid-configuration", "default", True),
        ("/oauth2/default/.well-known/oauth-authorization-server", "default", False),
    ],
)
async def test_discovery_is_the_live_document_less_what_is_not_served(
    visitor: Visitor, *, path: str, server: str, oidc: bool
) -> None:
    org = visitor.org
    base = f"{org.url}/oauth2/v1" if server == "org" else f"{org.issuer(server)}/v1"
    scopes = ORG_SCOPES if server == "org" else CUSTOM_SCOPES
    whole = golden(org.issuer(server), base, org.url, scopes, oidc=oidc)
    found = (await visitor.ask("GET", path)).json()
    # Deviation of form, not of meaning: what is untrue must be said, since true is its default.
    found.pop("request_uri_parameter_supported", None)
    assert is_part_in_order(list(found), list(whole)), list(found)
    for name, value in found.items():
        if isinstance(value, list):
            assert is_part_in_order(value, whole[name]), name
        elif isinstance(value, bool):
            assert value <= whole[name], name
        else:
            assert value == whole[name]
