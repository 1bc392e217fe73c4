"""What a planned fault makes of an answer, and of the connection that it comes by."""

import asyncio

import aiohttp
import pytest

from mock_okta import MockOkta
from tests.control.planning import CREDENTIALS, counts_of, plan_faults
from tests.visiting import SPA, Visitor

OAUTH = ("token", "introspect", "revoke", "par", "device/authorize", "interact")


# What is answered


async def test_a_status_comes_with_oktas_error(visitor: Visitor) -> None:
    await plan_faults(visitor, {"kind": "status", "status": 503})
    answer = await visitor.ask("POST", "/api/v1/authn", json=CREDENTIALS)
    assert answer.status == 503
    body = answer.json()
    assert list(body) == ["errorCode", "errorSummary", "errorLink", "errorId", "errorCauses"]
    assert (body["errorCode"], body["errorSummary"]) == (
        "E0000010",
        "Service is in read only mode",
    )
    assert (await visitor.ask("POST", "/api/v1/authn", json=CREDENTIALS)).status == 200


async def test_the_words_of_the_error_can_be_given(visitor: Visitor) -> None:
    words = {"error_code": "E0000060", "error_summary": "No.", "error_causes": ["a", "b"]}
    await plan_faults(visitor, {"kind": "status", "status": 501, **words})
    body = (await visitor.ask("GET", "/api/v1/sessions/me")).json()
    assert (body["errorCode"], body["errorSummary"], body["errorLink"]) == (
        "E0000060",
        "No.",
        "E0000060",
    )
    assert body["errorCauses"] == [{"errorSummary": "a"}, {"errorSummary": "b"}]


@pytest.mark.parametrize("endpoint", OAUTH)
async def test_an_endpoint_that_speaks_oauth_says_a_usual_status_so(
    visitor: Visitor, endpoint: str
) -> None:
    await plan_faults(visitor, {"kind": "status", "status": 401}, {"kind": "status", "status": 500})
    answer = await visitor.post(endpoint, {})
    assert (answer.status, answer.json()["error"]) == (401, "invalid_client")
    answer = await visitor.post(endpoint, {})
    assert (answer.status, answer.json()["errorCode"]) == (500, "E0000009")


