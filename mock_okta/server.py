"""MockOkta: one Okta org, started in the caller's event loop or in a thread of its own."""

import asyncio
import os
import socket
import ssl
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from aiohttp import web

from mock_okta.app import build_app
from mock_okta.clock import Clock
from mock_okta.config import Config
from mock_okta.domain.directory import ORG_SERVER, Client
from mock_okta.listening import PortTaken, Sockets, StartError
from mock_okta.services.key_ring import KeyFileError, KeyPool
from mock_okta.services.seeding import client_of
from mock_okta.storage import MemoryStorage
from mock_okta.tls import Authority, certificate_path

__all__ = ["MockOkta", "PortTaken", "StartError"]

_LARGEST_HEADER = 64 * 1024
_PATIENCE = 2.0
_TURNS_TO_ACCEPT = 10


class MockOkta:
    """An Okta org that serves over HTTP until it is left.

    `async with MockOkta(config)` serves in this event loop, `with MockOkta(config)` in a thread of
    its own. `key_pool` may be shared by many orgs of a process, which then generate no keys anew.
    An org can be entered once at a time; entered again, it starts afresh from its seed.
    """

    def __init__(self, config: Config | None = None, *, key_pool: KeyPool | None = None) -> None:
        self.config = config or Config()
        self.clock = Clock()
        self._key_pool = key_pool
        self._url: str | None = None
        self._ca_path: Path | None = None
        self._exit = AsyncExitStack()
        self._thread: _ServerThread | None = None

    @property
    def url(self) -> str:
        """The org's base URL, no trailing slash: `http://localhost:41235`."""
        if self._url is None:
            raise StartError("the org is not running: enter it by `with` or `async with`")
        return self._url

    def issuer(self, server_id: str = "default") -> str:
        """Return the issuer of an authorization server; `org` is the org's own."""
        return self.url if server_id == ORG_SERVER else f"{self.url}/oauth2/{server_id}"

    @property
    def clients(self) -> Sequence[Client]:
        """The clients that the org starts with, ids and secrets filled in."""
        return tuple(client_of(seed) for seed in self.config.seed.clients)

    @property
    def ca_path(self) -> Path:
        """The PEM file of the CA to trust; only an org that serves https has one."""
        if self._ca_path is None:
            raise StartError("there is a CA only while an org with Config(tls=True) runs")
        return self._ca_path

    async def __aenter__(self) -> Self:
        if self._url is not None:
            raise StartError("the org is running already")
        async with AsyncExitStack() as stack:
            await self._start(stack)
            self._exit = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._url = self._ca_path = None
        await self._exit.aclose()

    def __enter__(self) -> Self:
        if self._url is not None:
            raise StartError("the org is running already")
        thread = _ServerThread(self)
        thread.start()
        self._thread = thread
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop()

    async def _start(self, stack: AsyncExitStack) -> None:
        config = self.config
        sockets = stack.enter_context(Sockets(config.host, config.port))
        context = self._tls_context(stack) if config.tls else None
        scheme = "http" if context is None else "https"
        url = _url(scheme, config.hostname, sockets.port)
        pool = self._key_pool
        if pool is None:
            pool = KeyPool(_keys_directory(config.state_dir))
            stack.callback(pool.close)
        self.clock.reset()
        app = build_app(config, url, MemoryStorage(self.clock), self.clock, pool)
        try:
            await _serve(app, sockets.detached(), context, stack)
        except KeyFileError as error:
            raise StartError(str(error)) from error
        self._url = url

    def _tls_context(self, stack: AsyncExitStack) -> ssl.SSLContext:
        """Make the leaf, and leave the CA's certificate where clients can read it."""
        config = self.config
        if config.state_dir is None:
            authority = Authority.generate()
            directory = stack.enter_context(TemporaryDirectory(prefix="mock_okta-"))
            self._ca_path = Path(directory, "ca.pem")
            self._ca_path.write_bytes(authority.certificate_pem)
        else:
            authority = Authority.load_or_create(config.state_dir)
            self._ca_path = certificate_path(config.state_dir).absolute()
        return authority.issue((config.hostname, *config.tls_names)).server_context()


class _ServerThread:
    """Runs an org in a thread with an event loop of its own."""

    def __init__(self, org: MockOkta) -> None:
        self._org = org
        self._started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
        self._thread = threading.Thread(target=self._run, name="mock_okta", daemon=True)

    def start(self) -> None:
        """Return once the org serves; raise what kept it from that."""
        self._thread.start()
        try:
            self._started.result()
        except BaseException:
            if self._started.exception() is None:  # interrupted, by Ctrl-C, while it started
                self.stop()
            self._thread.join()
            raise

    def stop(self) -> None:
        """Stop the org and wait for its thread to end."""
        loop, stopping = self._started.result()
        loop.call_soon_threadsafe(stopping.set)
        self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        stopping = asyncio.Event()
        try:
            await self._org.__aenter__()
        except BaseException as error:  # noqa: BLE001 -- handed to the thread that waits for it
            self._started.set_exception(error)
            return
        self._started.set_result((asyncio.get_running_loop(), stopping))
        try:
            await stopping.wait()
        finally:
            await self._org.__aexit__(None, None, None)


def _keys_directory(state_dir: Path | None) -> Path | None:
    """Return where keys survive a restart, made if need be."""
    if state_dir is None:
        return None
    keys = state_dir / "keys"
    try:
        keys.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(f"cannot keep keys in {state_dir}: {error.strerror}") from error
    if not os.access(keys, os.W_OK):
        raise StartError(f"cannot keep keys in {state_dir}: it cannot be written to")
    return keys


async def _serve(
    app: web.Application,
    sockets: Sequence[socket.socket],
    context: ssl.SSLContext | None,
    stack: AsyncExitStack,
) -> None:
    runner = web.AppRunner(
        app,
        access_log=None,
        shutdown_timeout=_PATIENCE,
        max_line_size=_LARGEST_HEADER,
        max_field_size=_LARGEST_HEADER,
    )
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    for listener in sockets:
        await web.SockSite(runner, listener, ssl_context=context).start()
    stack.push_async_callback(_stop_accepting, sockets)


async def _stop_accepting(sockets: Sequence[socket.socket]) -> None:
    """Take no more connections, and let those just taken reach the runner, which closes them.

    asyncio makes a transport of an accepted socket over a few turns of the loop, and loses the
    socket if its server is closed meanwhile (CPython issue 109564).
    """
    loop = asyncio.get_running_loop()
    for listener in sockets:
        with suppress(NotImplementedError):  # Windows has no readers to remove
            loop.remove_reader(listener)
    for _ in range(_TURNS_TO_ACCEPT):
        await asyncio.sleep(0)


def _url(scheme: str, hostname: str, port: int) -> str:
    """Return the base URL as browsers write an origin: without a default port."""
    default = {"http": 80, "https": 443}[scheme]
    return f"{scheme}://{hostname}" + ("" if port == default else f":{port}")
