"""Connections: invalid requests are refused with Okta's errors, and slow clients are cut off."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from mock_okta import Config, KeyPool, MockOkta
from mock_okta.cli.stopping import loop_factory
from tests.visiting import SEED, Visitor

SOON = timedelta(seconds=0.2)
LATE = timedelta(hours=1)
HOST = b"Host: localhost\r\n"
SECRET = b"client_secret=not-to-be-seen"
COMMON = {
    "content-type": "application/json",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cache-control": "no-cache, no-store",
    "pragma": "no-cache",
    "expires": "0",
}
NO_HTTP = {
    "a long line": b"GET /?" + SECRET + b"&" + b"q" * 100_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "a long header": b"GET / HTTP/1.1\r\nCookie: " + SECRET + b"x" * 100_000 + b"\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 40_000 + b"\r\n",
    "a header without a colon": b"GET /?" + SECRET + b" HTTP/1.1\r\nHost localhost\r\n\r\n",
    "no version": b"GET /?" + SECRET + b"\r\n\r\n",
    "another version": b"GET / HTTP/2.0\r\n" + HOST + b"\r\n",
    "a path without a slash": b"GET x HTTP/1.1\r\n" + HOST + b"\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "octets in the target": b"GET /\xff\x00 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a length that is no number": b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
}
if not hasattr(web, "RequestKey"):  # before 3.14 aiohttp takes any number of headers
    del NO_HTTP["many headers"]
NO_ROUTE = {
    "a line end in the path": (b"GET /x%0ay", b""),
    "bad Expect there": (b"GET /x%0ay", b"Expect: \xff\r\n"),
    "CONNECT": (b"CONNECT localhost:443", b""),
    "CONNECT with a bad Expect": (b"CONNECT localhost:443", b"Expect: \xff\r\n"),
    "no path": (b"OPTIONS *", b""),
    "no path, bad Expect": (b"OPTIONS *", b"Expect: 200-maybe\r\n"),
}


@asynccontextmanager
async def connection(
    org: MockOkta,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("localhost", urlsplit(org.url).port)
    try:
        yield reader, writer
    finally:
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)


async def answer_to(org: MockOkta, request: bytes) -> bytes:
    """Send bytes, and read until the server hangs up."""
    async with connection(org) as (reader, writer):
        writer.write(request)
        return await reader.read()


def is_ours(answer: bytes, status: int, code: str) -> bool:
    """Check every part of an answer that is Okta's error object."""
    head, _, body = answer.partition(b"\r\n\r\n")
    line, *fields = head.decode().split("\r\n")
    assert re.fullmatch(rf"HTTP/1\.1 {status} [A-Za-z ]+", line)
    headers = {name.lower(): value for name, value in (field.split(": ") for field in fields)}
    assert headers.items() >= COMMON.items()
    assert re.fullmatch(r"[0-9a-f]{32}", headers["x-okta-request-id"])
    assert headers["date"].endswith(" GMT")
    assert "server" not in headers
    assert int(headers["content-length"]) == len(body)
    error = json.loads(body)
    assert re.fullmatch(r"oae[\w-]{22}", error["errorId"])
    return bool(error["errorCode"] == code)


@pytest.mark.parametrize("request_", NO_HTTP.values(), ids=NO_HTTP)
async def test_what_is_no_http_is_refused_in_oktas_words_and_never_repeated(
    org: MockOkta, caplog: pytest.LogCaptureFixture, request_: bytes
) -> None:
    caplog.set_level("DEBUG")
    answer = await answer_to(org, request_)
    assert is_ours(answer, 400, "E0000001")
    assert b"Connection: close\r\n" in answer
    (record,) = [each for each in caplog.records if each.name != "asyncio"]
    assert record.getMessage().startswith("refused a malformed request: ")
    assert record.exc_info is None
    assert b"not-to-be-seen" not in answer
    assert "not-to-be-seen" not in caplog.text


@pytest.mark.parametrize(("line", "header"), NO_ROUTE.values(), ids=NO_ROUTE)
async def test_what_has_no_route_is_an_unknown_path(
    org: MockOkta, visitor: Visitor, line: bytes, header: bytes
) -> None:
    request = line + b" HTTP/1.1\r\n" + HOST + header + b"Connection: close\r\n\r\n"
    assert is_ours(await answer_to(org, request), 404, "E0000008")
    (recorded,) = (await visitor.ask("GET", "/_mock/requests")).json()["requests"]
    assert recorded["status"] == 404


