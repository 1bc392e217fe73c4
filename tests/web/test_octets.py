"""Header values that are no text (RFC 9110 5.5 lets them have any octets), and `Expect`."""

import asyncio
from urllib.parse import urlsplit

import pytest

from mock_okta import MockOkta
from tests.visiting import Visitor

NO_TEXT = b"a.\xff\xed\xa0\x80.b"
UTF_8 = "né".encode()
NO_TEXT_SOMEWHERE = [
    ("GET", "/oauth2/default/v1/userinfo", b"Authorization: Bearer " + NO_TEXT, 401),
    ("GET", "/oauth2/default/v1/userinfo", b"Authorization: DPoP " + NO_TEXT, 401),
    ("POST", "/oauth2/default/v1/introspect", b"Authorization: Basic " + NO_TEXT, 401),
    ("POST", "/oauth2/default/v1/introspect", b"Authorization: Basic " + UTF_8, 401),
    ("GET", "/api/v1/users/me", b"Authorization: SSWS " + NO_TEXT, 403),
    ("GET", "/api/v1/sessions/me", b"Cookie: idx=" + NO_TEXT, 404),
    ("GET", "/api/v1/sessions/me", b"Origin: http://" + NO_TEXT, 404),
    ("GET", "/login/login.htm", b"Accept-Language: " + NO_TEXT, 200),
    ("GET", "/_mock/org", b"Origin: http://" + NO_TEXT, 403),
    ("GET", "/_mock/org", b"Expect: " + NO_TEXT, 200),
    ("GET", "/nowhere", b"Expect: " + NO_TEXT, 404),
]


async def raw_answer(org: MockOkta, method: str, path: str, header: bytes) -> bytes:
    host = urlsplit(org.url)
    reader, writer = await asyncio.open_connection(host.hostname, host.port)
    form = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\ntoken=a"
    rest = form if method == "POST" else b"\r\n"
    start = f"{method} {path} HTTP/1.1\r\nHost: {host.netloc}\r\nConnection: close\r\n".encode()
    writer.write(start + header + b"\r\n" + rest)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


@pytest.mark.parametrize(("method", "path", "header", "status"), NO_TEXT_SOMEWHERE)
async def test_a_header_that_is_no_text_is_answered_as_any_wrong_one(
    org: MockOkta, method: str, path: str, header: bytes, status: int
) -> None:
    answer = await raw_answer(org, method, path, header)
    assert answer.split(b" ")[1] == str(status).encode()
    assert b"\r\nX-Okta-Request-Id: " in answer


async def test_utf_8_stays_what_it_is(org: MockOkta, visitor: Visitor) -> None:
    await raw_answer(org, "GET", "/api/v1/sessions/me", b"User-Agent: " + UTF_8)
    (seen,) = (await visitor.ask("GET", "/_mock/requests")).json()["requests"]
    assert seen["headers"]["user-agent"] == UTF_8.decode()


async def test_a_client_that_waits_to_be_asked_for_the_body_is_asked(org: MockOkta) -> None:
    host = urlsplit(org.url)
    reader, writer = await asyncio.open_connection(host.hostname, host.port)
    writer.write(
        f"POST /api/v1/authn HTTP/1.1\r\nHost: {host.netloc}\r\nExpect: 100-Continue\r\n"
        "Content-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n".encode()
    )
    assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(b"{}")
    assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
    writer.close()
    await writer.wait_closed()
