"""How a proxy's connections begin, wait and end."""

import asyncio

import pytest

from mock_okta import Proxy, StartError
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
async def test_a_port_that_there_is_not_is_told(port: int) -> None:
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
    sent = 0
    blocked = asyncio.Event()
    total = 400

    async def pour(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        for _ in range(total):
            writer.write(CHUNK)
            drained = asyncio.ensure_future(writer.drain())
            await asyncio.wait({drained}, timeout=0.5)
            if not drained.done():
                blocked.set()
            await drained
            sent += 1

    async with (
        a_server(pour) as place,
        Proxy(routes={"a.test:1": place}) as proxy,
        Client.of(proxy) as client,
    ):
        await client.connect("a.test:1")
        client.writer.transport.pause_reading()  # type: ignore[attr-defined] -- it is a socket's
        async with asyncio.timeout(PATIENCE):
            await blocked.wait()
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
