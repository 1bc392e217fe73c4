"""/_mock/requests over HTTP: what was asked, what was answered, and why."""

import asyncio
import gc
import io
import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from aiohttp import ClientSession
from msgspec.structs import replace

from mock_okta import Config, KeyPool, MockOkta
from mock_okta.model.traffic import Exchange
from mock_okta.services.testing.traffic import LARGEST_KEPT_BODY, size_of
from mock_okta.storage import Logged
from mock_okta.storage.memory import MemoryLog
from tests.storage.conforming import exchange
from tests.visiting import (
    CALLBACK,
    LOGIN,
    OTHER_LOGIN,
    PASSWORD,
    SECRET,
    SEED,
    SERVICE,
    SPA,
    WEB,
    Visitor,
    basic,
)

MEMBERS = [
    "id",
    "at",
    "method",
    "path",
    "query",
    "headers",
    "body",
    "body_size",
    "client_id",
    "user",
    "status",
    "response_headers",
    "response_body",
    "response_body_size",
    "remarks",
    "fault",
    "milliseconds",
]


async def _recorded(visitor: Visitor, **wanted: str) -> list[dict[str, Any]]:
    answer = await visitor.ask("GET", f"/_mock/requests?{urlencode(wanted)}")
    assert answer.status == 200, answer.text
    requests: list[dict[str, Any]] = answer.json()["requests"]
    return requests


async def _last(visitor: Visitor, **wanted: str) -> dict[str, Any]:
    return (await _recorded(visitor, **wanted))[-1]


async def test_a_request_is_kept_whole_with_its_answer(visitor: Visitor, org: MockOkta) -> None:
    org.clock.freeze(datetime(2031, 1, 1, 12, tzinfo=UTC))
    body = {"username": LOGIN, "password": PASSWORD}
    answer = await visitor.ask("POST", "/api/v1/authn?a=%20b", json=body, headers={"X-Own": "1"})
    (recorded,) = await _recorded(visitor)
    assert list(recorded) == MEMBERS
    assert recorded["id"] == answer.headers["X-Okta-Request-Id"]
    assert recorded["at"] == "2031-01-01T12:00:00.000Z"
    assert (recorded["method"], recorded["path"]) == ("POST", "/api/v1/authn")
    assert recorded["query"] == "a=%20b"
    assert recorded["headers"]["x-own"] == "1"
    assert recorded["body"] == '{"username": "tester@example.com", "password": "mock-Password-1"}'
    assert recorded["body_size"] == len(recorded["body"])
    assert recorded["status"] == 200
    assert recorded["response_body"] == answer.text
    assert recorded["response_body_size"] == len(answer.body)
    assert recorded["response_headers"]["content-type"] == "application/json"
    assert recorded["fault"] is None


async def test_why_a_request_was_refused_is_reported(visitor: Visitor) -> None:
    body = {"username": LOGIN, "password": "wrong"}
    await visitor.ask("POST", "/api/v1/authn", json=body)
    assert "WrongPassword" in (await _last(visitor))["remarks"][0]
    await visitor.ask("GET", "/api/v1/sessions/me", headers={"Origin": "http://evil.example"})
    assert any("http://evil.example" in each for each in (await _last(visitor))["remarks"])


async def test_an_authorization_header_stays(visitor: Visitor) -> None:
    await visitor.ask("GET", "/api/v1/users/me", headers={"Authorization": "SSWS a-token"})
    assert (await _last(visitor))["headers"]["authorization"] == "SSWS a-token"


@pytest.mark.parametrize(
    "path", ["/_mock", "/_mock/org", "/_mock/nothing", "/okta-signin-widget/9.9.9/x.js"]
)
async def test_the_control_api_and_the_widgets_files_are_not_recorded(
    visitor: Visitor, path: str
) -> None:
    await visitor.ask("GET", path)
    assert await _recorded(visitor) == []


async def test_what_nothing_is_served_at_is_recorded(visitor: Visitor) -> None:
    await visitor.ask("GET", "/nowhere")
    assert (await _last(visitor))["status"] == 404


