"""Clients of a proxy, and servers of plain bytes behind it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from mock_okta import MockOkta, Proxy

DOMAIN = "your-org.okta.com"
DISCOVERY = f"https://{DOMAIN}/oauth2/default/.well-known/openid-configuration"
PATIENCE = 20
CHUNK = b"x" * 65536

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def trust(org: MockOkta) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(org.ca_path))


@asynccontextmanager
async def a_server(serve: Serve, host: str = "127.0.0.1") -> AsyncIterator[str]:
    """A server of plain bytes; its address. Each connection is closed once `serve` returns."""
    tasks = set()

    async def each(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        finally:
            writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.create_task(each(reader, writer)))

    server = await asyncio.start_server(accept, host, 0)
    try:
        yield f"{host}:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@dataclass
class Client:
    """A connection to a proxy."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    @asynccontextmanager
    async def of(cls, proxy: Proxy) -> AsyncIterator["Client"]:
        host, port = proxy.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            yield cls(reader, writer)
        finally:
            writer.transport.abort()

    async def ask(self, head: bytes) -> bytes:
        """Send a request's head; the answer's."""
        self.writer.write(head)
        async with asyncio.timeout(PATIENCE):
            return await self.reader.readuntil(b"\r\n\r\n")

    async def connect(self, place: str) -> bytes:
        """Ask for a tunnel; the first line of the answer."""
        head = await self.ask(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n".encode())
        return head.splitlines()[0]

    async def rest(self) -> bytes:
        async with asyncio.timeout(PATIENCE):
            return await self.reader.read()


TUNNEL = b"HTTP/1.1 200 Connection established"
FORBIDDEN = b"HTTP/1.1 403 Forbidden"


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(65536):
        writer.write(chunk)
        await writer.drain()
