"""A client with little cost: HTTP/1.1 with keep-alive over a bare connection."""

import asyncio
import re
from dataclasses import dataclass
from typing import Self, cast

__all__ = ["Answer", "Connection", "request_bytes"]

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: *([^\r]*)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_LAST_CHUNK = b"0\r\n\r\n"
_END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True)
class Answer:
    """An answer."""

    status: int
    head: bytes
    body: bytes

    @property
    def location(self) -> str:
        """Where a redirect goes."""
        found = _LOCATION.search(self.head)
        if found is None:
            raise ValueError(f"no redirect: {self.status} {self.body[:300]!r}")
        return found[1].decode()


def request_bytes(
    method: str, path: str, body: bytes = b"", *, content_type: str = "", authorization: str = ""
) -> bytes:
    """Return a request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    if authorization:
        lines.append(f"Authorization: {authorization}")
    if content_type:
        lines.append(f"Content-Type: {content_type}")
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + _END_OF_HEAD + body


def _body(head: bytes, received: bytes) -> bytes | None:
    """Return the body; None if some of it has not come yet."""
    length = _LENGTH.search(head)
    if length is None and _CHUNKED.search(head):
        return _joined(received) if received.endswith(_LAST_CHUNK) else None
    size = int(length[1]) if length else 0
    return received[:size] if len(received) >= size else None


def _joined(chunks: bytes) -> bytes:
    """Return what the chunks hold (RFC 9112 7.1)."""
    size, _, rest = chunks.partition(b"\r\n")
    end = int(size, 16)
    return rest[:end] + _joined(rest[end + 2 :]) if end else b""


class Connection(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._received = bytearray()
        self._answer: asyncio.Future[Answer] | None = None

    @classmethod
    async def to(cls, port: int) -> Self:
        """Connect to a port of the loopback address."""
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(cls, "127.0.0.1", port)
        return connection

    async def send(self, request: bytes, status: int = 200) -> Answer:
        """Send a request and wait for its answer; raise ValueError for another status."""
        if self._transport is None:
            raise ConnectionError("the connection is closed")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        answer = await self._answer
        if answer.status != status:
            raise ValueError(f"{answer.status} for {request[:200]!r}: {answer.body[:300]!r}")
        return answer

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        self._transport = cast(asyncio.WriteTransport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail the request that waits for an answer."""
        self._transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("the server closed the connection"))

    def data_received(self, data: bytes) -> None:
        """Pass the answer on once it is complete."""
        self._received += data
        end = self._received.find(_END_OF_HEAD)
        if end < 0:
            return
        head = bytes(self._received[:end])
        body = _body(head, bytes(self._received[end + len(_END_OF_HEAD) :]))
        if body is None or self._answer is None:
            return
        self._received.clear()
        self._answer.set_result(Answer(int(head[9:12]), head, body))
