"""Device authorization (RFC 8628; facts/oauth D.9, E.5): the device, which asks and polls."""

import asyncio
import re
import uuid
from datetime import timedelta

import aiohttp
import pytest

from mock_okta import Config, KeyPool, MockOkta
from tests.oauth.devices import (
    ASSIGNED,
    CODE_ONLY,
    GRANT,
    TV,
    WEB,
    allow_device,
    decide,
    device_org,
    error_of,
    poll,
    question_for,
    start,
)
from tests.oauth.racing import CALLERS, leaky_storage, racing
from tests.visiting import LOGIN, SECRET, USER_ID, Change, Visitor, claims_of

SPENT = "The device code is invalid or has expired."
PENDING = "The device authorization is pending. Please try again later."
OPENID = "Requests for ID tokens or access tokens with OpenID scopes require the 'openid' scope."
NO_SCOPE = (
    "The authorization server resource does not have any configured default scopes, "
    "'scope' must be provided."
)
NOT_AUTHORIZED = (
    "The client is not authorized to use the provided grant type. "
    "Configured grant types: [authorization_code, refresh_token]."
)


@pytest.fixture
def config() -> Config:
    return device_org()


# The device asks


@pytest.mark.parametrize("server", ["default", "org"])
async def test_a_device_gets_two_codes_in_okta_s_shapes(
    org: MockOkta, visitor: Visitor, server: str
) -> None:
    body = await start(visitor, server=server)
    user_code = body["user_code"]
    assert list(body.items()) == [
        ("user_code", user_code),
        ("device_code", body["device_code"]),
        ("interval", 5),
        ("verification_uri_complete", f"{org.url}/activate?user_code={user_code}"),
        ("verification_uri", f"{org.url}/activate"),
        ("expires_in", 600),
    ]
    assert re.fullmatch("[B-DF-HJ-NP-TV-XZ]{8}", user_code)
    assert str(uuid.UUID(body["device_code"], version=4)) == body["device_code"]


@pytest.mark.parametrize(
    ("server", "change", "error", "description"),
    [
        ("default", {"client_id": None}, "invalid_client", "No client credentials found."),
        (
            "default",
            {"client_id": WEB, "client_secret": "wrong"},
            "invalid_client",
            "The client secret supplied for a confidential client is invalid.",
        ),
        ("default", {"client_id": CODE_ONLY}, "unauthorized_client", NOT_AUTHORIZED),
        (
            "default",
            {"scope": "openid made_up"},
            "invalid_scope",
            "One or more scopes are not configured for the authorization server resource.",
        ),
        (
            "org",
            {"scope": "usual"},
            "invalid_scope",
            "Custom scopes are not allowed for this request.",
        ),
        (
            "bare",
            {"scope": None},
            "invalid_scope",
            NO_SCOPE,
        ),
        (
            "default",
            {"scope": "profile"},
            "access_denied",
            OPENID,
        ),
        (
            "default",
            {"scope": ["openid", "openid"]},
            "invalid_request",
            "The device authorization request has a repeated 'scope' parameter.",
        ),
    ],
)
async def test_what_a_device_is_refused(
    visitor: Visitor, server: str, change: Change, error: str, description: str
) -> None:
    good = {"client_id": TV, "scope": "openid"}
    answer = await visitor.post("device/authorize", good | dict(change), server=server)
    assert answer.status == (401 if error == "invalid_client" else 400)
    assert answer.json() == {"error": error, "error_description": description}


async def test_an_unknown_client_is_refused_in_okta_s_own_shape(visitor: Visitor) -> None:
    answer = await visitor.post("device/authorize", {"client_id": "made_up", "scope": "openid"})
    assert (answer.status, answer.json()["errorCode"]) == (401, "invalid_client")


# It polls


@pytest.mark.parametrize("server", ["default", "org"])
async def test_once_allowed_the_device_gets_the_tokens_of_the_code_flow(
    visitor: Visitor, server: str
) -> None:
    device = await start(visitor, server=server)
    result = await allow_device(visitor, device["user_code"])
    assert (result.status, "Device activated" in result.text) == (200, True)
    body = (await poll(visitor, device["device_code"], server=server)).json()
    assert list(body) == [
        *("token_type", "expires_in", "access_token", "scope", "refresh_token", "id_token")
    ]
    claims, about = claims_of(body["access_token"]), claims_of(body["id_token"])
    assert (claims["sub"], claims["uid"], claims["cid"]) == (LOGIN, USER_ID, TV)
    assert (about["sub"], about["aud"], about["amr"]) == (USER_ID, TV, ["pwd"])
    renewed = await visitor.refresh(body["refresh_token"], {"client_id": TV}, server=server)
    assert renewed.status == 200


async def test_default_scopes_confidential_clients_and_policy_s_lifetimes(
    visitor: Visitor,
) -> None:
    proof = {"client_id": WEB, "client_secret": SECRET}
    device = await start(visitor, {**proof, "scope": None})
    await allow_device(visitor, device["user_code"])
    body = (await poll(visitor, device["device_code"], proof)).json()
    assert (body["scope"], body["expires_in"]) == ("usual", 3600)
    device = await start(visitor, server="short")
    await allow_device(visitor, device["user_code"])
    body = (await poll(visitor, device["device_code"], server="short")).json()
    assert body["expires_in"] == 300