async def test_the_client_shows_from_wherever_it_names_itself(visitor: Visitor) -> None:
    await visitor.authorize({"client_id": "0oa9"})
    assert (await _last(visitor))["client_id"] == "0oa9"
    await visitor.post("token", {"client_id": SPA, "grant_type": "none"})
    assert (await _last(visitor))["client_id"] == SPA
    await visitor.post("token", {"grant_type": "none"}, headers=basic(SERVICE, SECRET))
    assert (await _last(visitor))["client_id"] == SERVICE
    await visitor.userinfo((await visitor.tokens({"client_id": WEB}))["access_token"])
    assert (await _last(visitor))["client_id"] == WEB
    await visitor.ask("GET", "/api/v1/sessions/me")
    assert (await _last(visitor))["client_id"] is None


async def test_the_user_shows_all_through_a_sign_in(visitor: Visitor) -> None:
    tokens = await visitor.tokens()
    await visitor.userinfo(tokens["access_token"])
    await visitor.refresh(tokens["refresh_token"])
    await visitor.introspect(tokens["refresh_token"])
    await visitor.ask("GET", f"{visitor.url('logout')}?id_token_hint={tokens['id_token']}")
    shown = [(each["path"].rpartition("/")[2], each["user"]) for each in await _recorded(visitor)]
    names = ["authn", "authorize", "token", "userinfo", "token", "introspect", "logout"]
    assert shown == [(name, LOGIN) for name in names]


async def test_the_user_of_a_session_shows(visitor: Visitor) -> None:
    await visitor.ask("GET", "/api/v1/sessions/me")
    assert (await _last(visitor))["user"] is None
    await visitor.sign_in(OTHER_LOGIN)
    await visitor.authorize()
    assert (await _last(visitor))["user"] == OTHER_LOGIN


async def test_a_user_who_does_not_exist_is_shown_as_typed(visitor: Visitor) -> None:
    body = {"username": "nobody@example.com", "password": PASSWORD}
    await visitor.ask("POST", "/api/v1/authn", json=body)
    assert (await _last(visitor))["user"] == "nobody@example.com"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, 4),
        ({"method": "POST"}, 2),
        ({"method": "post"}, 2),
        ({"path": "/api/v1/authn"}, 1),
        ({"path": "/oauth2/*"}, 2),
        ({"path": "*/v1/*"}, 4),
        ({"path": "/oauth2"}, 0),
        ({"client_id": WEB}, 1),
        ({"user": "TESTER@example.com"}, 1),
        ({"status": "401"}, 1),
        ({"method": "GET", "client_id": SPA}, 1),
        ({"method": "POST", "client_id": SPA}, 0),
    ],
    ids=str,
)
async def test_requests_are_found_by_what_they_are(
    visitor: Visitor, wanted: dict[str, str], found: int
) -> None:
    await visitor.session_token()
    await visitor.authorize()
    await visitor.post("token", {"client_id": WEB, "client_secret": "wrong", "grant_type": "x"})
    await visitor.ask("GET", "/api/v1/sessions/me")
    assert len(await _recorded(visitor, **wanted)) == found


@pytest.mark.parametrize(
    ("query", "field"), [("pth=/x", "pth"), ("status=abc", "status"), ("path=x", "path")]
)
async def test_a_mistaken_filter_is_named(visitor: Visitor, query: str, field: str) -> None:
    answer = await visitor.ask("GET", f"/_mock/requests?{query}")
    assert answer.status == 400
    assert field in answer.text


async def test_recorded_requests_are_forgotten_when_asked_and_by_a_reset(visitor: Visitor) -> None:
    for method, path in (("DELETE", "/_mock/requests"), ("POST", "/_mock/reset")):
        await visitor.ask("GET", "/nowhere")
        assert await _recorded(visitor)
        assert (await visitor.ask(method, path)).status == 204
        assert await _recorded(visitor) == []


