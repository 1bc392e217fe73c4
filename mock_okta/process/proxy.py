"""A small HTTP proxy that leads names such as `your-org.okta.com` to an org on this machine.

For CONNECT it copies bytes, so TLS is between the client and the org. It forwards plain http
requests, one for each connection (RFC 9110 9.3.6, RFC 9112 3.2.2). It refuses unknown names, unless
`pass_others` is set.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta

from msgspec import Struct, field

from mock_okta.app.settings import Config
from mock_okta.process.listening import BACKLOG, Sockets, stop_accepting
from mock_okta.process.own_thread import EnteredInThread
from mock_okta.process.proxy_requests import Asked, Body, Place, Refusal, RouteError, Routes
from mock_okta.process.server import MockOkta
from mock_okta.web.site import LOOPBACK_NAMES

__all__ = ["Proxy", "RouteError"]

_logger = logging.getLogger(__name__)

_CHUNK = 64 * 1024
_LARGEST_HEAD = 64 * 1024
_LAST_WORDS = 2.0


class Proxy(EnteredInThread):
    """A proxy, which serves until it is left; clients get its `url`, as HTTPS_PROXY for example.

    It leads the names of the running `org` to it, and those of `routes`, such as
    `{"app.example.test:443": "127.0.0.1:9000"}`; `*.` before a name stands for all names below it.
    With `pass_others` it lets all other names through; without it only loopback, if the proxy
    itself listens on loopback (automated browsers send even those to a proxy). Heads and bodies
    have the time limits of the org's Config.
    """

    _name = "proxy"

    def __init__(
        self,
        org: MockOkta | None = None,
        *,
        routes: Mapping[str, str] | None = None,
        pass_others: bool = False,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        super().__init__()
        self._org = org
        self._more = routes or {}
        self._pass_others = pass_others
        self._host, self._port = host, port

    async def _start(self, stack: AsyncExitStack) -> str:
        own = self._org.routes if self._org else {}
        routes = Routes.of({**own, **self._more}, self._lets_through())
        sockets = stack.enter_context(Sockets(self._host, self._port))
        limits = Config() if self._org is None else self._org.config
        connections = _Connections(routes, limits.head_timeout, limits.body_timeout)
        stack.push_async_callback(connections.stop)
        for listener in sockets.detached():
            server = await asyncio.start_server(
                connections.accept, sock=listener, limit=_LARGEST_HEAD, backlog=BACKLOG
            )
            stack.callback(server.close)
        stack.push_async_callback(stop_accepting, sockets.detached())
        return f"http://{sockets.address}"

    def _lets_through(self) -> frozenset[str] | None:
        if self._pass_others:
            return None
        return LOOPBACK_NAMES if self._host in LOOPBACK_NAMES else frozenset()


class _Connections(Struct, frozen=True):
    """The clients' connections, each a task."""

    routes: Routes
    head_timeout: timedelta
    body_timeout: timedelta
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a connection from now on."""
        task = asyncio.create_task(self._serve(reader, writer))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def stop(self) -> None:
        """End all connections, and wait until they have ended."""
        ending = tuple(self.tasks)
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with _ended(writer):
            try:
                asked = Asked.in_head(await _read_head(reader, self.head_timeout))
                there, to_there = await self._connected(asked.place)
            except Refusal as refusal:
                writer.write(refusal.response())
                await _after_last_words(reader, writer)
                return
            async with _ended(to_there):
                if asked.head is None:
                    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                else:
                    to_there.write(asked.head)
                async with asyncio.TaskGroup() as both:
                    both.create_task(_pipe(reader, to_there, asked.body, self.body_timeout))
                    both.create_task(_pipe(there, writer, Body(), self.body_timeout))

    async def _connected(self, asked: Place) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect to where `asked` leads; raise Refusal."""
        place = self.routes.to(asked)
        if place is None:
            known = ", ".join(map(str, self.routes.places)) or "none"
            reason = f"{asked} is not a name that this proxy leads to another address ({known})"
            _logger.warning("proxy: refused: %s", reason)
            raise Refusal("403 Forbidden", f"{reason}; --pass-others (pass_others) lets it pass")
        try:
            return await asyncio.open_connection(place.host, place.port, limit=_CHUNK)
        except (OSError, UnicodeError) as error:  # UnicodeError: no name can be like this
            why = getattr(error, "strerror", None) or error
            reason = f"{asked} leads to {place}, which cannot be reached: {why}"
            _logger.warning("proxy: %s", reason)
            raise Refusal("502 Bad Gateway", reason) from error


@asynccontextmanager
async def _ended(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """Close a connection once everything is sent; drop it if a side is gone, or when cancelled."""
    try:
        yield
        writer.close()
        await writer.wait_closed()
    except* (OSError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.transport.abort()
        with suppress(OSError):
            await writer.wait_closed()


async def _read_head(reader: asyncio.StreamReader, limit: timedelta) -> bytes:
    try:
        async with asyncio.timeout(limit.total_seconds()):
            return await reader.readuntil(b"\r\n\r\n")
    except TimeoutError as error:
        raise Refusal("408 Request Timeout", "the request's head did not come in time") from error
    except asyncio.LimitOverrunError as error:
        reason = f"the request's head is longer than {_LARGEST_HEAD} bytes"
        raise Refusal("431 Request Header Fields Too Large", reason) from error


async def _pipe(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: Body, limit: timedelta
) -> None:
    """Copy bytes in one direction, no faster than they are read, then the end of the stream.

    The other direction goes on. Raises TimeoutError, which ends both directions, if the rest of a
    body does not come.
    """
    while True:
        async with asyncio.timeout(limit.total_seconds() if body.is_to_come else None):
            chunk = await reader.read(_CHUNK)
        if not chunk:
            break
        body.take(chunk)
        writer.write(chunk)
        await writer.drain()
    writer.write_eof()


async def _after_last_words(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Let the client read the error: closing while it still sends would discard the error."""
    await writer.drain()
    writer.write_eof()
    with suppress(TimeoutError):
        async with asyncio.timeout(_LAST_WORDS):
            while await reader.read(_CHUNK):
                pass
