"""Assertions of trusted issuers as grants (RFC 7523 2.1 and 3; facts/oauth D.11)."""

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from mock_okta import (
    AssertionIssuer,
    Config,
    MockOkta,
    Scope,
    Seed,
    SeedAuthorizationServer,
    SeedClient,
)
from tests.visiting import LOGIN, SECRET, SEED, USER_ID, Answer, Visitor, claims_of

WEB, OTHER = "0oa1web00000000000h7", "0oa2web00000000000h7"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ISSUER, FETCHED = "https://issuer.example.com", "https://fetched.example.com"
KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
STRANGERS_KEY = rsa.generate_private_key(65537, 2048)
BAD_SIGNATURE = "The assertion's signature is invalid."
EXPIRED = "The assertion is expired."
NOT_TRUSTED = "The assertion's 'iss' is not trusted."
BAD_AUDIENCE = "The assertion's 'aud' must be the authorization server."
NO_USER = "The assertion's 'sub' is not a user."
USED = "The assertion has already been used."

Claims = Mapping[str, Any]


def _jwk(key: Any, algorithm: str) -> dict[str, Any]:
    jwk: dict[str, Any] = json.loads(jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key()))
    return {**jwk, "kid": algorithm}


JWKS = (_jwk(KEY, "RS256"), _jwk(EC_KEY, "ES256"))


def _seed(*issuers: AssertionIssuer) -> Seed:
    grant_types = (GRANT, "refresh_token")
    return Seed(
        users=SEED.users,
        clients=(
            SeedClient(
                name="Web",
                type="web",
                client_id=WEB,
                client_secret=SECRET,
                grant_types=grant_types,
            ),
            SeedClient(name="Other", type="web", client_id=OTHER, client_secret=SECRET),
        ),
        authorization_servers=(
            SeedAuthorizationServer(
                id="default",
                scopes=(Scope(name="usual", default=True),),
                trusted_assertion_issuers=issuers,
            ),
            SeedAuthorizationServer(id="trustless"),
        ),
    )


@pytest.fixture
def config() -> Config:
    return Config(seed=_seed(AssertionIssuer(issuer=ISSUER, jwks=JWKS)))


def _assertion(
    visitor: Visitor,
    change: Claims | None = None,
    key: Any = KEY,
    algorithm: str = "RS256",
    header: Claims | None = None,
) -> str:
    now = visitor.org.clock.epoch()
    good = {
        "iss": ISSUER,
        "sub": LOGIN,
        "aud": visitor.org.issuer("default"),
        "iat": now,
        "exp": now + 300,
        "jti": "one",
    }
    claims = {k: v for k, v in (good | dict(change or {})).items() if v is not None}
    return jwt.encode(claims, key, algorithm, headers=dict(header or {}))


async def _ask(
    visitor: Visitor, assertion: str | None, *, server: str = "default", **change: str | None
) -> Answer:
    good = {
        "grant_type": GRANT,
        "client_id": WEB,
        "client_secret": SECRET,
        "assertion": assertion,
        "scope": "openid profile offline_access",
    }
    return await visitor.post("token", good | change, server=server)


def _refused(answer: Answer, description: str, error: str = "invalid_grant") -> None:
    assert answer.status == 400
    assert answer.json() == {"error": error, "error_description": description}


async def test_the_user_whom_the_issuer_vouches_for_gets_tokens(
    org: MockOkta, visitor: Visitor
) -> None:
    body = (await _ask(visitor, _assertion(visitor))).json()
    assert list(body) == [
        *("token_type", "expires_in", "access_token", "scope", "refresh_token", "id_token")
    ]
    claims, about = claims_of(body["access_token"]), claims_of(body["id_token"])
    assert (claims["sub"], claims["uid"], claims["cid"]) == (LOGIN, USER_ID, WEB)
    assert (about["sub"], about["aud"]) == (USER_ID, WEB)
    assert abs(about["auth_time"] - org.clock.epoch()) <= 1


async def test_without_scope_the_default_ones_are_granted(visitor: Visitor) -> None:
    body = (await _ask(visitor, _assertion(visitor), scope=None)).json()
    assert body["scope"] == "usual"
    assert "id_token" not in body


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "{issuer}/v1/token"},
        {"aud": ["https://elsewhere.example.com", "{issuer}"]},
        {"jti": None, "iat": None},
        {"sub": LOGIN.upper()},
    ],
)
async def test_what_else_is_good(visitor: Visitor, change: dict[str, Any]) -> None:
    issuer = visitor.org.issuer("default")
    named = json.loads(json.dumps(change).replace("{issuer}", issuer))
    assert (await _ask(visitor, _assertion(visitor, named))).status == 200


