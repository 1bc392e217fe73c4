"""MockOkta: one Okta org, started in the caller's event loop or in its own thread."""

import asyncio
import os
import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import cast
from urllib.parse import urlsplit

from aiohttp import web

from mock_okta.app import build_app
from mock_okta.app.settings import Config
from mock_okta.clock import Clock
from mock_okta.model.authorization_servers import ORG_SERVER, IssuerMode
from mock_okta.model.clients import Client
from mock_okta.model.seed import SeedSummary
from mock_okta.process.holding import held
from mock_okta.process.listening import BACKLOG, PortTaken, Sockets, StartError, stop_accepting
from mock_okta.process.own_thread import EnteredInThread
from mock_okta.process.tls import Authority, certificate_path
from mock_okta.services.seeding.clients import client_of
from mock_okta.services.seeding.starting import recalled
from mock_okta.services.world import world_of
from mock_okta.services.world.issuers import Issuers
from mock_okta.services.world.key_pool import KeyFileError, KeyPool
from mock_okta.storage import Storage, StorageError, in_memory, opened
from mock_okta.web.connections import REFUSALS, Connection, route_all, watched
from mock_okta.web.site import LOOPBACK_NAMES

__all__ = ["MockOkta", "PortTaken", "StartError", "keys_directory"]

_PATIENCE = 2.0
_TURNS_TO_CLOSE = 3  # turns of the event loop: TLS, its transport, the socket
_DEFAULT_PORTS: Mapping[str, int] = MappingProxyType({"http": 80, "https": 443})


class MockOkta(EnteredInThread):
    """An Okta org that serves over HTTP until the block ends.

    `async with MockOkta(config)` serves in this event loop, `with MockOkta(config)` in a thread of
    its own. `key_pool` may be shared by many orgs of a process, which then share its keys.
    An org can be entered once at a time; entered again, it starts again from its seed, or from what
    its storage has kept. `shares_port`: other processes serve the same org on the same port.
    """

    _name = "org"

    def __init__(
        self,
        config: Config | None = None,
        *,
        key_pool: KeyPool | None = None,
        shares_port: bool = False,
    ) -> None:
        super().__init__()
        self.config = config or Config()
        self.clock = Clock()
        self._given = self.config.given_seed()
        self._key_pool = key_pool
        self._shares_port = shares_port
        self._address = ""
        self._ca_path: Path | None = None

    @property
    def local_url(self) -> str:
        """The URL for programs on this machine, whatever the org's name is."""
        if self.config.public_url is None and not self.routes:
            return self.url
        return f"http{'s' * self.config.tls}://{self._address}"

    @property
    def routes(self) -> Mapping[str, str]:
        """Names to lead to the org in a browser or proxy: `{"org.test:443": "127.0.0.1:41235"}`.

        Empty if the org only has names of loopback.
        """
        url = urlsplit(self.url)
        port = url.port or _DEFAULT_PORTS[url.scheme]
        config = self.config
        names = {config.first_name, *config.domains, *config.tls_names} - LOOPBACK_NAMES
        return {f"{name}:{port}": self._address for name in sorted(names)}

    def issuer(self, server_id: str = "default") -> str:
        """Return the issuer of an authorization server; `org` is the org authorization server.

        It has the org's first name, except for a server of the seed with another `issuer_mode`.
        """
        if server_id == ORG_SERVER:
            return self.url
        servers = self.seed.seed.authorization_servers
        modes = (IssuerMode(server.issuer_mode) for server in servers if server.id == server_id)
        issuers = Issuers(self.config.urls(self.url))
        return f"{issuers.url(next(modes, IssuerMode.DYNAMIC))}/oauth2/{server_id}"

    @property
    def seed(self) -> SeedSummary:
        """What the org starts with; of a large seed, only the first users."""
        return self._given.summary

    @property
    def clients(self) -> Sequence[Client]:
        """The clients that the org starts with, with their ids and secrets."""
        return tuple(client_of(seed) for seed in self.seed.seed.clients)

    @property
    def ca_path(self) -> Path:
        """The PEM file of the CA to trust; only an org that serves https has one."""
        if self._url is None or self._ca_path is None:
            raise StartError("there is a CA only while an org with Config(tls=True) runs")
        return self._ca_path

    async def _start(self, stack: AsyncExitStack) -> str:
        config = self.config
        given = config.given_seed()
        if not _has_storage(config):
            given.summary  # noqa: B018 -- raises for mistakes before a file is made
        sockets = stack.enter_context(Sockets(config.host, config.port, shared=self._shares_port))
        context = self._tls_context(stack) if config.tls else None
        url = config.url_at(sockets.port)
        pool = self._key_pool
        if pool is None:
            if config.state_dir is not None:
                alone = config.storage_place().kind == "memory"
                stack.enter_context(held(config.state_dir, alone=alone))
            pool = KeyPool(keys_directory(config.state_dir))
            stack.callback(pool.close)
        self.clock.reset()
        try:
            storage = await self._storage(stack)
            world = world_of(
                storage, self.clock, pool, urls=config.urls(url), id_seed=config.id_seed
            )
            self._given = await recalled(given, world)
            app = build_app(config, world, self._given)
            await _serve(app, sockets.detached(), context, config, stack)
        except (KeyFileError, StorageError) as error:
            raise StartError(str(error)) from error
        self._address = sockets.address
        return url

    async def _storage(self, stack: AsyncExitStack) -> Storage:
        place = self.config.storage_place()
        if place.kind == "memory":
            return in_memory(self.clock)
        return await stack.enter_async_context(opened(place, self.clock))

    def _tls_context(self, stack: AsyncExitStack) -> ssl.SSLContext:
        """Make the certificate, and write the CA's certificate to a file for clients."""
        config = self.config
        named = (config.first_name, config.hostname, *config.domains, *config.tls_names)
        names = tuple(dict.fromkeys(named))
        if config.state_dir is not None:
            authority = Authority.load_or_create(config.state_dir)
            self._ca_path = certificate_path(config.state_dir).absolute()
            return _server_context(authority, names)
        authority = Authority.generate()
        try:
            directory = stack.enter_context(TemporaryDirectory(prefix="mock_okta-"))
            self._ca_path = Path(directory, "ca.pem")
            self._ca_path.write_bytes(authority.certificate_pem)
        except OSError as error:
            raise StartError(f"cannot write the CA's certificate: {error.strerror}") from error
        return _server_context(authority, names)


