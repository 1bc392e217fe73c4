"""Clients that sign who they are (RFC 7523 3; facts/oauth D.2, D.3)."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from mock_okta import Config, Scope, Seed, SeedAuthorizationServer, SeedClient
from tests.visiting import Answer, Visitor

SECRET_JWT, KEY_JWT, FETCHED = (
    "0oa1sjw00000000000h7",
    "0oa1kjw00000000000h7",
    "0oa1fet00000000000h7",
)
SHORT, BASIC = "0oa1sho00000000000h7", "0oa1bas00000000000h7"
SECRET = "x" * 64
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
RSA_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
STRANGERS_KEY = rsa.generate_private_key(65537, 2048)

Claims = Mapping[str, Any]


def _jwk(key: Any, kid: str) -> dict[str, Any]:
    algorithm = jwt.get_algorithm_by_name("ES256" if key is EC_KEY else "RS256")
    return {**json.loads(algorithm.to_jwk(key.public_key())), "kid": kid}


def _service(client_id: str, method: str, **settings: Any) -> SeedClient:
    return SeedClient(
        name=client_id,
        type="service",
        client_id=client_id,
        token_endpoint_auth_method=method,
        **settings,
    )


@pytest.fixture
def config() -> Config:
    keys = (_jwk(RSA_KEY, "rsa"), _jwk(EC_KEY, "ec"))
    return Config(
        seed=Seed(
            clients=(
                _service(SECRET_JWT, "client_secret_jwt", client_secret=SECRET),
                _service(SHORT, "client_secret_jwt", client_secret="short"),
                _service(BASIC, "client_secret_basic", client_secret=SECRET),
                _service(KEY_JWT, "private_key_jwt", jwks=keys),
            ),
            authorization_servers=(
                SeedAuthorizationServer(id="default", scopes=(Scope(name="read"),)),
            ),
        )
    )


def _assertion(
    visitor: Visitor,
    key: Any = SECRET,
    algorithm: str = "HS256",
    *,
    client_id: str = SECRET_JWT,
    change: Claims | None = None,
    header: Claims | None = None,
) -> str:
    now = visitor.org.clock.epoch()
    good = {
        "iss": client_id,
        "sub": client_id,
        "aud": visitor.url("token"),
        "iat": now,
        "exp": now + 300,
        "jti": "one",
    }
    claims = {k: v for k, v in (good | dict(change or {})).items() if v is not None}
    return jwt.encode(claims, key, algorithm, headers=dict(header or {}))


async def _ask(visitor: Visitor, assertion: str, **change: str | None) -> Answer:
    form = {
        "grant_type": "client_credentials",
        "scope": "read",
        "client_assertion_type": TYPE,
        "client_assertion": assertion,
    }
    return await visitor.post("token", form | change)


@pytest.mark.parametrize(
    ("key", "algorithm", "header"),
    [
        (RSA_KEY, "RS256", {}),
        (RSA_KEY, "RS512", {"kid": "rsa"}),
        (EC_KEY, "ES256", {"kid": "ec"}),
        (EC_KEY, "ES256", {}),
    ],
)
async def test_a_registered_key_authenticates_the_client(
    visitor: Visitor, key: Any, algorithm: str, header: Claims
) -> None:
    assertion = _assertion(visitor, key, algorithm, client_id=KEY_JWT, header=header)
    assert (await _ask(visitor, assertion)).status == 200


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
async def test_the_secret_authenticates_the_client(visitor: Visitor, algorithm: str) -> None:
    answer = await _ask(visitor, _assertion(visitor, SECRET, algorithm))
    assert answer.status == 200
    assert await _ask(visitor, _assertion(visitor, change={"jti": "two"}), client_id=SECRET_JWT)


PARSING = "The parsing of the client_assertion failed."
AUDIENCE = "The audience claim for client_assertion must be the endpoint invoked for the request."
TOO_FAR = "The client_assertion token has an expiration too far into the future."
SIGNATURE = "The client_assertion signature is invalid."


@pytest.mark.parametrize(
    ("change", "description"),
    [
        ({"iss": "somebody else"}, PARSING),
        ({"sub": None}, PARSING),
        ({"aud": "https://elsewhere.test/v1/token"}, AUDIENCE),
        ({"aud": None}, AUDIENCE),
        ({"exp": None}, "The client_assertion token is expired."),
        ({"exp": 1}, "The client_assertion token is expired."),
        ({"exp": "soon"}, "The client_assertion token is expired."),
        ({"exp": 1 << 36}, TOO_FAR),
        ({"iat": 1 << 36}, "The client_assertion 'iat' is in the future."),
    ],
)
async def test_every_claim_counts(visitor: Visitor, change: Claims, description: str) -> None:
    answer = await _ask(visitor, _assertion(visitor, change=change))
    assert answer.status == 401
    assert answer.json() == {"error": "invalid_client", "error_description": description}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"iat": 30}, 200),
        ({"iat": 29.5}, 200),
        ({"iat": 31}, 401),
        ({"exp": 3600.5}, 200),
        ({"exp": 3601}, 401),
        ({"exp": 0}, 401),
    ],
)
async def test_a_client_s_clock_may_run_some_seconds_ahead_but_an_hour_is_an_hour(
    visitor: Visitor, change: Mapping[str, float], status: int
) -> None:
    visitor.org.clock.freeze()
    now = visitor.org.clock.epoch()
    ahead = {name: now + seconds for name, seconds in change.items()}
    answer = await _ask(visitor, _assertion(visitor, change=ahead))
    assert answer.status == status, answer.text


async def test_an_assertion_that_was_used_is_refused_in_okta_s_words(visitor: Visitor) -> None:
    assertion = _assertion(visitor)
    assert (await _ask(visitor, assertion)).status == 200
    description = "The client_assertion token has already been used."
    expected = {"error": "invalid_client", "error_description": description}
    again = await _ask(visitor, assertion)
    assert (again.status, again.json()) == (401, expected)


async def test_a_strangers_signature_is_refused(visitor: Visitor) -> None:
    for assertion in (
        _assertion(visitor, STRANGERS_KEY, "RS256", client_id=KEY_JWT),
        _assertion(visitor, RSA_KEY, "RS256", client_id=KEY_JWT, header={"kid": "ec"}),
        _assertion(visitor, "y" * 64),
        _assertion(visitor, client_id=BASIC),
        _assertion(visitor, RSA_KEY, "RS256"),
    ):
        answer = await _ask(visitor, assertion)
        assert (answer.status, answer.json()["error_description"]) == (401, SIGNATURE)


async def test_what_is_no_jwt_and_who_is_nobody_is_refused(visitor: Visitor) -> None:
    assert (await _ask(visitor, "not.a.jwt")).json()["error_description"] == PARSING
    unknown = await _ask(visitor, _assertion(visitor, client_id="0oa9nobody"))
    assert (unknown.status, unknown.json()["errorCode"]) == (401, "invalid_client")


async def test_a_short_secret_cannot_sign(visitor: Visitor) -> None:
    answer = await _ask(visitor, _assertion(visitor, "y" * 64, client_id=SHORT))
    description = "The client secret is too short to verify a JWT HMAC."
    assert answer.json() == {"error": "invalid_client", "error_description": description}


async def test_the_type_must_be_jwt_bearer(visitor: Visitor) -> None:
    answer = await _ask(visitor, _assertion(visitor), client_assertion_type="other")
    assert (answer.status, answer.json()["error"]) == (400, "invalid_request")
    assert answer.json()["error_description"] == "The client_assertion_type is invalid."


@pytest.mark.parametrize("change", [{"client_secret": SECRET}, {"client_id": BASIC}])
async def test_a_second_proof_beside_the_assertion_is_refused(
    visitor: Visitor, change: dict[str, str]
) -> None:
    answer = await _ask(visitor, _assertion(visitor), **change)
    assert (answer.status, answer.json()["error"]) == (400, "invalid_request")


async def test_a_client_that_signs_cannot_use_its_secret(visitor: Visitor) -> None:
    secret = {"client_assertion": None, "client_assertion_type": None, "client_secret": SECRET}
    answer = await _ask(visitor, "", **secret, client_id=SECRET_JWT)
    assert (answer.status, answer.json()["error"]) == (401, "invalid_client")


async def test_an_assertion_with_a_jti_is_good_once_under_64_connections(visitor: Visitor) -> None:
    assertion = _assertion(visitor)
    answers = await asyncio.gather(*(_ask(visitor, assertion) for _ in range(64)))
    assert sorted(answer.status for answer in answers) == [200] + [401] * 63
    without = _assertion(visitor, change={"jti": None})
    assert [(await _ask(visitor, without)).status for _ in range(2)] == [200, 200]


async def test_keys_are_fetched_from_the_clients_jwks_uri(visitor: Visitor) -> None:
    async def keys(_: web.Request) -> web.Response:
        return web.json_response({"keys": [_jwk(RSA_KEY, "rsa")]})

    app = web.Application()
    app.router.add_get("/keys", keys)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    _, port = runner.addresses[0]
    client = {
        "name": "Fetched",
        "type": "service",
        "client_id": FETCHED,
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks_uri": f"http://127.0.0.1:{port}/keys",
    }
    await visitor.ask("PUT", "/_mock/seed", json={"clients": [client]})
    assertion = _assertion(visitor, RSA_KEY, "RS256", client_id=FETCHED)
    assert (await _ask(visitor, assertion)).status == 200
    await runner.cleanup()
    again = _assertion(visitor, RSA_KEY, "RS256", client_id=FETCHED, change={"jti": "two"})
    answer = await _ask(visitor, again)
    assert (answer.status, answer.json()["error_description"]) == (401, SIGNATURE)
