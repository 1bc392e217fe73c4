"""/_mock/faults over HTTP: what a test plans to go wrong goes wrong, so often and no more often."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import aiohttp
import jwt
import pytest

from mock_okta import MockOkta
from tests.visiting import (
    LOGIN,
    OTHER_LOGIN,
    OTHER_SPA,
    PASSWORD,
    SECRET,
    SERVICE,
    SPA,
    Answer,
    Visitor,
    basic,
    claims_of,
    header_of,
)

CREDENTIALS = {"username": LOGIN, "password": PASSWORD}
OAUTH = ("token", "introspect", "revoke", "par", "device/authorize")
FIRED = {"fired": 1, "left": 0}


async def _plan(visitor: Visitor, *faults: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await visitor.ask("POST", "/_mock/faults", json=list(faults))
    assert answer.status == 200, answer.text
    planned: list[dict[str, Any]] = answer.json()["faults"]
    return planned


async def _counts(visitor: Visitor) -> list[tuple[int, int]]:
    shown = (await visitor.ask("GET", "/_mock/faults")).json()["faults"]
    return [(each["fired"], each["left"]) for each in shown]


async def _statuses(visitor: Visitor, *paths: str) -> list[int]:
    return [(await visitor.ask("GET", path)).status for path in paths]


async def _verified(visitor: Visitor, token: str, **options: Any) -> dict[str, Any]:
    """The claims of an ID token as PyJWT verifies it, by the keys that the org publishes."""
    jwks = (await visitor.ask("GET", visitor.url("keys"))).json()
    kid = jwt.get_unverified_header(token)["kid"]
    key = jwt.PyJWKSet.from_dict(jwks)[kid]
    issuer = visitor.org.issuer()
    claims: dict[str, Any] = jwt.decode(
        token, key, algorithms=["RS256"], audience=SPA, issuer=issuer, **options
    )
    return claims


# What is answered


async def test_a_status_comes_with_oktas_error(visitor: Visitor) -> None:
    await _plan(visitor, {"kind": "status", "status": 503})
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
    await _plan(visitor, {"kind": "status", "status": 501, **words})
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
    await _plan(visitor, {"kind": "status", "status": 401}, {"kind": "status", "status": 500})
    answer = await visitor.post(endpoint, {})
    assert (answer.status, answer.json()["error"]) == (401, "invalid_client")
    answer = await visitor.post(endpoint, {})
    assert (answer.status, answer.json()["errorCode"]) == (500, "E0000009")


async def test_a_browser_is_shown_a_page(visitor: Visitor) -> None:
    await _plan(visitor, {"kind": "status", "status": 503})
    answer = await visitor.ask("GET", "/login/login.htm", headers={"Accept": "text/html,*/*"})
    assert (answer.status, answer.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert "Service is in read only mode" in answer.text


async def test_a_page_of_another_origin_may_read_the_error(visitor: Visitor) -> None:
    await _plan(visitor, {"kind": "status", "status": 500})
    answer = await visitor.ask(
        "GET", visitor.url("userinfo"), headers={"Origin": "http://localhost:3000"}
    )
    assert answer.status == 500
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"


async def test_an_oauth_error_comes_from_the_token_endpoint(visitor: Visitor) -> None:
    description = "The refresh token is invalid or expired."
    await _plan(
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
    await _plan(
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
    assert await _counts(visitor) == [(1, 0)]


async def test_an_error_at_authorize_waits_for_a_client_that_it_can_return_to(
    visitor: Visitor,
) -> None:
    await _plan(visitor, {"kind": "oauth_error", "path": "*/authorize", "error": "server_error"})
    assert (await visitor.authorize({"redirect_uri": "http://evil.example/"})).status == 400
    assert await _counts(visitor) == [(0, 1)]


async def test_an_oauth_error_at_userinfo_is_in_the_header(visitor: Visitor) -> None:
    await _plan(
        visitor,
        {"kind": "oauth_error", "path": "*/userinfo", "error": "invalid_token", "status": 401},
    )
    answer = await visitor.ask("GET", visitor.url("userinfo"))
    assert (answer.status, answer.body) == (401, b"")
    header = 'Bearer error="invalid_token", error_description="A planned fault."'
    assert answer.headers["WWW-Authenticate"] == header


async def test_a_rate_limit_says_when_it_ends(visitor: Visitor, org: MockOkta) -> None:
    org.clock.freeze()
    await _plan(visitor, {"kind": "rate_limited", "limit": 7, "reset_in": 30})
    answer = await visitor.post("token", {})
    assert (answer.status, answer.json()["errorCode"]) == (429, "E0000047")
    headers = {name: answer.headers[f"X-Rate-Limit-{name}"] for name in ("Limit", "Remaining")}
    assert headers == {"Limit": "7", "Remaining": "0"}
    assert int(answer.headers["X-Rate-Limit-Reset"]) == org.clock.epoch() + 30
    assert "Retry-After" not in answer.headers


# What happens to the connection


async def test_a_delayed_request_waits_and_holds_up_no_other(visitor: Visitor) -> None:
    await _plan(visitor, {"kind": "delay", "seconds": 0.3, "path": "/nowhere"})
    loop = asyncio.get_running_loop()
    started = loop.time()
    delayed = asyncio.create_task(visitor.ask("GET", "/nowhere"))
    while (await _counts(visitor)) == [(0, 1)]:
        pass
    assert (await visitor.ask("GET", "/elsewhere")).status == 404
    assert not delayed.done()
    assert (await delayed).status == 404
    assert loop.time() - started >= 0.3


async def test_a_client_gives_up_on_an_answer_that_comes_too_late(visitor: Visitor) -> None:
    await _plan(visitor, {"kind": "delay", "seconds": 60})
    with pytest.raises(TimeoutError):
        await visitor.ask("GET", "/nowhere", timeout=aiohttp.ClientTimeout(total=0.05))


async def test_an_org_that_stops_waits_for_no_delay(visitor: Visitor, org: MockOkta) -> None:
    await _plan(visitor, {"kind": "delay", "seconds": 60}, {"kind": "slow_body", "seconds": 60})
    pending = [asyncio.create_task(visitor.ask("GET", "/nowhere")) for _ in range(2)]
    while (await _counts(visitor))[0][0] == 0:
        pass
    started = asyncio.get_running_loop().time()
    await org.__aexit__(None, None, None)
    assert asyncio.get_running_loop().time() - started < 1.5
    await asyncio.gather(*pending, return_exceptions=True)


async def test_a_slow_body_comes_piece_by_piece_to_its_end(visitor: Visitor) -> None:
    whole = (await visitor.ask("GET", visitor.url("keys"))).body
    await _plan(visitor, {"kind": "slow_body", "seconds": 0.2})
    loop = asyncio.get_running_loop()
    async with visitor.http.get(visitor.url("keys")) as response:
        began = loop.time()
        pieces = [piece async for piece in response.content.iter_any()]
    assert b"".join(pieces) == whole
    assert len(pieces) > 3
    assert loop.time() - began >= 0.15


async def test_a_dropped_connection_is_reset_and_nothing_was_done(visitor: Visitor) -> None:
    code = await visitor.code()
    await _plan(visitor, {"kind": "dropped", "path": "*/token"})
    with pytest.raises(aiohttp.ClientError):
        await visitor.redeem(code)
    assert (await visitor.redeem(code)).status == 200


async def test_truncated_json_is_promised_whole(visitor: Visitor) -> None:
    whole = (await visitor.ask("GET", visitor.url("keys"))).body
    await _plan(visitor, {"kind": "truncated_json"})
    assert (await visitor.ask("GET", "/login/login.htm")).status == 200  # that is no JSON
    async with visitor.http.get(visitor.url("keys")) as response:
        assert response.headers["Content-Length"] == str(len(whole))
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.read()
    assert (await visitor.ask("GET", visitor.url("keys"))).body == whole


# Keys and discovery


async def test_missing_keys_verify_nothing(visitor: Visitor) -> None:
    token = (await visitor.tokens())["id_token"]
    await _plan(visitor, {"kind": "jwks_missing"})
    with pytest.raises(jwt.PyJWKSetError, match="did not contain any keys"):
        await _verified(visitor, token)
    assert await _verified(visitor, token)


@pytest.mark.parametrize("rotations", [0, 1])
async def test_stale_keys_lack_the_one_that_signs(visitor: Visitor, rotations: int) -> None:
    for _ in range(rotations):
        await visitor.ask("POST", "/_mock/keys/rotate", json={})
    token = (await visitor.tokens())["id_token"]
    await _plan(visitor, {"kind": "jwks_stale"})
    answer = await visitor.ask("GET", visitor.url("keys"))
    keys = answer.json()["keys"]
    assert len(keys) == rotations + 1
    assert header_of(token)["kid"] not in [key["kid"] for key in keys]
    assert all(jwt.PyJWK(key).key for key in keys)
    assert await _verified(visitor, token)


@pytest.mark.parametrize(
    ("given", "named"), [({}, None), ({"issuer": "https://other"}, "https://other")]
)
@pytest.mark.parametrize("document", ["openid-configuration", "oauth-authorization-server"])
async def test_discovery_contradicts_the_tokens(
    visitor: Visitor, document: str, given: dict[str, str], named: str | None
) -> None:
    await _plan(visitor, {"kind": "discovery_contradicts", **given})
    path = f"/oauth2/default/.well-known/{document}"
    issuers = [(await visitor.ask("GET", path)).json()["issuer"] for _ in range(2)]
    issuer = visitor.org.issuer()
    assert issuers == [named or f"{issuer}/other", issuer]


async def test_faults_of_keys_and_discovery_wait_for_their_own_answers(visitor: Visitor) -> None:
    kinds = ("jwks_missing", "jwks_stale", "discovery_contradicts")
    await _plan(visitor, *({"kind": kind, "path": "*"} for kind in kinds))
    await _statuses(visitor, "/.well-known/webfinger", "/.well-known/okta-organization")
    await _statuses(visitor, "/nowhere", "/oauth2/unknown/v1/keys")
    assert await _counts(visitor) == [(0, 1)] * 3


# Tokens


async def test_a_wrong_kid_is_found_by_nobody(visitor: Visitor) -> None:
    await _plan(visitor, {"kind": "wrong_kid", "kid": "nobodys"})
    tokens = await visitor.tokens()
    for name in ("id_token", "access_token"):
        assert header_of(tokens[name]) == {"kid": "nobodys", "alg": "RS256"}
    with pytest.raises(KeyError, match="nobodys"):
        await _verified(visitor, tokens["id_token"])
    assert await _counts(visitor) == [(1, 0)]
    assert await _verified(visitor, (await visitor.tokens())["id_token"])


async def test_the_org_servers_access_token_keeps_its_type_under_a_wrong_kid(
    visitor: Visitor,
) -> None:
    await _plan(visitor, {"kind": "wrong_kid"})
    tokens = await visitor.tokens(server="org")
    assert header_of(tokens["access_token"])["typ"] == "application/okta-internal-at+jwt"


async def test_skewed_tokens_are_well_signed_and_out_of_date(visitor: Visitor) -> None:
    good = claims_of((await visitor.tokens())["id_token"])
    await _plan(visitor, {"kind": "clock_skew", "seconds": -7200})
    token = (await visitor.tokens())["id_token"]
    with pytest.raises(jwt.ExpiredSignatureError):
        await _verified(visitor, token)
    claims = await _verified(visitor, token, options={"verify_exp": False})
    for name in ("iat", "exp", "auth_time"):
        assert -7200 <= claims[name] - good[name] <= -7190
    await _plan(visitor, {"kind": "clock_skew", "seconds": 7200})
    with pytest.raises(jwt.ImmatureSignatureError):
        await _verified(visitor, (await visitor.tokens())["id_token"])


async def test_a_broken_signature_is_seen(visitor: Visitor) -> None:
    await _plan(visitor, {"kind": "malformed_token"})
    token = (await visitor.tokens())["id_token"]
    assert claims_of(token)["iss"] == visitor.org.issuer()
    with pytest.raises(jwt.InvalidSignatureError):
        await _verified(visitor, token)


async def test_a_token_that_is_none_is_seen(visitor: Visitor) -> None:
    await _plan(visitor, {"kind": "malformed_token", "defect": "not_a_jwt"})
    with pytest.raises(jwt.DecodeError):
        await _verified(visitor, (await visitor.tokens())["id_token"])


async def test_one_of_the_two_tokens_can_be_meant(visitor: Visitor) -> None:
    await _plan(visitor, {"kind": "wrong_kid", "token": "access_token", "kid": "nobodys"})
    tokens = await visitor.tokens()
    assert header_of(tokens["access_token"])["kid"] == "nobodys"
    assert await _verified(visitor, tokens["id_token"])
    assert await _counts(visitor) == [(1, 0)]


@pytest.mark.parametrize("mode", ["fragment", "form_post", "okta_post_message"])
async def test_tokens_that_authorize_gives_go_wrong_too(visitor: Visitor, mode: str) -> None:
    path = "/oauth2/default/v1/authorize"
    await _plan(visitor, {"kind": "wrong_kid", "path": path, "kid": "nobodys"})
    token = await visitor.session_token()
    asked = {"response_type": "id_token token", "response_mode": mode, "sessionToken": token}
    answer = await visitor.authorize({**asked, "scope": "openid"})
    assert header_of(answer.returned["id_token"])["kid"] == "nobodys"
    assert header_of(answer.returned["access_token"])["kid"] == "nobodys"


async def test_a_token_fault_waits_for_a_token(visitor: Visitor) -> None:
    await _plan(visitor, {"kind": "wrong_kid"}, {"kind": "malformed_token"})
    assert (await visitor.redeem("unknown")).status == 400
    assert await _counts(visitor) == [(0, 1), (0, 1)]
    await visitor.tokens()
    assert await _counts(visitor) == [(1, 0), (0, 1)]


# Which requests


@pytest.mark.parametrize(
    ("wanted", "meets"),
    [
        ({}, True),
        ({"method": "GET"}, True),
        ({"method": "get"}, True),
        ({"method": "POST"}, False),
        ({"path": "/nowhere/at/all"}, True),
        ({"path": "/nowhere"}, False),
        ({"path": "/nowhere/*"}, True),
        ({"path": "*/at/*"}, True),
        ({"path": "*/at"}, False),
        ({"path": "/.owhere/at/all"}, False),
        ({"client_id": SPA}, True),
        ({"client_id": OTHER_SPA}, False),
        ({"user": "nobody@example.com"}, False),
        ({"method": "GET", "path": "/nowhere/*", "client_id": SPA}, True),
        ({"method": "GET", "path": "/nowhere/*", "client_id": OTHER_SPA}, False),
    ],
    ids=str,
)
async def test_a_fault_meets_what_fits_it(
    visitor: Visitor, wanted: dict[str, str], *, meets: bool
) -> None:
    await _plan(visitor, {"kind": "status", "status": 500, **wanted})
    answer = await visitor.ask("GET", f"/nowhere/at/all?client_id={SPA}")
    assert answer.status == (500 if meets else 404)


async def test_a_client_is_known_however_it_names_itself(visitor: Visitor) -> None:
    fault = {"kind": "status", "status": 500, "client_id": SERVICE}
    await _plan(visitor, {**fault, "times": 2})
    assert (await visitor.post("token", {"client_id": SPA})).status != 500
    assert (await visitor.post("token", {"client_id": SERVICE})).status == 500
    assert (await visitor.post("token", {}, headers=basic(SERVICE, SECRET))).status == 500


async def test_a_user_is_known_by_login_session_code_and_token(visitor: Visitor) -> None:
    tokens, code = await visitor.tokens(), await visitor.code()
    await visitor.sign_in()
    fault = {"kind": "status", "status": 500, "user": "Tester@example.com", "times": 9}
    await _plan(visitor, {**fault, "path": "*"})
    answers: list[Answer] = [
        await visitor.ask("POST", "/api/v1/authn", json=CREDENTIALS),
        await visitor.ask("GET", "/api/v1/sessions/me"),
        await visitor.userinfo(tokens["access_token"]),
        await visitor.redeem(code),
        await visitor.refresh(tokens["refresh_token"]),
    ]
    assert [answer.status for answer in answers] == [500] * 5


async def test_another_user_meets_nothing(visitor: Visitor) -> None:
    await visitor.sign_in(OTHER_LOGIN)
    await _plan(visitor, {"kind": "status", "status": 500, "user": LOGIN})
    assert (await visitor.ask("GET", "/api/v1/sessions/me")).status == 200


async def test_who_calls_is_found_out_of_no_body_that_is_too_large(visitor: Visitor) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 65536

    await _plan(visitor, {"kind": "status", "status": 500, "client_id": SPA})
    answer = await visitor.ask("POST", visitor.url("token"), data=chunks())
    assert (answer.status, answer.json()["errorCode"]) == (400, "E0000001")


async def test_the_control_api_preflights_and_widget_files_meet_nothing_unasked(
    visitor: Visitor,
) -> None:
    await _plan(visitor, {"kind": "status", "status": 500})
    await visitor.ask("GET", "/_mock/org")
    await visitor.ask("GET", "/okta-signin-widget/9.9.9/x.js")
    await visitor.ask("OPTIONS", "/api/v1/authn")
    assert await _counts(visitor) == [(0, 1)]
    await _plan(visitor, {"kind": "status", "status": 500, "path": "/okta-signin-widget/*"})
    assert await _statuses(visitor, "/okta-signin-widget/9.9.9/x.js") == [500]


async def test_each_request_meets_one_fault_the_oldest_first(visitor: Visitor) -> None:
    faults = [{"kind": "status", "status": status} for status in (500, 501, 502)]
    await _plan(visitor, *faults)
    assert await _statuses(visitor, *["/nowhere"] * 4) == [500, 501, 502, 404]


# How often


async def test_a_fault_fires_so_often_and_is_counted(visitor: Visitor) -> None:
    (planned,) = await _plan(visitor, {"kind": "status", "status": 500, "times": 3})
    assert planned["id"].startswith("flt")
    assert (planned["fired"], planned["left"]) == (0, 3)
    assert await _statuses(visitor, *["/nowhere"] * 2) == [500] * 2
    assert await _counts(visitor) == [(2, 1)]
    assert await _statuses(visitor, *["/nowhere"] * 2) == [500, 404]
    assert await _counts(visitor) == [(3, 0)]


async def test_of_many_requests_at_a_time_exactly_so_many_meet_it(visitor: Visitor) -> None:
    await _plan(visitor, {"kind": "status", "status": 500, "times": 5})
    answers = await asyncio.gather(*(visitor.ask("GET", "/nowhere") for _ in range(64)))
    assert Counter(answer.status for answer in answers) == {500: 5, 404: 59}
    assert await _counts(visitor) == [(5, 0)]


async def test_of_many_tokens_at_a_time_exactly_so_many_go_wrong(visitor: Visitor) -> None:
    await _plan(visitor, {"kind": "wrong_kid", "times": 5, "kid": "nobodys", "user": LOGIN})
    refresh_tokens = [(await visitor.tokens({"client_id": OTHER_SPA}))["refresh_token"]]
    assert await _counts(visitor) == [(1, 4)]
    form = {"client_id": OTHER_SPA, "grant_type": "refresh_token"}
    form["refresh_token"] = refresh_tokens[0]
    answers = await asyncio.gather(*(visitor.post("token", form) for _ in range(64)))
    kids = [header_of(each.json()["access_token"])["kid"] for each in answers]
    assert kids.count("nobodys") == 4


async def test_a_fault_that_never_fired_is_shown(visitor: Visitor) -> None:
    fault = {"kind": "jwks_stale", "path": "/oauth2/other/v1/keys", "times": 2}
    await _plan(visitor, {"kind": "dropped", "path": "/nowhere"}, fault)
    shown = (await visitor.ask("GET", "/_mock/faults")).json()["faults"]
    assert [(each["fired"], each["left"]) for each in shown] == [(0, 1), (0, 2)]
    assert shown[1]["fault"] == fault


async def test_a_fault_can_be_forgotten(visitor: Visitor) -> None:
    first, _ = await _plan(
        visitor, {"kind": "status", "status": 500}, {"kind": "status", "status": 501}
    )
    path = f"/_mock/faults/{first['id']}"
    assert (await visitor.ask("DELETE", path)).status == 204
    assert (await visitor.ask("DELETE", path)).status == 404
    assert await _statuses(visitor, "/nowhere") == [501]


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/_mock/faults"), ("POST", "/_mock/reset")]
)
async def test_all_are_forgotten_when_asked_and_by_a_reset(
    visitor: Visitor, method: str, path: str
) -> None:
    await _plan(visitor, {"kind": "status", "status": 500, "times": 9})
    assert (await visitor.ask(method, path)).status == 204
    assert await _counts(visitor) == []
    assert await _statuses(visitor, "/nowhere") == [404]


async def test_the_recorded_request_names_its_fault(visitor: Visitor) -> None:
    plan = [{"kind": "status", "status": 500}, {"kind": "dropped"}, {"kind": "truncated_json"}]
    planned = await _plan(visitor, *plan)
    await visitor.ask("POST", "/nowhere")
    for _ in range(2):
        with pytest.raises(aiohttp.ClientError):
            await visitor.ask("POST", "/nowhere")
    await visitor.ask("POST", "/nowhere")
    recorded = (await visitor.ask("GET", "/_mock/requests")).json()["requests"]
    assert [each["fault"] for each in recorded] == [*(each["id"] for each in planned), None]
    assert [each["status"] for each in recorded] == [500, None, 404, 404]
    assert recorded[0]["remarks"] == [f"planned fault {planned[0]['id']}: status"]
    assert recorded[2]["response_body_size"] == len(recorded[2]["response_body"]) > 100


# What is refused


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"kind": "made_up"}, "kind"),
        ({}, "kind"),
        ({"kind": "dropped", "pth": "/x"}, "pth"),
        ({"kind": "dropped", "path": "x"}, "path"),
        ({"kind": "dropped", "times": 0}, "times"),
        ({"kind": "dropped", "times": "1"}, "times"),
        ({"kind": "status"}, "status"),
        ({"kind": "status", "status": 200}, "status"),
        ({"kind": "oauth_error"}, "error"),
        ({"kind": "oauth_error", "error": "a\r\nSet-Cookie: x"}, "error"),
        ({"kind": "oauth_error", "error": "a\n"}, "error"),
        ({"kind": "oauth_error", "error": 'a"'}, "error"),
        ({"kind": "delay", "seconds": 0}, "seconds"),
        ({"kind": "delay", "seconds": 61}, "seconds"),
        ({"kind": "slow_body"}, "seconds"),
        ({"kind": "clock_skew", "seconds": 10**12}, "seconds"),
        ({"kind": "wrong_kid", "token": "refresh_token"}, "token"),
        ({"kind": "malformed_token", "defect": "x"}, "defect"),
    ],
    ids=str,
)
@pytest.mark.parametrize("as_a_list", [True, False])
async def test_a_mistaken_fault_is_refused_by_its_path(
    visitor: Visitor, fault: dict[str, Any], named: str, *, as_a_list: bool
) -> None:
    good = {"kind": "dropped"}
    answer = await visitor.ask("POST", "/_mock/faults", json=[good, fault] if as_a_list else fault)
    assert answer.status == 400
    assert answer.json()["errorCode"] == "E0000001"
    (cause,) = answer.json()["errorCauses"]
    assert named in cause["errorSummary"]
    assert ("[1]" in cause["errorSummary"]) is as_a_list
    assert await _counts(visitor) == []


async def test_one_fault_needs_no_list(visitor: Visitor) -> None:
    answer = await visitor.ask("POST", "/_mock/faults", json={"kind": "status", "status": 500})
    assert len(answer.json()["faults"]) == 1


async def test_faults_without_end_are_refused_and_spent_ones_make_room(visitor: Visitor) -> None:
    fault = {"kind": "status", "status": 500, "path": "/nowhere"}
    await _plan(visitor, *[fault] * 1000)
    answer = await visitor.ask("POST", "/_mock/faults", json=fault)
    assert (answer.status, answer.json()["errorCode"]) == (400, "E0000001")
    assert await _statuses(visitor, "/nowhere") == [500]
    await _plan(visitor, fault)
    assert await _counts(visitor) == [(0, 1)] * 1000


async def test_a_query_is_no_part_of_the_path(visitor: Visitor) -> None:
    await _plan(visitor, {"kind": "status", "status": 500, "path": "/nowhere"})
    assert await _statuses(visitor, f"/nowhere?{urlencode({'a': '/b'})}") == [500]
