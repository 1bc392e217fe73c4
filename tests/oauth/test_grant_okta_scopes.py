"""Services at the org authorization server: signed, and only `okta.*` scopes (facts/oauth D.7)."""

import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from mock_okta import Config, Seed, SeedClient
from tests.visiting import SECRET, Answer, Visitor, claims_of, header_of

SIGNING, WITH_SECRET, UNGRANTED = (
    "0oa1sig00000000000h7",
    "0oa1sec00000000000h7",
    "0oa1ung00000000000h7",
)
KEY = rsa.generate_private_key(65537, 2048)
JWK = json.loads(jwt.get_algorithm_by_name("RS256").to_jwk(KEY.public_key()))
NOT_ALLOWED = "You are not allowed any of the requested scopes."
NOT_OKTA_S = "Custom scopes are not allowed for this request."
UNKNOWN = "One or more scopes are not configured for the authorization server resource."
NO_SCOPE = (
    "The authorization server resource does not have any configured default scopes, "
    "'scope' must be provided."
)
MUST_SIGN = (
    "Client Credentials requests to the Org Authorization Server must use the private_key_jwt "
    "token_endpoint_auth_method."
)


def _service(client_id: str, **settings: Any) -> SeedClient:
    return SeedClient(name=client_id, type="service", client_id=client_id, **settings)


@pytest.fixture
def config() -> Config:
    signing = {"token_endpoint_auth_method": "private_key_jwt", "jwks": (JWK,)}
    granted = ("okta.users.read", "okta.groups.read")
    return Config(
        seed=Seed(
            clients=(
                _service(SIGNING, okta_scopes=granted, **signing),
                _service(UNGRANTED, **signing),
                _service(WITH_SECRET, okta_scopes=granted, client_secret=SECRET),
            )
        )
    )


async def _ask(visitor: Visitor, scope: str | None, client_id: str = SIGNING) -> Answer:
    now, endpoint = visitor.org.clock.epoch(), visitor.url("token", "org")
    claims = {"iss": client_id, "sub": client_id, "aud": endpoint, "exp": now + 300}
    form = {
        "grant_type": "client_credentials",
        "scope": scope,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": jwt.encode(claims, KEY, "RS256"),
    }
    return await visitor.post("token", form, server="org")


async def test_a_service_gets_the_okta_scopes_granted_to_it(visitor: Visitor) -> None:
    body = (await _ask(visitor, "okta.users.read okta.groups.read")).json()
    assert list(body) == ["token_type", "expires_in", "access_token", "scope"]
    assert body["scope"] == "okta.users.read okta.groups.read"
    assert body["expires_in"] == 3600


async def test_its_access_token_is_the_org_s_own_affair(visitor: Visitor) -> None:
    token = (await _ask(visitor, "okta.users.read")).json()["access_token"]
    claims, header = claims_of(token), header_of(token)
    assert list(claims) == ["ver", "jti", "iss", "aud", "sub", "iat", "exp", "cid", "scp"]
    assert claims["iss"] == claims["aud"] == visitor.org.url
    assert claims["sub"] == claims["cid"] == SIGNING
    assert claims["scp"] == ["okta.users.read"]
    assert list(header) == ["kid", "typ", "alg"]
    assert header["typ"] == "application/okta-internal-at+jwt"
    keys = (await visitor.ask("GET", visitor.url("keys", "org"))).json()["keys"]
    assert header["kid"] not in [key["kid"] for key in keys]


@pytest.mark.parametrize(
    ("client_id", "scope", "error", "description"),
    [
        (SIGNING, None, "invalid_scope", NO_SCOPE),
        (SIGNING, "openid", "invalid_scope", NOT_OKTA_S),
        (SIGNING, "messages.read", "invalid_scope", NOT_OKTA_S),
        (SIGNING, "okta.users.read openid", "invalid_scope", NOT_OKTA_S),
        (SIGNING, "okta.users.read okta.apps.read", "invalid_scope", UNKNOWN),
        (SIGNING, "okta.apps.read", "consent_required", NOT_ALLOWED),
        (UNGRANTED, "okta.users.read okta.groups.read", "consent_required", NOT_ALLOWED),
    ],
)
async def test_all_other_scopes_are_refused(
    visitor: Visitor, client_id: str, scope: str | None, error: str, description: str
) -> None:
    answer = await _ask(visitor, scope, client_id)
    assert answer.status == 400
    assert answer.json() == {"error": error, "error_description": description}


async def test_a_client_secret_will_not_do(visitor: Visitor) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": WITH_SECRET,
        "client_secret": SECRET,
        "scope": "okta.users.read",
    }
    answer = await visitor.post("token", form, server="org")
    assert answer.status == 401
    assert answer.json() == {"error": "invalid_client", "error_description": MUST_SIGN}
