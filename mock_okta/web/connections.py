"""Connections: their time limits, and the answers to broken HTTP.

aiohttp itself answers requests that it cannot parse or has no route for. Here such answers have
Okta's form too, and do not contain the server's software or the request.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
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

__all__ = ["REFUSALS", "Connection", "Refusals", "route_all", "watched"]

_LARGEST_LINE = 64 * 1024
_LOG = logging.getLogger("mock_okta.errors")
_VERSIONS = (HttpVersion10, HttpVersion11)
_LAST_WORDS = 2.0
_LONGEST_PAUSE = 1.0
_PAUSES_TO_A_LIMIT = 10
# The parser's message quotes the request, which may have a token: it is cut before the quote.
_QUOTE = re.compile(r"[:'\"\n]| b['\"]")


class Refusals(msgspec.Struct, frozen=True, kw_only=True):
    """Writes complete answers to requests that do not reach the routes."""

    ids: Ids

    def written(self, error: ApiError, *, is_head: bool = False) -> bytes:
        """Return the answer with head and body; the connection ends after it."""
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
    """An answer that is already written: aiohttp adds nothing to it."""

    def __init__(self, answer: bytes, send: Callable[[bytes], Awaitable[None]]) -> None:
        super().__init__()
        self.force_close()
        self._answer = answer
        self._send = send

    async def prepare(self, _: web.BaseRequest) -> AbstractStreamWriter | None:
        return None

    async def write_eof(self, _: bytes = b"") -> None:
        await self._send(self._answer)


class Connection(web.RequestHandler):
    """One client's connection.

    A head must be complete within `head_timeout`; for the first one, the time starts with the
    connection. A body may pause for `body_timeout`. Between two requests a connection may wait for
    a long time.
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
            max_line_size=_LARGEST_LINE,
            max_field_size=_LARGEST_LINE,
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
        self._lost: asyncio.Future[None] | None = None

    def connection_lost(self, exc: BaseException | None) -> None:
        super().connection_lost(exc)
        if self._lost is not None and not self._lost.done():
            self._lost.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._heard_at = self._time()
        self._is_silent = False
        if not (self._waits_for_head or self._is_serving or self._has_body_to_come()):
            self._waits_for_head = True
            self._began_at = self._heard_at
        super().data_received(data)

    def serves(self, request: web.BaseRequest) -> None:
        """Record that a head is complete."""
        self._waits_for_head = False
        self._is_serving = True
        self._body = request.content

    def has_served(self) -> None:
        """Record that the request is answered."""
        self._is_serving = False

    def end_if_late(self, now: float) -> None:
        """End the connection if its client has taken too long."""
        transport = self.transport
        if transport is None or transport.is_closing():
            return
        if self._ends_at is not None:
            if now > self._ends_at:
                self.force_close()
        elif not transport.is_reading():
            self._heard_at = now  # we do not read, so the client is not late
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
        """Answer with Okta's error instead of aiohttp's."""
        if request.writer.output_size > 0:
            raise ConnectionError("the answer had already started")
        if status >= 500:
            path = masked(request.path)
            _LOG.error("Internal error: %s %s", request.method, path, exc_info=exc)
            error: ApiError = InternalError()
        else:
            reason = _QUOTE.split(message or "", maxsplit=1)[0].strip() or type(exc).__name__
            _LOG.info("refused a malformed request: %s", reason)
            error = ValidationFailed("request", "request: This is no well-formed HTTP/1.1 request.")
        return _Written(self._refusals.written(error, is_head=request.method == "HEAD"), self._send)

    async def _send(self, answer: bytes) -> None:
        """Send the answer; discard what still comes, until the client has closed.

        Closing earlier would reset the connection, and the client could not read the answer.
        """
        transport = self.transport
        if transport is None:
            return
        self.close()
        self._lost = asyncio.get_running_loop().create_future()
        transport.write(answer)
        if transport.can_write_eof():
            transport.write_eof()
        await asyncio.wait([self._lost], timeout=_LAST_WORDS)

    def _refuse_head(self, transport: asyncio.Transport, now: float) -> None:
        """Send the error; close after the client could read it: an earlier close discards it."""
        if self._is_silent:
            self.force_close()
            return
        self.close()
        self._ends_at = now + _LAST_WORDS
        transport.write(self._refusals.written(HeadTooSlow()))
        if transport.can_write_eof():
            transport.write_eof()

    def _end_body(self) -> None:
        """End a read that waits for the rest of the body, with the error that it did not come."""
        if self._body is not None and not self._body.is_eof():
            self.close()
            self._body.set_exception(BodyTooSlow())
            self._body.feed_eof()

    def _has_body_to_come(self) -> bool:
        return self._body is not None and not self._body.is_eof()


def route_all(server: web.Server, app: web.Application) -> None:
    """Answer requests without a route like unknown paths, and let connections count requests."""
    routed = server.request_handler

    async def handled(request: web.BaseRequest) -> web.StreamResponse:
        connection = cast(Connection, request.protocol)
        connection.serves(request)
        if request.version not in _VERSIONS:
            return connection.handle_error(request, 400, message="the version of HTTP")
        try:
            return await routed(request)
        # This is from aiohttp itself, because errors of our routes are rendered there. Its refusal
        # of `Expect` repeats the header, and fails if that is not text.
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