async def test_any_key_of_the_issuer_s_will_do(visitor: Visitor) -> None:
    assertion = _assertion(visitor, key=EC_KEY, algorithm="ES256", header={"kid": "ES256"})
    assert (await _ask(visitor, assertion)).status == 200


@pytest.mark.parametrize(
    ("change", "description"),
    [
        ({"iss": "https://elsewhere.example.com"}, NOT_TRUSTED),
        ({"iss": None}, NOT_TRUSTED),
        ({"aud": "https://elsewhere.example.com"}, BAD_AUDIENCE),
        ({"aud": None}, BAD_AUDIENCE),
        ({"exp": None}, EXPIRED),
        ({"exp": 1}, EXPIRED),
        ({"exp": 1 << 60}, EXPIRED),
        ({"iat": 1 << 36}, "The assertion's 'iat' is in the future."),
        ({"nbf": 1 << 36}, "The assertion's 'nbf' is in the future."),
        ({"sub": "nobody@example.com"}, NO_USER),
        ({"sub": None}, NO_USER),
    ],
)
async def test_each_claim_is_checked(visitor: Visitor, change: Claims, description: str) -> None:
    _refused(await _ask(visitor, _assertion(visitor, change)), description)


@pytest.mark.parametrize("name", ["iat", "nbf"])
@pytest.mark.parametrize(("seconds", "status"), [(29.5, 200), (30, 200), (31, 400)])
async def test_the_issuer_s_clock_may_run_some_seconds_ahead(
    org: MockOkta, visitor: Visitor, name: str, seconds: float, status: int
) -> None:
    org.clock.freeze()
    ahead = {name: org.clock.epoch() + seconds}
    assert (await _ask(visitor, _assertion(visitor, ahead))).status == status


async def test_only_the_issuer_s_own_keys_count(visitor: Visitor) -> None:
    for assertion in (
        _assertion(visitor, key=STRANGERS_KEY),
        _assertion(visitor, header={"kid": "ES256"}),
        _assertion(visitor, key="x" * 64, algorithm="HS256"),
        _assertion(visitor, key="", algorithm="none"),
    ):
        _refused(await _ask(visitor, assertion), BAD_SIGNATURE)


async def test_what_else_is_refused(visitor: Visitor) -> None:
    good = _assertion(visitor)
    _refused(await _ask(visitor, "no.jwt.here"), "The assertion is not a JWT.")
    _refused(
        await _ask(visitor, None),
        "The token request must specify an 'assertion'.",
        "invalid_request",
    )
    assert (await _ask(visitor, good, server="org")).json()["error"] == "unsupported_grant_type"
    assert (await _ask(visitor, good, client_id=OTHER)).json()["error"] == "unauthorized_client"
    assert (await _ask(visitor, good, scope="made_up")).json()["error"] == "invalid_scope"
    assert (await _ask(visitor, good, scope="profile")).json()["error"] == "access_denied"
    _refused(await _ask(visitor, good, server="trustless"), NOT_TRUSTED)
    assert (await _ask(visitor, good)).status == 200  # none of these burnt it


async def test_an_assertion_ends_by_the_org_s_clock(org: MockOkta, visitor: Visitor) -> None:
    assertion = _assertion(visitor)
    org.clock.advance(timedelta(seconds=301))
    _refused(await _ask(visitor, assertion), EXPIRED)


async def test_an_assertion_with_a_jti_is_good_once_under_64_connections(
    visitor: Visitor,
) -> None:
    assertion = _assertion(visitor)
    answers = await asyncio.gather(*(_ask(visitor, assertion) for _ in range(64)))
    assert sorted(answer.status for answer in answers) == [200] + 63 * [400]
    for answer in answers:
        if answer.status != 200:
            _refused(answer, USED)


async def test_keys_are_fetched_from_the_issuer(visitor: Visitor, aiohttp_server: Any) -> None:
    async def keys(_: web.Request) -> web.Response:
        return web.json_response({"keys": list(JWKS)})

    app = web.Application()
    app.router.add_get("/keys", keys)
    served = await aiohttp_server(app)
    for uri, status in ((str(served.make_url("/keys")), 200), (str(served.make_url("/no")), 400)):
        server = {
            "id": "default",
            "trusted_assertion_issuers": [{"issuer": FETCHED, "jwks_uri": uri}],
        }
        document = {"authorization_servers": [server]}
        assert (await visitor.ask("PUT", "/_mock/seed", json=document)).status == 200
        answer = await _ask(visitor, _assertion(visitor, {"iss": FETCHED}), scope="openid")
        assert answer.status == status
    _refused(answer, BAD_SIGNATURE)