async def test_a_browser_is_shown_a_page(visitor: Visitor) -> None:
    await plan_faults(visitor, {"kind": "status", "status": 503})
    answer = await visitor.ask("GET", "/login/login.htm", headers={"Accept": "text/html,*/*"})
    assert (answer.status, answer.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert "Service is in read only mode" in answer.text


@pytest.mark.parametrize("status", [420, 599])
async def test_a_status_without_a_name_is_a_page_too(visitor: Visitor, status: int) -> None:
    await plan_faults(visitor, {"kind": "status", "status": status})
    answer = await visitor.ask("GET", "/login/login.htm", headers={"Accept": "text/html,*/*"})
    assert (answer.status, answer.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert f"<h1>{status}</h1>" in answer.text
    assert "Error" in answer.text


async def test_a_page_of_another_origin_may_read_the_error(visitor: Visitor) -> None:
    await plan_faults(visitor, {"kind": "status", "status": 500})
    answer = await visitor.ask(
        "GET", visitor.url("userinfo"), headers={"Origin": "http://localhost:3000"}
    )
    assert answer.status == 500
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"


async def test_an_oauth_error_comes_from_the_token_endpoint(visitor: Visitor) -> None:
    description = "The refresh token is invalid or expired."
    await plan_faults(
        visitor,
        {"kind": "oauth_error", "error": "invalid_grant", "error_description": description},
    )
    tokens = {"client_id": SPA, "grant_type": "refresh_token", "refresh_token": "x"}
    assert (await visitor.ask("GET", visitor.url("keys"))).status == 200
    answer = await visitor.post("token", tokens, server="org")
    assert answer.status == 400
    assert answer.json() == {"error": "invalid_grant", "error_description": description}


@pytest.mark.parametrize("mode", ["query", "fragment", "form_post", "okta_post_message"])
async def test_an_oauth_error_at_authorize_returns_to_the_client(
    visitor: Visitor, mode: str
) -> None:
    path = "/oauth2/default/v1/authorize"
    await plan_faults(
        visitor,
        {
            "kind": "oauth_error",
            "path": path,
            "error": "server_error",
            "error_description": "Broken.",
        },
    )
    token = await visitor.session_token()
    answer = await visitor.authorize({"response_mode": mode, "sessionToken": token})
    assert answer.returned == {
        "state": "state-1",
        "error": "server_error",
        "error_description": "Broken.",
    }
    again = await visitor.authorize({"response_mode": mode, "sessionToken": token})
    assert "code" in again.returned
    assert await counts_of(visitor) == [(1, 0)]


async def test_an_error_at_authorize_waits_for_a_client_that_it_can_return_to(
    visitor: Visitor,
) -> None:
    await plan_faults(
        visitor, {"kind": "oauth_error", "path": "*/authorize", "error": "server_error"}
    )
    assert (await visitor.authorize({"redirect_uri": "http://evil.example/"})).status == 400
    assert await counts_of(visitor) == [(0, 1)]


async def test_an_oauth_error_at_userinfo_is_in_the_header(visitor: Visitor) -> None:
    await plan_faults(
        visitor,
        {"kind": "oauth_error", "path": "*/userinfo", "error": "invalid_token", "status": 401},
    )
    answer = await visitor.ask("GET", visitor.url("userinfo"))
    assert (answer.status, answer.body) == (401, b"")
    header = 'Bearer error="invalid_token", error_description="A planned fault."'
    assert answer.headers["WWW-Authenticate"] == header


async def test_a_rate_limit_says_when_it_ends(visitor: Visitor, org: MockOkta) -> None:
    org.clock.freeze()
    await plan_faults(visitor, {"kind": "rate_limited", "limit": 7, "reset_in": 30})
    answer = await visitor.post("token", {})
    assert (answer.status, answer.json()["errorCode"]) == (429, "E0000047")
    headers = {name: answer.headers[f"X-Rate-Limit-{name}"] for name in ("Limit", "Remaining")}
    assert headers == {"Limit": "7", "Remaining": "0"}
    assert int(answer.headers["X-Rate-Limit-Reset"]) == org.clock.epoch() + 30
    assert "Retry-After" not in answer.headers


# What happens to the connection


async def test_a_delayed_request_waits_and_holds_up_no_other(visitor: Visitor) -> None:
    await plan_faults(visitor, {"kind": "delay", "seconds": 0.3, "path": "/nowhere"})
    loop = asyncio.get_running_loop()
    started = loop.time()
    delayed = asyncio.create_task(visitor.ask("GET", "/nowhere"))
    while (await counts_of(visitor)) == [(0, 1)]:
        pass
    assert (await visitor.ask("GET", "/elsewhere")).status == 404
    assert not delayed.done()
    assert (await delayed).status == 404
    assert loop.time() - started >= 0.3


async def test_a_client_gives_up_on_an_answer_that_comes_too_late(visitor: Visitor) -> None:
    await plan_faults(visitor, {"kind": "delay", "seconds": 60})
    with pytest.raises(TimeoutError):
        await visitor.ask("GET", "/nowhere", timeout=aiohttp.ClientTimeout(total=0.05))


async def test_an_org_that_stops_waits_for_no_delay(visitor: Visitor, org: MockOkta) -> None:
    await plan_faults(
        visitor, {"kind": "delay", "seconds": 60}, {"kind": "slow_body", "seconds": 60}
    )
    pending = [asyncio.create_task(visitor.ask("GET", "/nowhere")) for _ in range(2)]
    while (await counts_of(visitor))[0][0] == 0:
        pass
    started = asyncio.get_running_loop().time()
    await org.__aexit__(None, None, None)
    assert asyncio.get_running_loop().time() - started < 1.5
    await asyncio.gather(*pending, return_exceptions=True)


async def test_a_slow_body_comes_piece_by_piece_to_its_end(visitor: Visitor) -> None:
    whole = (await visitor.ask("GET", visitor.url("keys"))).body
    await plan_faults(visitor, {"kind": "slow_body", "seconds": 0.2})
    loop = asyncio.get_running_loop()
    async with visitor.http.get(visitor.url("keys")) as response:
        began = loop.time()
        pieces = [piece async for piece in response.content.iter_any()]
    assert b"".join(pieces) == whole
    assert len(pieces) > 3
    assert loop.time() - began >= 0.15


async def test_a_dropped_connection_is_reset_and_nothing_was_done(visitor: Visitor) -> None:
    code = await visitor.code()
    await plan_faults(visitor, {"kind": "dropped", "path": "*/token"})
    with pytest.raises(aiohttp.ClientError):
        await visitor.redeem(code)
    assert (await visitor.redeem(code)).status == 200


async def test_truncated_json_is_promised_whole(visitor: Visitor) -> None:
    whole = (await visitor.ask("GET", visitor.url("keys"))).body
    await plan_faults(visitor, {"kind": "truncated_json"})
    assert (await visitor.ask("GET", "/login/login.htm")).status == 200  # that is no JSON
    async with visitor.http.get(visitor.url("keys")) as response:
        assert response.headers["Content-Length"] == str(len(whole))
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.read()
    assert (await visitor.ask("GET", visitor.url("keys"))).body == whole
