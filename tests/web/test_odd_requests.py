"""Requests of odd sizes and content: broken HTTP, bodies and queries that no client sends."""

import asyncio
from urllib.parse import urlencode, urlsplit

import pytest

from mock_okta import MockOkta
from tests.visiting import CALLBACK, CHALLENGE, SPA, Visitor


async def _raw(org: MockOkta, request: bytes) -> bytes:
    """Send bytes as they are and read what comes until the server hangs up."""
    port = urlsplit(org.url).port
    reader, writer = await asyncio.open_connection("localhost", port)
    try:
        writer.write(request)
        await writer.drain()
        return await reader.read()
    finally:
        writer.close()
        await writer.wait_closed()


KIB_60 = 60 * 1024


async def test_60_kib_of_cookies_are_read(org: MockOkta) -> None:
    """On localhost all ports share their cookies."""
    cookie = b"; ".join(b"c%d=%s" % (i, b"x" * 4000) for i in range(15))
    answer = await _raw(
        org,
        b"GET /api/v1/sessions/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        b"Cookie: " + cookie + b"\r\n\r\n",
    )
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b"me (Session)" in answer


async def test_a_url_of_60_kib_is_read_and_answered_in_full(
    org: MockOkta, visitor: Visitor
) -> None:
    state = "s" * KIB_60
    query = urlencode(
        {
            "client_id": SPA,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "openid",
            "state": state,
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "sessionToken": await visitor.session_token(),
        }
    )
    answer = await _raw(
        org,
        b"GET /oauth2/default/v1/authorize?" + query.encode() + b" HTTP/1.1\r\n"
        b"Host: localhost\r\nConnection: close\r\n\r\n",
    )
    assert answer.startswith(b"HTTP/1.1 302 ")
    assert (f"Location: {CALLBACK}?code=".encode()) in answer
    assert (f"state={state}".encode()) in answer


@pytest.mark.parametrize(
    "request_head",
    [
        pytest.param(b"GET /?" + b"q" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n", id="URL"),
        pytest.param(
            b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: a=" + b"x" * 100_000 + b"\r\n",
            id="header",
        ),
        pytest.param(b"GET / HTTP/1.1\r\nHost localhost\r\n", id="no header"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", id="TLS to a port of http"),
    ],
)
async def test_what_is_no_good_http_is_refused_and_the_org_goes_on(
    org: MockOkta, visitor: Visitor, request_head: bytes
) -> None:
    answer = await _raw(org, request_head + b"\r\n")
    assert answer.startswith(b"HTTP/1.")
    assert answer.split()[1] == b"400"
    assert (await visitor.ask("GET", "/login/login.htm")).status == 200


@pytest.mark.parametrize("path", ["/api/v1/authn", "/oauth2/default/v1/token", "/login/login.htm"])
async def test_a_client_that_leaves_in_the_middle_is_no_defect(
    org: MockOkta, visitor: Visitor, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    kind = b"application/json" if "api" in path else b"application/x-www-form-urlencoded"
    _, writer = await asyncio.open_connection("localhost", urlsplit(org.url).port)
    writer.write(
        b"POST "
        + path.encode()
        + b" HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
        + kind
        + b"\r\nContent-Length: 1000\r\n\r\n{"
    )
    await writer.drain()
    assert (await visitor.ask("GET", "/nowhere")).status == 404
    writer.close()
    await writer.wait_closed()
    assert (await visitor.ask("GET", "/nowhere")).status == 404
    assert "defect" not in caplog.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/authn"),
        ("POST", "/api/v1/sessions"),
        ("PUT", "/_mock/seed"),
        ("PUT", "/_mock/clock"),
        ("POST", "/_mock/clock/advance"),
        ("POST", "/login/login.htm"),
        ("POST", "/login/sessionCookieRedirect"),
        ("POST", "/oauth2/default/v1/token"),
        ("POST", "/oauth2/default/v1/authorize"),
        ("POST", "/oauth2/default/v1/introspect"),
        ("POST", "/oauth2/default/v1/revoke"),
        ("POST", "/oauth2/default/v1/userinfo"),
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00",
        b"\xff\xfe",
        b"%",
        b"%ED%A0%80=%00",
        b"=&=&&=",
        b"a=1&" * 2000,
        b"[" * 50_000,
        b'{"a":' * 50_000,
        b'"\\ud800"',
    ],
    ids=["empty", "NUL", "no UTF-8", "percent", "surrogate", "signs", "many", "[", "{", "lone"],
)
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
async def test_no_body_makes_an_internal_error(
    visitor: Visitor, method: str, path: str, body: bytes, kind: str
) -> None:
    answer = await visitor.ask(method, path, data=body, headers={"Content-Type": kind})
    assert 200 <= answer.status < 500


@pytest.mark.parametrize(
    "query",
    ["%", "%00", "%ED%A0%80", "=", "&&", "a=1&" * 2000, "client_id=%00&redirect_uri=%0d%0a"],
    ids=["percent", "NUL", "surrogate", "sign", "signs", "many", "controls"],
)
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/login/login.htm",
        "/login/signout",
        "/login/sessionCookieRedirect",
        "/oauth2/default/v1/authorize",
        "/oauth2/default/v1/logout",
        "/oauth2/default/.well-known/openid-configuration",
    ],
)
async def test_no_query_makes_an_internal_error(visitor: Visitor, path: str, query: str) -> None:
    answer = await visitor.ask("GET", f"{path}?{query}")
    assert 200 <= answer.status < 500
