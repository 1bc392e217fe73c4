"""Connections, below the routes: how long they may take, and what is answered to broken HTTP.

aiohttp answers by itself what it cannot parse and what it has no route for. Here such answers are
Okta's too, and name neither the server's software nor what was sent.
"""

import asyncio
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from email.utils import formatdate
from http.client import responses
from typing import TYPE_CHECKING, cast

import msgspec
from aiohttp import HttpVersion10, HttpVersion11, web
from aiohttp.abc import AbstractStreamWriter

from mock_okta.clock import Clock
from mock_okta.ids import Ids
from mock_okta.web.errors import (
    ApiError,
    BodyTooSlow,
    HeadTooSlow,
    InternalError,
    ValidationFailed,
    okta_error,
)
from mock_okta.web.masking import masked
from mock_okta.web.routing import UNROUTED

if TYPE_CHECKING:
    from aiohttp.streams import StreamReader

__all__ = ["LARGEST_LINE", "REFUSALS", "Connection", "Refusals", "route_all", "watched"]

LARGEST_LINE = 64 * 1024
_LOG = logging.getLogger("mock_okta.errors")
_VERSIONS = (HttpVersion10, HttpVersion11)
_LAST_WORDS = 2.0
_LONGEST_PAUSE = 1.0
_PAUSES_TO_A_LIMIT = 10
# The parser's message quotes what was sent, which may be a token: it is cut where that begins.
_QUOTE = re.compile(r"[:'\"\n]| b['\"]")


class Refusals(msgspec.Struct, frozen=True, kw_only=True):
    """Writes whole answers for what is no request that the routes could answer."""

    ids: Ids

    def written(self, error: ApiError, *, is_head: bool = False) -> bytes:
        """Return the answer, head and body; the connection ends with it."""
        body = msgspec.json.encode(
            okta_error(error.code, error.summary, self.ids.error_id(), error.causes)
        )
        head = (
            f"HTTP/1.1 {error.status} {responses[error.status]}",
            f"Date: {formatdate(Clock().epoch(), usegmt=True)}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            "Connection: close",
            f"X-Okta-Request-Id: {self.ids.request_id()}",
            "X-Content-Type-Options: nosniff",
            "Referrer-Policy: strict-origin-when-cross-origin",
            "Cache-Control: no-cache, no-store",
            "Pragma: no-cache",
            "Expires: 0",
            "\r\n",
        )
        return "\r\n".join(head).encode() + (b"" if is_head else body)


REFUSALS: web.AppKey[Refusals] = web.AppKey("refusals", Refusals)


class _Written(web.StreamResponse):
    """An answer that is written already: aiohttp adds nothing to it."""

    def __init__(self, answer: bytes, send: Callable[[bytes], None]) -> None:
        super().__init__()
        self.force_close()
        self._answer = answer
        self._send = send

    async def prepare(self, _: web.BaseRequest) -> AbstractStreamWriter | None:
        return None

    async def write_eof(self, _: bytes = b"") -> None:
        self._send(self._answer)


class Connection(web.RequestHandler):
    """One client's connection.

    A head has `head_timeout` to come whole, from the first connection on; a body may pause for
    `body_timeout`. Between two requests a connection may wait for long.
    """

    def __init__(
        self,
        server: web.Server,
        refusals: Refusals,
        *,
        head_timeout: timedelta,
        body_timeout: timedelta,
    ) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(
            server,
            loop=loop,
            access_log=None,  # type: ignore[arg-type] # -- as its own runners do
            max_line_size=LARGEST_LINE,
            max_field_size=LARGEST_LINE,
        )
        self._refusals = refusals
        self._head_timeout = head_timeout.total_seconds()
        self._body_timeout = body_timeout.total_seconds()
        self._time = loop.time
        self._heard_at = self._began_at = loop.time()
        self._ends_at: float | None = None
        self._is_silent = True
        self._waits_for_head = True
        self._is_serving = False
        self._body: StreamReader | None = None

    def data_received(self, data: bytes) -> None:
        self._heard_at = self._time()
        self._is_silent = False
        if not (self._waits_for_head or self._is_serving or self._has_body_to_come()):
            self._waits_for_head = True
            self._began_at = self._heard_at
        super().data_received(data)

    def serves(self, request: web.BaseRequest) -> None:
        """Note that a head has come whole."""
        self._waits_for_head = False
        self._is_serving = True
        self._body = request.content

    def has_served(self) -> None:
        """Note that the request is answered."""
        self._is_serving = False

    def end_if_late(self, now: float) -> None:
        """End it if its client has taken too long."""
        transport = self.transport
        if transport is None or transport.is_closing():
            return
        if self._ends_at is not None:
            if now > self._ends_at:
                self.force_close()
        elif not transport.is_reading():
            self._heard_at = now  # we do not listen: nobody is late
        elif self._waits_for_head:
            if now - self._began_at > self._head_timeout:
                self._refuse_head(transport, now)
        elif self._is_serving and now - self._heard_at > self._body_timeout:
            self._end_body()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer in Okta's words what aiohttp would answer in its own."""
        if request.writer.output_size > 0:
            raise ConnectionError("the answer was under way")
        if status >= 500:
            path = masked(request.path)
            _LOG.error("A defect of the server: %s %s", request.method, path, exc_info=exc)
            error: ApiError = InternalError()
        else:
            reason = _QUOTE.split(message or "", maxsplit=1)[0].strip() or type(exc).__name__
            _LOG.info("refused a malformed request: %s", reason)
            error = ValidationFailed("request", "request: This is no well-formed HTTP/1.1 request.")
        return _Written(self._refusals.written(error, is_head=request.method == "HEAD"), self._send)

    def _send(self, answer: bytes) -> None:
        if self.transport is not None:
            self.transport.write(answer)

    def _refuse_head(self, transport: asyncio.Transport, now: float) -> None:
        """Say why, and hang up once the client could read it: at once would take it from them."""
        if self._is_silent:
            self.force_close()
            return
        self.close()
        self._ends_at = now + _LAST_WORDS
        transport.write(self._refusals.written(HeadTooSlow()))
        if transport.can_write_eof():
            transport.write_eof()

    def _end_body(self) -> None:
        """Let what waits for the rest of the body answer that it did not come."""
        if self._body is not None and not self._body.is_eof():
            self.close()
            self._body.set_exception(BodyTooSlow())
            self._body.feed_eof()

    def _has_body_to_come(self) -> bool:
        return self._body is not None and not self._body.is_eof()


def route_all(server: web.Server, app: web.Application) -> None:
    """Let what finds no route be answered as any unknown path is, and connections know of it."""
    routed = server.request_handler

    async def handled(request: web.BaseRequest) -> web.StreamResponse:
        connection = cast(Connection, request.protocol)
        connection.serves(request)
        if request.version not in _VERSIONS:
            return connection.handle_error(request, 400, message="the version of HTTP")
        try:
            return await routed(request)
        # By aiohttp itself, for what our routes raise is rendered there. Its refusal of `Expect`
        # repeats what was sent, and fails where that is no text.
        except (web.HTTPException, UnicodeError):
            return await app[UNROUTED](cast(web.Request, request))
        finally:
            connection.has_served()

    server.request_handler = handled


async def watched(server: web.Server, shortest_limit: timedelta) -> None:
    """End connections that are late, for as long as this runs."""
    pause = min(_LONGEST_PAUSE, shortest_limit.total_seconds() / _PAUSES_TO_A_LIMIT)
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(pause)
        for connection in server.connections:
            if isinstance(connection, Connection):
                connection.end_if_late(loop.time())