async def test_large_bodies_are_cut(visitor: Visitor) -> None:
    filling = "x" * 100_000
    await visitor.post("token", {"grant_type": filling})
    recorded = await _last(visitor)
    assert len(recorded["body"]) == LARGEST_KEPT_BODY
    assert recorded["body_size"] == 100_000 + len("grant_type=")


async def test_a_body_that_was_too_large_to_be_taken_is_left_out(visitor: Visitor) -> None:
    body, form = io.BytesIO(b"x" * 1_200_000), "application/x-www-form-urlencoded"
    answer = await visitor.ask(
        "POST", visitor.url("token"), data=body, headers={"Content-Type": form}
    )
    assert answer.status == 400
    assert (await _last(visitor))["body"] == ""


async def test_a_body_that_never_comes_is_not_waited_for(visitor: Visitor, org: MockOkta) -> None:
    _, writer = await asyncio.open_connection("localhost", urlsplit(org.url).port)
    writer.write(b"POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n")
    await writer.drain()
    while not (found := await _recorded(visitor)):
        pass
    assert (found[0]["body"], found[0]["status"]) == ("", 404)
    writer.close()
    await writer.wait_closed()


async def test_an_org_keeps_a_thousand(visitor: Visitor) -> None:
    for _ in range(1010):
        await visitor.ask("GET", "/nowhere")
    assert len(await _recorded(visitor)) == 1000


@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("/%ff%00?%ff=%00&client_id=%ed%a0%80", b"\xff\x00"),
        ("/x?" + "a=1&" * 2000, b"{" * 1000),
        ("/x?client_id=", b'{"username":"\\ud800"}'),
        ("/x", b'{"username":1,"token":"a.b.c","stateToken":[]}'),
        ("/x", b"token=a.b.c&code=&refresh_token=x&id_token_hint=e30.e30.e30"),
        ("/x", b"id_token_hint=e30.eyJzdWIiOjEsInVpZCI6WzFdLCJjaWQiOjF9.e30"),
    ],
)
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize(
    "authorization", ["Basic %%%", "Basic /w==", "Bearer a.b.c", "Bearer", "\xff"]
)
async def test_whatever_was_sent_can_be_shown(
    visitor: Visitor, target: str, body: bytes, kind: str, authorization: str
) -> None:
    headers = {"Content-Type": kind, "Authorization": authorization, "Cookie": "idx=é; a=["}
    await visitor.ask("POST", target, data=body, headers=headers)
    recorded = await _last(visitor)
    assert recorded["body_size"] == len(body)


async def test_octets_that_are_no_text_can_be_shown(visitor: Visitor, org: MockOkta) -> None:
    reader, writer = await asyncio.open_connection("localhost", urlsplit(org.url).port)
    head = b"Host: localhost\r\nOrigin: http://\xff\r\nConnection: close\r\n\r\n"
    writer.write(b"GET /api/v1/sessions/me HTTP/1.1\r\n" + head)
    await reader.read()
    writer.close()
    await writer.wait_closed()
    (recorded,) = await _recorded(visitor)
    assert recorded["headers"]["origin"] == "http://\N{REPLACEMENT CHARACTER}"
    assert "origin http://\N{REPLACEMENT CHARACTER} may not read" in recorded["remarks"][0]


@pytest.mark.parametrize(("control", "kept"), [(True, 1), (False, 0)])
async def test_without_the_control_api_nothing_is_recorded(
    shared_pool: KeyPool, *, control: bool, kept: int
) -> None:
    path = f"/a-path-of-this-test/{control}"
    config = Config(seed=SEED, control=control)
    async with MockOkta(config, key_pool=shared_pool) as org, ClientSession() as http:
        await (await http.get(f"{org.url}{path}")).read()
        exchanges = [each for each in gc.get_objects() if type(each) is Exchange]
        assert len([each for each in exchanges if each.path == path]) == kept


async def test_the_callback_is_in_the_query_as_it_was_sent(visitor: Visitor) -> None:
    await visitor.authorize()
    query = (await _last(visitor))["query"]
    assert re.search(rf"redirect_uri={re.escape(urlencode({'': CALLBACK})[1:])}&", query)


