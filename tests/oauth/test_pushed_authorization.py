"""Pushed requests and request objects (RFC 9126, OIDC Core 6; facts/oauth C.2, E.6)."""

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from mock_okta import Config, MockOkta, Seed, SeedClient
from tests.visiting import (
    CALLBACK,
    CHALLENGE,
    OTHER_SPA,
    SEED,
    SPA,
    WEB,
    Answer,
    Change,
    Visitor,
)

SECRET = "s" * 64
PUSH = {
    "client_id": SPA,
    "response_type": "code",
    "scope": "openid profile",
    "redirect_uri": CALLBACK,
    "state": "pushed-state",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest.fixture
def config() -> Config:
    """The usual org, but the web app's secret is long enough to sign with."""
    web = SeedClient(
        name="Web",
        type="web",
        client_id=WEB,
        client_secret=SECRET,
        login_redirect_uris=(CALLBACK,),
    )
    clients = (*(client for client in SEED.clients if client.client_id != WEB), web)
    return Config(
        seed=Seed(
            users=SEED.users,
            clients=clients,
            authorization_servers=SEED.authorization_servers,
        )
    )


async def _push(visitor: Visitor, change: Change | None = None) -> Answer:
    return await visitor.post("par", PUSH | dict(change or {}))


async def _authorize(visitor: Visitor, change: Change) -> Answer:
    left_out = dict.fromkeys(
        (
            "response_type",
            "scope",
            "redirect_uri",
            "state",
            "nonce",
            "code_challenge",
            "code_challenge_method",
        )
    )
    return await visitor.authorize(left_out | dict(change))


async def test_a_pushed_request_is_carried_out(visitor: Visitor) -> None:
    pushed = await _push(visitor)
    assert pushed.status == 201
    assert list(pushed.json()) == ["request_uri", "expires_in"]
    assert pushed.json()["expires_in"] == 3600
    uri = pushed.json()["request_uri"]
    assert uri.startswith("urn:okta:")
    token = await visitor.session_token()
    answer = await _authorize(visitor, {"request_uri": uri, "sessionToken": token})
    assert answer.returned["state"] == "pushed-state"
    assert (await visitor.redeem(answer.returned["code"])).status == 200


async def test_a_pushed_request_waits_for_sign_in(visitor: Visitor) -> None:
    uri = (await _push(visitor)).json()["request_uri"]
    first = await _authorize(visitor, {"request_uri": uri})
    form = (await visitor.ask("GET", first.location)).form
    fields = dict(form.fields) | {"username": "tester@example.com", "password": "mock-Password-1"}
    signed_in = await visitor.ask("POST", form.action, data=fields)
    resumed = await visitor.ask("GET", signed_in.location)
    assert resumed.returned["state"] == "pushed-state"


async def test_what_the_browser_adds_to_a_pushed_request_counts_for_nothing(
    visitor: Visitor,
) -> None:
    await visitor.sign_in()
    uri = (await _push(visitor)).json()["request_uri"]
    answer = await _authorize(visitor, {"request_uri": uri, "state": "evil", "scope": "notes"})
    assert answer.returned["state"] == "pushed-state"


@pytest.mark.parametrize(
    "change",
    [
        {"request_uri": "urn:okta:unknown"},
        {"client_id": OTHER_SPA},
        {"client_id": None},
    ],
)
async def test_a_request_uri_is_for_its_own_client(visitor: Visitor, change: Change) -> None:
    await visitor.sign_in()
    uri = (await _push(visitor)).json()["request_uri"]
    answer = await _authorize(visitor, {"request_uri": uri, **change})
    assert answer.status == 400
    assert "request_uri" in answer.text
    assert (await _authorize(visitor, {"request_uri": uri})).returned["code"]


async def test_a_request_uri_expires_and_is_good_once(org: MockOkta, visitor: Visitor) -> None:
    await visitor.sign_in()
    uri = (await _push(visitor)).json()["request_uri"]
    answers = await asyncio.gather(*(_authorize(visitor, {"request_uri": uri}) for _ in range(64)))
    assert sorted(answer.status for answer in answers) == [302] + [400] * 63
    late = (await _push(visitor)).json()["request_uri"]
    org.clock.advance(timedelta(hours=1))
    assert (await _authorize(visitor, {"request_uri": late})).status == 400


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"request_uri": "urn:okta:x"}, 400, "invalid_request"),
        ({"redirect_uri": "http://evil.test/"}, 400, "invalid_request"),
        ({"redirect_uri": None}, 400, "invalid_request"),
        ({"scope": "openid made_up"}, 400, "invalid_scope"),
        ({"state": None}, 400, "invalid_request"),
        ({"code_challenge": None, "code_challenge_method": None}, 400, "invalid_request"),
        ({"response_type": "nonsense"}, 400, "unsupported_response_type"),
        ({"client_id": WEB}, 401, "invalid_client"),
        ({"client_id": None}, 401, "invalid_client"),
        ({"request": "not.a.jwt"}, 400, "invalid_request_object"),
    ],
)
async def test_a_bad_request_is_refused_when_it_is_pushed(
    visitor: Visitor, change: Change, status: int, error: str
) -> None:
    answer = await _push(visitor, change)
    assert (answer.status, answer.json()["error"]) == (status, error)


