"""What MockOkta leaves behind when it stops, also in the middle of requests: nothing."""

import asyncio
import gc
import socket
import ssl
import threading
import urllib.error
import weakref
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from mock_okta import Config, KeyPool, MockOkta
from mock_okta.storage import Storage
from tests.process.asking import DISCOVERY, PATIENCE, connects, got, port_of

FILE_DESCRIPTORS = Path("/proc/self/fd")


def _descriptors() -> int:
    return len(list(FILE_DESCRIPTORS.iterdir())) if FILE_DESCRIPTORS.is_dir() else 0


def _threads() -> set[threading.Thread]:
    """All threads but those of the test's own event loop's executor."""
    return {thread for thread in threading.enumerate() if not thread.name.startswith("asyncio_")}


@contextmanager
def _nothing_is_left() -> Iterator[None]:
    """Threads and open files are the same before and after."""
    threads, descriptors = _threads(), _descriptors()
    yield
    assert _threads() == threads
    assert _descriptors() == descriptors


async def test_in_this_loop_it_leaves_no_task_thread_or_socket(shared_pool: KeyPool) -> None:
    async def visit() -> None:
        async with MockOkta(key_pool=shared_pool) as org, aiohttp.ClientSession() as http:
            async with http.get(org.url + DISCOVERY) as answer:
                assert answer.status == 200
            async with http.get(f"{org.url}/login/login.htm") as answer:
                assert answer.status == 200

    await visit()  # what is made once a process, is made
    tasks = asyncio.all_tasks()
    with _nothing_is_left():
        await visit()
        await asyncio.sleep(0)
    assert asyncio.all_tasks() == tasks


def test_in_a_thread_it_leaves_no_thread_or_socket(shared_pool: KeyPool, tmp_path: Path) -> None:
    def visit(pool: KeyPool | None) -> None:
        with MockOkta(Config(widget_dir=tmp_path), key_pool=pool) as org:
            got(org.url + DISCOVERY)

    visit(shared_pool)
    for pool in (shared_pool, None):
        with _nothing_is_left():
            visit(pool)


@pytest.mark.parametrize("tls", [False, True])
def test_a_connection_made_just_before_the_end_is_closed_too(
    shared_pool: KeyPool, recwarn: pytest.WarningsRecorder, *, tls: bool
) -> None:
    for _ in range(5):
        with MockOkta(Config(tls=tls), key_pool=shared_pool) as org:
            for _ in range(5):
                assert connects("127.0.0.1", port_of(org.url))
    gc.collect()
    assert [str(warning.message) for warning in recwarn] == []


@pytest.mark.parametrize("tls", [False, True])
def test_a_connection_that_a_client_keeps_open_is_closed(
    shared_pool: KeyPool, recwarn: pytest.WarningsRecorder, *, tls: bool
) -> None:
    with ExitStack() as kept:
        for _ in range(5):
            with MockOkta(Config(tls=tls), key_pool=shared_pool) as org:
                plain = kept.enter_context(
                    socket.create_connection(("127.0.0.1", port_of(org.url)), timeout=10)
                )
                client = plain
                if tls:
                    trust = ssl.create_default_context(cafile=str(org.ca_path))
                    client = trust.wrap_socket(plain, server_hostname="localhost")
                    kept.enter_context(client)
                client.sendall(b"GET /_mock/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert client.recv(1024).startswith(b"HTTP/1.1 200 ")
        gc.collect()
    assert [str(warning.message) for warning in recwarn] == []


def test_an_error_inside_is_passed_on_and_the_org_is_stopped(shared_pool: KeyPool) -> None:
    class Ours(Exception):
        pass

    def fail() -> None:
        with MockOkta(key_pool=shared_pool) as org:
            raise Ours(org.url)

    with _nothing_is_left(), pytest.raises(Ours) as raised:
        fail()
    assert not connects("127.0.0.1", port_of(str(raised.value)))


async def test_it_stops_cleanly_while_requests_are_in_flight(
    shared_pool: KeyPool, caplog: pytest.LogCaptureFixture
) -> None:
    """Idle connections, a request that never ends, and many that race with the stop."""
    org = MockOkta(key_pool=shared_pool)
    async with aiohttp.ClientSession() as http:

        async def ask() -> bool:
            try:
                async with http.get(org_url + DISCOVERY) as answer:
                    return answer.status == 200
            except (aiohttp.ClientError, ConnectionError):
                return False

        async with org:
            org_url = org.url
            assert await ask()
            reader, writer = await asyncio.open_connection("localhost", port_of(org_url))
            writer.write(
                b"POST /api/v1/authn HTTP/1.1\r\nHost: localhost\r\n"
                b"Content-Type: application/json\r\nContent-Length: 9\r\n\r\n"
            )
            await writer.drain()
            asking = [asyncio.create_task(ask()) for _ in range(20)]
            await asyncio.sleep(0)
        await asyncio.wait_for(asyncio.gather(*asking), timeout=PATIENCE)
        await asyncio.wait_for(reader.read(), timeout=PATIENCE)
        writer.close()
        await writer.wait_closed()
        assert not await ask()
    assert not connects("127.0.0.1", port_of(org_url))
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


class _Alive:
    """What the org in this process is made of, without keeping it."""

    KINDS = (web.Application, Storage, asyncio.AbstractEventLoop)

    def __init__(self) -> None:
        self._before = {id(each) for each in self._all()}
        self._seen: list[weakref.ref[object]] = []

    def look(self) -> None:
        new = [each for each in self._all() if id(each) not in self._before]
        self._seen = [weakref.ref(each) for each in new]
        assert {web.Application, Storage} <= {type(each) for each in new}

    def left(self) -> list[object]:
        gc.collect()
        return [each() for each in self._seen if each() is not None]

    def _all(self) -> list[object]:
        return [each for each in gc.get_objects() if isinstance(each, self.KINDS)]


SERVED = ["/api/v1/sessions/me", "/oauth2/default/v1/keys", "/nowhere", "/a%0Aline"]


async def test_in_this_loop_nothing_of_an_org_that_served_stays(shared_pool: KeyPool) -> None:
    alive = _Alive()
    async with MockOkta(key_pool=shared_pool) as org, aiohttp.ClientSession() as http:
        for path in SERVED:
            async with http.get(org.url + path) as answer:
                await answer.read()
        alive.look()
    await asyncio.sleep(0)
    del org, http, answer
    assert alive.left() == []


def test_in_a_thread_nothing_of_an_org_that_served_stays() -> None:
    """Not even its event loop: keys that were not there yet were waited for in it."""
    with closing(KeyPool()) as pool:
        alive = _Alive()
        with MockOkta(key_pool=pool) as org:
            for path in SERVED:
                with suppress(urllib.error.HTTPError):
                    got(org.url + path)
            alive.look()
        del org
        assert alive.left() == []