async def test_who_polls_within_the_interval_is_to_slow_down(
    org: MockOkta, visitor: Visitor
) -> None:
    org.clock.freeze()
    device_code = (await start(visitor))["device_code"]
    steps = ((0, "authorization_pending"), (4.9, "slow_down"), (5, "authorization_pending"))
    for seconds, error in (*steps, (0, "slow_down"), (4.9, "slow_down"), (5.1, steps[0][1])):
        org.clock.advance(timedelta(seconds=seconds))
        assert error_of(await poll(visitor, device_code)) == error


async def test_what_is_pending_is_said_in_okta_s_words(visitor: Visitor) -> None:
    answer = await poll(visitor, (await start(visitor))["device_code"])
    assert answer.status == 400
    assert answer.json() == {"error": "authorization_pending", "error_description": PENDING}


async def test_whose_turn_has_come_need_not_slow_down(org: MockOkta, visitor: Visitor) -> None:
    org.clock.freeze()
    device = await start(visitor)
    assert error_of(await poll(visitor, device["device_code"])) == "authorization_pending"
    await allow_device(visitor, device["user_code"])
    assert (await poll(visitor, device["device_code"])).status == 200


async def test_both_codes_end_after_ten_minutes(org: MockOkta, visitor: Visitor) -> None:
    org.clock.freeze()
    waiting, allowed = await start(visitor), await start(visitor)
    await allow_device(visitor, allowed["user_code"])
    question = await question_for(visitor, waiting["user_code"])
    org.clock.advance(timedelta(seconds=599))
    assert error_of(await poll(visitor, waiting["device_code"])) == "authorization_pending"
    org.clock.advance(timedelta(seconds=1))
    for device in (waiting, allowed):
        assert error_of(await poll(visitor, device["device_code"])) == "expired_token"
    assert (await decide(visitor, question, "allow")).status == 400
    assert "Invalid code" in (await question_for(visitor, waiting["user_code"])).text


async def test_a_denied_device_hears_so(visitor: Visitor) -> None:
    device = await start(visitor)
    result = await allow_device(visitor, device["user_code"], "deny")
    assert "Device not activated" in result.text
    for _ in range(2):
        assert error_of(await poll(visitor, device["device_code"])) == "access_denied"


@pytest.mark.parametrize(
    ("change", "server", "error"),
    [
        ({"device_code": None}, "default", "invalid_request"),
        ({"device_code": str(uuid.UUID(int=1))}, "default", "invalid_grant"),
        ({"client_id": ASSIGNED}, "default", "invalid_grant"),
        ({"client_id": CODE_ONLY}, "default", "unauthorized_client"),
        ({}, "bare", "invalid_grant"),
        ({}, "org", "invalid_grant"),
    ],
)
async def test_a_device_code_is_for_its_own_client_and_server(
    visitor: Visitor, change: Change, server: str, error: str
) -> None:
    device = await start(visitor)
    await allow_device(visitor, device["user_code"])
    assert error_of(await poll(visitor, device["device_code"], change, server)) == error
    assert (await poll(visitor, device["device_code"])).status == 200  # nothing burnt it


async def test_a_device_code_works_once(visitor: Visitor) -> None:
    device = await start(visitor)
    await allow_device(visitor, device["user_code"])
    assert (await poll(visitor, device["device_code"])).status == 200
    again = await poll(visitor, device["device_code"])
    assert again.json() == {"error": "invalid_grant", "error_description": SPENT}


async def _winners(config: Config, pool: KeyPool) -> int:
    """How many of the callers, each on a connection of its own, get tokens for one code."""
    async with racing(config, pool, aiohttp.CookieJar(unsafe=True)) as visitor:
        device = await start(visitor)
        await allow_device(visitor, device["user_code"])
        code = device["device_code"]
        answers = await asyncio.gather(*(poll(visitor, code) for _ in range(CALLERS)))
        assert {answer.json().get("error") for answer in answers} <= {None, "invalid_grant"}
        return sum(answer.status == 200 for answer in answers)


async def test_of_64_at_once_exactly_one_gets_the_tokens(
    config: Config, shared_pool: KeyPool
) -> None:
    assert await _winners(config, shared_pool) == 1


async def test_more_would_if_take_were_a_read_and_a_delete(
    config: Config, shared_pool: KeyPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mock_okta.process.server.in_memory", leaky_storage)
    assert await _winners(config, shared_pool) > 1


async def test_discovery_names_the_endpoint_and_the_grant(visitor: Visitor) -> None:
    for server, prefix in (("org", ""), ("default", "/oauth2/default")):
        path = f"{prefix}/.well-known/openid-configuration"
        found = (await visitor.ask("GET", path)).json()
        endpoint = found["device_authorization_endpoint"]
        assert endpoint == visitor.url("device/authorize", server)
        assert found["grant_types_supported"][-1] == GRANT