async def test_a_clients_secret_is_not_kept_with_the_request(visitor: Visitor) -> None:
    uri = (await _push(visitor, {"client_id": WEB, "client_secret": SECRET})).json()["request_uri"]
    answer = await _authorize(visitor, {"client_id": WEB, "request_uri": uri})
    assert SECRET not in answer.location
    assert "pushed-state" not in answer.location


def _request_object(visitor: Visitor, change: Mapping[str, Any] | None = None) -> str:
    now = visitor.org.clock.epoch()
    good = {
        "iss": WEB,
        "aud": visitor.org.issuer(),
        "exp": now + 300,
        "state": "inside",
        "nonce": "inside",
        "max_age": 3600,
    }
    claims = {k: v for k, v in (good | dict(change or {})).items() if v is not None}
    return jwt.encode(claims, SECRET, "HS256")


async def test_a_request_object_wins_over_the_query(visitor: Visitor) -> None:
    await visitor.sign_in()
    answer = await visitor.authorize({"client_id": WEB, "request": _request_object(visitor)})
    assert answer.returned["state"] == "inside"


@pytest.mark.parametrize(
    "change",
    [
        {"iss": SPA},
        {"aud": "https://elsewhere.test"},
        {"exp": 1},
        {"exp": "soon"},
        {"exp": 1 << 60},
        {"client_id": SPA},
    ],
)
async def test_a_bad_request_object_is_returned_as_an_error(
    visitor: Visitor, change: Mapping[str, Any]
) -> None:
    await visitor.sign_in()
    bad = _request_object(visitor, change)
    answer = await visitor.authorize({"client_id": WEB, "request": bad})
    assert answer.location.startswith(CALLBACK)
    assert answer.returned["error"] == "invalid_request_object"
    assert answer.returned["state"] == "state-1"


@pytest.mark.parametrize("left_out", ["iss", "aud", "exp", "nonce"])
async def test_what_a_request_object_leaves_out_is_not_held_against_it(
    visitor: Visitor, left_out: str
) -> None:
    """OIDC Core 6.1: `iss` and `aud` SHOULD be there."""
    await visitor.sign_in()
    signed = _request_object(visitor, {left_out: None})
    returned = (await visitor.authorize({"client_id": WEB, "request": signed})).returned
    assert returned["state"] == "inside"
    assert "code" in returned


async def test_a_client_with_a_secret_may_sign_request_objects_by_a_key(visitor: Visitor) -> None:
    """Dynamic Client Registration API: `jwks` goes with any `token_endpoint_auth_method`."""
    key = ec.generate_private_key(ec.SECP256R1())
    client = {
        "name": "Web",
        "type": "web",
        "client_id": WEB,
        "client_secret": SECRET,
        "login_redirect_uris": [CALLBACK],
        "jwks": [jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True)],
    }
    answer = await visitor.ask("PUT", "/_mock/seed", json={"clients": [client]})
    assert answer.status == 200, answer.text
    await visitor.sign_in()
    claims = {"iss": WEB, "aud": visitor.org.issuer(), "state": "signed by key"}
    signed = jwt.encode(claims, key, "ES256")
    returned = (await visitor.authorize({"client_id": WEB, "request": signed})).returned
    assert returned["state"] == "signed by key"
    assert "code" in returned