@pytest.mark.parametrize("config", [Config(seed=SEED, head_timeout=SOON, body_timeout=LATE)])
class TestHeads:
    async def test_a_head_that_stops_coming_is_refused(self, org: MockOkta) -> None:
        answer = await answer_to(org, b"GET / HTTP/1.1\r\nHost: loc")
        assert is_ours(answer, 408, "E0000003")

    async def test_a_head_that_drips_is_refused_all_the_same(self, org: MockOkta) -> None:
        async with connection(org) as (reader, writer):

            async def drip() -> None:
                writer.write(b"GET / HTTP/1.1\r\n")
                while not reader.at_eof():
                    writer.write(b"a: b\r\n")
                    await asyncio.sleep(SOON.total_seconds() / 20)

            dripping = asyncio.create_task(drip())
            assert is_ours(await reader.read(), 408, "E0000003")
            dripping.cancel()

    async def test_a_connection_that_says_nothing_is_closed(self, org: MockOkta) -> None:
        assert await answer_to(org, b"") == b""

    async def test_the_orgs_clock_does_not_count(self, org: MockOkta) -> None:
        org.clock.freeze()
        assert is_ours(await answer_to(org, b"GET"), 408, "E0000003")

    async def test_between_requests_a_connection_may_rest_and_then_a_head_has_its_time(
        self, org: MockOkta
    ) -> None:
        request = b"GET /nowhere HTTP/1.1\r\n" + HOST + b"\r\n"
        async with connection(org) as (reader, writer), connection(org) as (other, late):
            for _ in range(2):
                writer.write(request)
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"Content-Length: (\d+)", head)
                assert length
                await reader.readexactly(int(length[1]))
                late.write(b"G")
                await other.read()  # by now the limit has passed
            writer.write(b"GET /nowh")
            assert is_ours(await reader.read(), 408, "E0000003")

    async def test_a_request_may_be_served_for_longer(self, visitor: Visitor) -> None:
        fault = {"kind": "delay", "seconds": 3 * SOON.total_seconds(), "path": "/nowhere"}
        await visitor.ask("POST", "/_mock/faults", json=fault)
        assert (await visitor.ask("GET", "/nowhere")).status == 404


@pytest.mark.parametrize("config", [Config(seed=SEED, head_timeout=LATE, body_timeout=SOON)])
class TestBodies:
    HEAD = (
        b"POST /api/v1/authn HTTP/1.1\r\nContent-Type: application/json\r\n"
        b"Content-Length: 100\r\n" + HOST + b"\r\n"
    )

    async def test_a_body_that_stops_coming_is_refused(
        self, org: MockOkta, visitor: Visitor
    ) -> None:
        answer = await answer_to(org, self.HEAD + b'{"username"')
        assert is_ours(answer, 408, "E0000003")
        assert b"Connection: close\r\n" in answer
        (recorded,) = (await visitor.ask("GET", "/_mock/requests")).json()["requests"]
        assert recorded["status"] == 408
        assert recorded["remarks"] == ["the rest of the body did not come in time"]

    async def test_a_body_that_waits_to_be_asked_for_has_its_time_too(self, org: MockOkta) -> None:
        request = self.HEAD.replace(HOST, HOST + b"Expect: 100-continue\r\n")
        asked, _, answer = (await answer_to(org, request)).partition(b"\r\n\r\n")
        assert asked == b"HTTP/1.1 100 Continue"
        assert is_ours(answer, 408, "E0000003")


def _most_that_may_wait() -> int:
    limit = Path("/proc/sys/net/core/somaxconn")
    return int(limit.read_text()) if limit.exists() else socket.SOMAXCONN


@pytest.mark.skipif(_most_that_may_wait() < 600, reason="this machine lets fewer wait")
async def test_hundreds_of_connections_may_wait_to_be_taken(org: MockOkta) -> None:
    """The event loop is blocked meanwhile: only the system accepts them."""
    place = ("127.0.0.1", urlsplit(org.url).port)
    with ExitStack() as stack:
        for _ in range(500):
            stack.enter_context(socket.create_connection(place, timeout=5))


async def test_an_org_in_the_bad_weather_of_others_goes_on(shared_pool: KeyPool) -> None:
    config = Config(seed=SEED, head_timeout=SOON, body_timeout=SOON)
    async with MockOkta(config, key_pool=shared_pool) as org:
        rude = [*NO_HTTP.values(), b"", b"GET /", TestBodies.HEAD]
        answers = await asyncio.gather(*(answer_to(org, each) for each in rude * 5))
        assert {answer[:13] for answer in answers if answer} == {b"HTTP/1.1 400 ", b"HTTP/1.1 408 "}
        request = b"GET /nowhere HTTP/1.1\r\nConnection: close\r\n" + HOST + b"\r\n"
        assert is_ours(await answer_to(org, request), 404, "E0000008")


def test_the_commands_event_loop_keeps_to_it_too(shared_pool: KeyPool) -> None:
    async def visited() -> None:
        config = Config(seed=SEED, head_timeout=SOON, body_timeout=SOON)
        async with MockOkta(config, key_pool=shared_pool) as org:
            assert is_ours(await answer_to(org, b"GET /"), 408, "E0000003")
            assert is_ours(await answer_to(org, TestBodies.HEAD), 408, "E0000003")
            assert is_ours(await answer_to(org, NO_HTTP["TLS"]), 400, "E0000001")
            assert await answer_to(org, b"") == b""

    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(visited())


@pytest.mark.parametrize("config", [Config(seed=SEED, body_timeout=timedelta(seconds=2))])
async def test_a_body_that_goes_on_coming_is_waited_for(org: MockOkta) -> None:
    async with connection(org) as (reader, writer):
        writer.write(TestBodies.HEAD)
        for _ in range(100):  # in all for longer than it may pause
            writer.write(b" ")
            await asyncio.sleep(0.025)
        assert (await reader.readline()).startswith(b"HTTP/1.1 400 ")
