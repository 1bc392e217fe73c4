"""How a proxy's connections begin, wait and end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from mock_okta import Config, KeyPool, MockOkta, Proxy, StartError
from tests.proxying import CHUNK, PATIENCE, Client, a_server, echo


async def test_a_place_that_cannot_be_reached_is_named() -> None:
    async with a_server(echo) as place:
        pass
    async with (
        Proxy(routes={"app.example.test:443": place}) as proxy,
        Client.of(proxy) as client,
    ):
        assert await client.connect("app.example.test:443") == b"HTTP/1.1 502 Bad Gateway"
        assert f"leads to {place}" in (await client.rest()).decode()


@pytest.mark.parametrize("name", ["a..b", 70 * "a" + ".test"])
async def test_a_name_that_none_can_have_is_answered(name: str) -> None:
    async with Proxy(pass_others=True) as proxy, Client.of(proxy) as client:
        assert await client.connect(f"{name}:443") == b"HTTP/1.1 502 Bad Gateway"


@pytest.mark.parametrize("port", [-1, 65536])
async def test_a_port_that_there_is_not_is_reported(port: int) -> None:
    with pytest.raises(StartError, match=f"port: expected 0 to 65535, not {port}"):
        async with Proxy(port=port):
            pass


async def test_a_client_that_has_said_all_still_hears_the_answer() -> None:
    async def answer_at_the_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"you said " + await reader.read())

    async with (
        a_server(answer_at_the_end) as place,
        Proxy(routes={"a.test:1": place}) as proxy,
        Client.of(proxy) as client,
    ):
        await client.connect("a.test:1")
        client.writer.write(b"all of it")
        client.writer.write_eof()
        assert await client.rest() == b"you said all of it"


async def test_a_server_that_has_said_all_still_hears_the_client() -> None:
    heard: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def hear_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write_eof()
        heard.set_result(await reader.read())

    async with (
        a_server(hear_on) as place,
        Proxy(routes={"a.test:1": place}) as proxy,
        Client.of(proxy) as client,
    ):
        await client.connect("a.test:1")
        assert await client.rest() == b""
        client.writer.write(b"late")
        client.writer.write_eof()
        async with asyncio.timeout(PATIENCE):
            assert await heard == b"late"


async def test_a_side_that_goes_takes_the_other_with_it() -> None:
    gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def hear(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()
        gone.set_result(None)

    async with a_server(hear) as place, Proxy(routes={"a.test:1": place}) as proxy:
        async with Client.of(proxy) as client:
            await client.connect("a.test:1")
        async with asyncio.timeout(PATIENCE):
            await gone


async def test_what_a_slow_peer_does_not_take_is_not_hoarded() -> None:
    """The server may send no more than buffers hold until the client reads."""
    sent, total = 0, 400

    async def pour(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        for _ in range(total):
            writer.write(CHUNK)
            await writer.drain()
            sent += 1

    async def until_it_waits() -> None:
        # All parties share this loop: when many of its turns move nothing, nothing can move.
        turns = before = 0
        while turns < 1000 and sent < total:
            await asyncio.sleep(0)
            turns, before = (turns + 1 if sent == before else 0), sent

    async with (
        a_server(pour) as place,
        Proxy(routes={"a.test:1": place}) as proxy,
        Client.of(proxy) as client,
    ):
        await client.connect("a.test:1")
        client.writer.transport.pause_reading()  # type: ignore[attr-defined] -- it is a socket's
        await until_it_waits()
        assert sent < total
        client.writer.transport.resume_reading()  # type: ignore[attr-defined] -- as above
        assert len(await client.rest()) == total * len(CHUNK)


async def test_many_connections_at_once_are_kept_apart() -> None:
    async with a_server(echo) as place, Proxy(routes={"a.test:1": place}) as proxy:

        async def says(number: int) -> bool:
            words = f"{number} ".encode() * 5000
            async with Client.of(proxy) as client:
                await client.connect("a.test:1")
                client.writer.write(words)
                client.writer.write_eof()
                return await client.rest() == words

        assert all(await asyncio.gather(*map(says, range(200))))


async def test_stopping_ends_what_is_open_and_leaves_no_task() -> None:
    before = asyncio.all_tasks()
    async with a_server(echo) as place:
        async with Proxy(routes={"a.test:1": place}) as proxy:
            url = proxy.url
            async with Client.of(proxy) as silent, Client.of(proxy) as piped:
                await piped.connect("a.test:1")
                await proxy.__aexit__(None, None, None)
                assert (await silent.rest(), await piped.rest()) == (b"", b"")
        assert not [task for task in asyncio.all_tasks() - before if "_serve" in repr(task)]
        with pytest.raises(StartError, match="not running"):
            _ = proxy.url
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*url.removeprefix("http://").split(":"))
    assert asyncio.all_tasks() == before


SOON = timedelta(seconds=0.2)


@asynccontextmanager
async def _an_impatient_proxy(pool: KeyPool, place: str) -> AsyncIterator[Proxy]:
    config = Config(head_timeout=SOON, body_timeout=SOON)
    async with (
        MockOkta(config, key_pool=pool) as org,
        Proxy(org, routes={"a.test:1": place, "a.test:80": place}) as proxy,
    ):
        yield proxy


async def _swallow(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


@pytest.mark.parametrize("start", [b"", b"CONNECT a.test:1 HTTP/1.1\r\nHost:"])
async def test_a_head_that_stops_coming_is_refused(shared_pool: KeyPool, start: bytes) -> None:
    async with (
        a_server(echo) as place,
        _an_impatient_proxy(shared_pool, place) as proxy,
        Client.of(proxy) as client,
    ):
        client.writer.write(start)
        assert (await client.rest()).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    "sent",
    [
        b"Content-Length: 10\r\n\r\n123",
        b"Transfer-Encoding: chunked\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ],
)
async def test_a_body_that_stops_coming_ends_the_connection(
    shared_pool: KeyPool, sent: bytes
) -> None:
    async with (
        a_server(_swallow) as place,
        _an_impatient_proxy(shared_pool, place) as proxy,
        Client.of(proxy) as client,
    ):
        client.writer.write(b"POST http://a.test/ HTTP/1.1\r\n" + sent)
        assert await client.rest() == b""


@pytest.mark.parametrize(
    "sent",
    [
        b"\r\n",
        b"Content-Length: 3\r\n\r\n123",
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    ],
)
async def test_an_answer_may_take_longer_than_a_body_may_pause(
    shared_pool: KeyPool, sent: bytes
) -> None:
    async def answer_late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(sent[-5:])
        await asyncio.sleep(3 * SOON.total_seconds())
        writer.write(b"late")

    async with (
        a_server(answer_late) as place,
        _an_impatient_proxy(shared_pool, place) as proxy,
        Client.of(proxy) as client,
    ):
        client.writer.write(b"POST http://a.test/ HTTP/1.1\r\n" + sent)
        assert await client.rest() == b"late"


async def test_a_tunnel_may_rest(shared_pool: KeyPool) -> None:
    async with (
        a_server(echo) as place,
        _an_impatient_proxy(shared_pool, place) as proxy,
        Client.of(proxy) as client,
        Client.of(proxy) as other,
    ):
        await client.connect("a.test:1")
        assert (await other.rest()).startswith(b"HTTP/1.1 408 ")  # by now both limits have passed
        client.writer.write(b"still there")
        assert await client.reader.readexactly(11) == b"still there"


async def test_a_name_of_very_many_labels_keeps_nobody_waiting() -> None:
    async with Proxy() as proxy, Client.of(proxy) as client:
        assert await client.connect("a." * 15_000 + "test:443") == b"HTTP/1.1 400 Bad Request"


async def test_a_proxy_is_entered_once_at_a_time() -> None:
    async with Proxy() as proxy:
        with pytest.raises(StartError, match="the proxy is running already"):
            await proxy.__aenter__()
        with pytest.raises(StartError, match="the proxy is running already"):
            proxy.__enter__()
        assert proxy.url.startswith("http://127.0.0.1:")


def test_a_proxy_may_start_again() -> None:
    proxy = Proxy()
    for _ in range(2):
        with proxy:
            assert proxy.url.startswith("http://127.0.0.1:")
        with pytest.raises(StartError, match="the proxy is not running"):
            _ = proxy.url
