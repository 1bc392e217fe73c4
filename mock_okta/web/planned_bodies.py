"""Bodies that come slowly, or not to their end, because a test planned so."""

import asyncio
from contextlib import suppress

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import BytesPayload

__all__ = ["CutBody", "SlowBodyPayload", "pause"]

_PIECES = 10


class CutBody(BytesPayload):
    """Half of what Content-Length promises; then the connection closes."""

    def __init__(self, whole: bytes, request: web.Request) -> None:
        super().__init__(whole)
        self._request = request

    async def write(self, writer: AbstractStreamWriter) -> None:
        await writer.write(self._value[: len(self._value) // 2])
        await writer.drain()
        if self._request.transport is not None:
            self._request.transport.close()


class SlowBodyPayload(BytesPayload):
    """A body in ten pieces, or one for each of fewer octets; `ending` sends the rest at once."""

    def __init__(self, whole: bytes, seconds: float, ending: asyncio.Event) -> None:
        super().__init__(whole)
        self._seconds = seconds
        self._ending = ending

    async def write(self, writer: AbstractStreamWriter) -> None:
        size = -(-len(self._value) // _PIECES)
        pieces = [self._value[i : i + size] for i in range(0, len(self._value), size)]
        for piece in pieces:
            await pause(self._seconds / len(pieces), self._ending)
            await writer.write(piece)


async def pause(seconds: float, ending: asyncio.Event) -> None:
    """Wait so many real seconds, or until `ending` is set."""
    with suppress(TimeoutError):
        await asyncio.wait_for(ending.wait(), seconds)