async def test_the_log_is_bounded_in_bytes_too_and_keeps_the_newest() -> None:
    log = MemoryLog[Exchange](Logged(record=Exchange, most=1000, most_bytes=100_000))
    large = replace(exchange("large"), query="q" * 200_000)
    for one in (large, *(replace(exchange(str(n)), body=b"x" * 10_000) for n in range(50))):
        await log.append(one, size_of(one))
        kept = [each.id for each in await log.values()]
        assert kept[-1] == one.id
    assert kept == [str(number) for number in range(50 - len(kept), 50)]
    assert 5 <= len(kept) <= 10
    await log.clear()
    await log.append(large, size_of(large))
    assert [each.id for each in await log.values()] == ["large"]


async def _status_of_fat(org: MockOkta, target: str, headers: bytes = b"") -> int:
    """Send a head that is larger than a client's own limits for the answer."""
    reader, writer = await asyncio.open_connection("localhost", urlsplit(org.url).port)
    writer.write(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n".encode() + headers)
    writer.write(b"Connection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(answer.split()[1])


async def test_what_is_kept_of_a_fat_request_is_cut(visitor: Visitor, org: MockOkta) -> None:
    headers = b"".join(b"X-%d: %s\r\n" % (number, b"x" * 60_000) for number in range(100))
    target = f"/{'p' * 30_000}?{'q' * 30_000}"
    assert await _status_of_fat(org, target, headers) == 404
    recorded = await _last(visitor)
    assert len(json.dumps(recorded)) < 110 * 1024
    for text in (recorded["path"], recorded["query"], recorded["headers"]["x-0"]):
        assert len(text) == 16 * 1024 + 1
        assert text.endswith("…")


async def test_what_an_answer_repeats_is_cut_too(visitor: Visitor, org: MockOkta) -> None:
    asked = {
        "client_id": SPA,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid",
        "state": "s" * 60_000,
        "prompt": "none",
    }
    assert await _status_of_fat(org, f"/oauth2/default/v1/authorize?{urlencode(asked)}") == 302
    location = (await _last(visitor))["response_headers"]["location"]
    assert location.startswith(CALLBACK)
    assert len(location) == 16 * 1024 + 1


STARS = "/" + "*a" * 30 + "b"


@pytest.mark.parametrize("what", ["asked for", "planned"])
async def test_a_path_with_many_stars_keeps_nobody_waiting(visitor: Visitor, what: str) -> None:
    """Matched by going back, this one would take years."""
    if what == "planned":
        fault = {"kind": "status", "status": 503, "path": STARS}
        assert (await visitor.ask("POST", "/_mock/faults", json=fault)).status == 200
    await visitor.ask("GET", "/" + "a" * 4000)
    answer = await visitor.ask("GET", "/_mock/requests", params={"path": STARS})
    assert answer.json() == {"requests": []}
    long = await visitor.ask("GET", "/_mock/requests", params={"path": "/" + "*a" * 3000})
    assert (long.status, long.json()["errorCode"]) == (400, "E0000001")


async def test_a_cookie_full_of_backslashes_keeps_nobody_waiting(visitor: Visitor) -> None:
    """Python's own parser took half a minute for this one (CVE-2024-7592)."""
    await visitor.ask("GET", "/nowhere", headers={"Cookie": 'a="' + r"\"" * 30_000 + '"'})
    assert (await _last(visitor))["user"] is None


async def test_the_headers_of_an_answer_are_recorded_as_they_are_sent(visitor: Visitor) -> None:
    """Those that every answer has, and cookies, are added late."""
    answer = await visitor.authorize({"sessionToken": await visitor.session_token()})
    recorded = (await _last(visitor))["response_headers"]
    assert recorded["x-okta-request-id"] == answer.headers["X-Okta-Request-Id"]
    assert recorded["cache-control"] == answer.headers["Cache-Control"]
    assert "idx=" in recorded["set-cookie"]