@pytest.mark.parametrize(
    ("change", "is_taken"),
    [
        ({"iat": 30}, True),
        ({"iat": 7200}, True),
        ({"exp": 3600.5}, True),
        ({"exp": 86400}, True),
        ({"exp": 0}, False),
    ],
)
async def test_the_clock_of_who_signed_a_request_object_may_run_some_seconds_ahead(
    org: MockOkta, visitor: Visitor, *, change: Mapping[str, float], is_taken: bool
) -> None:
    org.clock.freeze()
    await visitor.sign_in()
    ahead = {name: org.clock.epoch() + seconds for name, seconds in change.items()}
    signed = _request_object(visitor, ahead)
    returned = (await visitor.authorize({"client_id": WEB, "request": signed})).returned
    assert ("code" in returned) is is_taken, returned


@pytest.mark.parametrize(
    "bad",
    [
        "not.a.jwt",
        jwt.encode({"iss": WEB, "state": "inside"}, "y" * 64, "HS256"),
        jwt.encode({"iss": WEB, "state": "inside"}, None, "none"),
    ],
)
async def test_an_unsigned_or_foreign_request_object_is_refused(visitor: Visitor, bad: str) -> None:
    await visitor.sign_in()
    answer = await visitor.authorize({"client_id": WEB, "request": bad})
    assert answer.returned["error"] == "invalid_request_object"


async def test_a_request_object_cannot_bring_an_unregistered_redirect_uri(
    visitor: Visitor,
) -> None:
    await visitor.sign_in()
    evil = _request_object(visitor, {"redirect_uri": "http://evil.test/"})
    answer = await visitor.authorize({"client_id": WEB, "request": evil})
    assert answer.status == 400
    assert "evil.test" not in json.dumps(dict(answer.headers))


async def test_a_request_object_with_a_jti_is_good_once(visitor: Visitor) -> None:
    await visitor.sign_in()
    once = _request_object(visitor, {"jti": "one"})
    assert "code" in (await visitor.authorize({"client_id": WEB, "request": once})).returned
    again = await visitor.authorize({"client_id": WEB, "request": once})
    assert again.returned["error"] == "invalid_request_object"


async def test_a_jti_beside_an_exp_of_null_is_good_once_too(visitor: Visitor) -> None:
    await visitor.sign_in()
    claims = {"iss": WEB, "aud": visitor.org.issuer(), "exp": None, "jti": "two", "nonce": "inside"}
    once = jwt.encode(claims, SECRET, "HS256")
    assert "code" in (await visitor.authorize({"client_id": WEB, "request": once})).returned
    again = await visitor.authorize({"client_id": WEB, "request": once})
    assert again.returned["error"] == "invalid_request_object"


async def test_half_a_character_in_a_request_object_is_an_error_of_the_clients(
    visitor: Visitor,
) -> None:
    await visitor.sign_in()
    half = _request_object(visitor, {"state": chr(0xD800)})
    answer = await visitor.authorize({"client_id": WEB, "request": half})
    assert answer.returned["error"] == "invalid_request"


@pytest.mark.parametrize("name", ["request", "request_uri"])
async def test_a_request_object_brings_no_other(visitor: Visitor, name: str) -> None:
    """OIDC Core 6.1; it would be looked into again once the user has signed in."""
    nested = _request_object(visitor, {name: "urn:okta:another"})
    first = await visitor.authorize({"client_id": WEB, "request": nested})
    form = (await visitor.ask("GET", first.location)).form
    fields = dict(form.fields) | {"username": "tester@example.com", "password": "mock-Password-1"}
    signed_in = await visitor.ask("POST", form.action, data=fields)
    assert "code" in (await visitor.ask("GET", signed_in.location)).returned


async def test_the_session_token_survives_a_bad_request_object(visitor: Visitor) -> None:
    token = await visitor.session_token()
    await visitor.authorize({"client_id": WEB, "request": "no", "sessionToken": token})
    answer = await visitor.authorize({"sessionToken": token, "prompt": "none"})
    assert "code" in answer.returned
