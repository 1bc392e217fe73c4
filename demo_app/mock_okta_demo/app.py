"""Serves page and API, each on its port, until the process is stopped."""

import asyncio
import signal
import socket
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

from aiohttp import web

from mock_okta_demo.api import build_api
from mock_okta_demo.config import Settings, SettingsError
from mock_okta_demo.pages import GENERATIONS, build_page

__all__ = ["build_api", "build_page", "run", "serving"]

# Browsers send the cookies of all ports of localhost to each port: aiohttp's 8 KiB are soon full.
HEADER_LIMIT = 64 * 1024


def run(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C. Raises SettingsError for a bad port or certificate."""
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    async with serving(settings) as served:
        stopped = _stopped_by_signal()
        _announce(served)
        await stopped.wait()


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Settings]:
    """Serve page and API during the block; yields the settings with the real ports."""
    tls = _tls(settings)
    async with AsyncExitStack() as stack:
        page_socket = stack.enter_context(_bound(settings.host, settings.port, "PORT"))
        api_socket = stack.enter_context(_bound(settings.host, settings.api_port, "API_PORT"))
        served = replace(
            settings, port=page_socket.getsockname()[1], api_port=api_socket.getsockname()[1]
        )
        await stack.enter_async_context(_site(build_page(served), page_socket, tls))
        await stack.enter_async_context(_site(build_api(served), api_socket, tls))
        yield served


@asynccontextmanager
async def _site(
    app: web.Application, bound: socket.socket, tls: ssl.SSLContext | None
) -> AsyncIterator[None]:
    runner = web.AppRunner(
        app, access_log=None, max_line_size=HEADER_LIMIT, max_field_size=HEADER_LIMIT
    )
    await runner.setup()
    try:
        await web.SockSite(runner, bound, ssl_context=tls, shutdown_timeout=1).start()
        yield
    finally:
        await runner.cleanup()


def _bound(host: str, port: int, name: str) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise SettingsError(f"{name} {port} cannot be used: {error.strerror}") from error


def _tls(settings: Settings) -> ssl.SSLContext | None:
    if settings.tls_cert is None or settings.tls_key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(settings.tls_cert, settings.tls_key)
    except (ssl.SSLError, OSError) as error:
        raise SettingsError(f"TLS_CERT and TLS_KEY cannot be used: {error}") from error
    return context


def _stopped_by_signal() -> asyncio.Event:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stopped.set)
        except NotImplementedError:  # Windows: Ctrl-C then comes as KeyboardInterrupt
            break
    return stopped


def _announce(served: Settings) -> None:
    """Print where page and API are, one line each, for people and programs."""
    for generation in GENERATIONS:
        print(f"page {served.page_url}{generation.path} widget {generation.version}")
    print(f"api {served.api_url}/api/messages", flush=True)
    if not served.issuer.startswith(f"{served.scheme}://"):
        print(
            f"warning: the page is {served.scheme}, the issuer {served.issuer} is not: "
            "browsers do not send the session cookie between the two",
            file=sys.stderr,
        )