def _has_storage(config: Config) -> bool:
    """Return whether the storage may know the seed already, so that it need not be parsed."""
    place = config.storage_place()
    return place.kind == "redis" or place.path.exists()


def _server_context(authority: Authority, names: Sequence[str]) -> ssl.SSLContext:
    try:
        return authority.issue(names).server_context()
    except OSError as error:
        raise StartError(f"cannot write the certificate: {error.strerror}") from error


def keys_directory(state_dir: Path | None) -> Path | None:
    """Return the folder in which keys survive a restart; create it if needed."""
    if state_dir is None:
        return None
    keys = state_dir / "keys"
    try:
        keys.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(f"cannot keep keys in {state_dir}: {error.strerror}") from error
    if not os.access(keys, os.W_OK):
        raise StartError(f"cannot keep keys in {state_dir}: it is not writable")
    return keys


async def _serve(
    app: web.Application,
    sockets: Sequence[socket.socket],
    context: ssl.SSLContext | None,
    config: Config,
    stack: AsyncExitStack,
) -> None:
    runner = web.AppRunner(app, shutdown_timeout=_PATIENCE)
    await runner.setup()
    stack.push_async_callback(_cleaned_up, runner)
    connections = cast(web.Server, runner.server)  # set in the line above
    route_all(connections, app)
    head, body = config.head_timeout, config.body_timeout
    connection = partial(
        Connection, connections, app[REFUSALS], head_timeout=head, body_timeout=body
    )
    handshake = None if context is None else head.total_seconds()
    loop = asyncio.get_running_loop()
    for listener in sockets:
        server = await loop.create_server(
            connection,
            sock=listener,
            ssl=context,
            ssl_handshake_timeout=handshake,
            backlog=BACKLOG,
        )
        stack.callback(server.close)
    watching = asyncio.create_task(watched(connections, min(head, body)))
    stack.callback(watching.cancel)
    stack.push_async_callback(stop_accepting, sockets)


async def _cleaned_up(runner: web.AppRunner) -> None:
    """Close all connections, now.

    aiohttp waits for a TLS client to close its side, which may come after the event loop's end: the
    socket would stay open.
    """
    served = runner.server.connections if runner.server else []
    transports = [each.transport for each in served if each.transport is not None]
    await runner.cleanup()
    for transport in transports:
        transport.abort()
    for _ in range(_TURNS_TO_CLOSE):
        await asyncio.sleep(0)
