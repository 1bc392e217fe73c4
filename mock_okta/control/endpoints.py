"""The resources of `/_mock`."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from aiohttp import web
from msgspec import Struct

from mock_okta.clock import Clock, wire_instant
from mock_okta.control.guard import Guard
from mock_okta.domain.directory import Client, ClientType
from mock_okta.seed import Seed, SeedError, parse_seed
from mock_okta.services.key_ring import KeyRing
from mock_okta.services.outbox import Outbox
from mock_okta.services.seeding import Seeding
from mock_okta.storage import Storage
from mock_okta.web.errors import NotFound, ValidationFailed, json_response
from mock_okta.web.requests import json_of
from mock_okta.web.routing import Route
from mock_okta.web.site import Site

__all__ = ["ControlEndpoint"]

_CONSOLE_TYPES = {
    ClientType.SPA: "spa",
    ClientType.WEB: "web",
    ClientType.NATIVE: "native",
    ClientType.SERVICE: "service",
}
# Room to add any lifetime, and to write any instant with four digits of the year.
_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)


class ClockChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of PUT /_mock/clock; what is left out stays as it is."""

    now: datetime | None = None
    frozen: bool | None = None


class ClockAdvance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of POST /_mock/clock/advance."""

    seconds: float


class KeyRotation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of POST /_mock/keys/rotate."""

    authorization_server: str = "default"


@dataclass(frozen=True, kw_only=True)
class ControlEndpoint:
    """Lets a test set the org up, look into it and move its clock; `seed` is what reset goes to."""

    storage: Storage
    seeding: Seeding
    seed: Seed
    clock: Clock
    outbox: Outbox
    site: Site
    keys: KeyRing

    def routes(self) -> tuple[Route, ...]:
        """Serve /_mock, behind the guard."""
        return (
            self._route("GET", "/_mock/org", self.describe),
            self._route("PUT", "/_mock/seed", self.upsert),
            self._route("POST", "/_mock/reset", self.reset),
            self._route("GET", "/_mock/clock", self.show_clock),
            self._route("PUT", "/_mock/clock", self.change_clock),
            self._route("POST", "/_mock/clock/advance", self.advance_clock),
            self._route("POST", "/_mock/keys/rotate", self.rotate_keys),
            self._route("GET", "/_mock/outbox", self.show_outbox),
            self._route("DELETE", "/_mock/outbox", self.clear_outbox),
        )

    def _route(
        self, method: str, path: str, handler: Callable[[web.Request], Awaitable[web.Response]]
    ) -> Route:
        return Route(method=method, path=path, handler=Guard(self.site).guarded(handler))

    async def describe(self, _: web.Request) -> web.Response:
        """Say where the org is, and who and what is in it, passwords and secrets too."""
        users = await self.storage.users.values()
        servers = await self.storage.authorization_servers.values()
        return json_response(
            {
                "url": self.site.url,
                "issuers": {server.id: server.issuer for server in servers},
                "users": [
                    {"id": user.id, "login": user.login, "password": user.password}
                    for user in users
                ],
                "clients": [_client_body(c) for c in await self.storage.clients.values()],
                "trusted_origins": list(await self.storage.trusted_origins.values()),
            }
        )

    async def upsert(self, request: web.Request) -> web.Response:
        """Make or replace what the seed document names."""
        document = await json_of(request, dict[str, Any])
        try:
            seed = parse_seed(document)
        except SeedError as error:
            raise ValidationFailed("seed", str(error)) from error
        for server in seed.authorization_servers:
            self.keys.prepare(server.id)
        seeded = await self.seeding.upsert(seed)
        return json_response(
            {
                "users": [{"id": user.id, "login": user.login} for user in seeded.users],
                "clients": [_client_body(client) for client in seeded.clients],
                "authorization_servers": [
                    {"id": server.id, "issuer": server.issuer}
                    for server in seeded.authorization_servers
                ],
            }
        )

    async def reset(self, _: web.Request) -> web.Response:
        """Go back to the first seed, with nobody signed in and the clock running."""
        await self.storage.clear()
        self.clock.reset()
        await self.seeding.start(self.seed)
        return web.Response(status=204)

    async def show_clock(self, _: web.Request) -> web.Response:
        """Tell the org's time."""
        return json_response(_clock_body(self.clock))

    async def change_clock(self, request: web.Request) -> web.Response:
        """Set, freeze or resume; `now` alone sets the time and leaves it running or frozen."""
        change = await json_of(request, ClockChange)
        if change.now is not None and change.now.tzinfo is None:
            raise ValidationFailed("now", "now: Expected an instant with a time zone, such as …Z")
        _is_within_reach(change.now or self.clock.now(), "now")
        if change.frozen is False:
            self.clock.resume()
        if change.frozen is True and (change.now is not None or not self.clock.is_frozen):
            self.clock.freeze(change.now)
        elif change.now is not None:
            self.clock.set(change.now)
        return json_response(_clock_body(self.clock))

    async def advance_clock(self, request: web.Request) -> web.Response:
        """Move the clock by seconds, frozen or not."""
        seconds = (await json_of(request, ClockAdvance)).seconds
        try:
            by = timedelta(seconds=seconds)
            _is_within_reach(self.clock.now() + by, "seconds")
        except OverflowError as error:
            raise _out_of_reach("seconds") from error
        self.clock.advance(by)
        return json_response(_clock_body(self.clock))

    async def rotate_keys(self, request: web.Request) -> web.Response:
        """Replace the active signing key of an authorization server; show its new JWKS."""
        server_id = (await json_of(request, KeyRotation)).authorization_server
        if await self.storage.authorization_servers.get(server_id) is None:
            raise NotFound(server_id, "AuthorizationServer")
        self.keys.rotate(server_id)
        return json_response({"keys": [key.jwk for key in await self.keys.published(server_id)]})

    async def show_outbox(self, _: web.Request) -> web.Response:
        """Show what Okta would have sent, oldest first."""
        messages = [
            msgspec.structs.asdict(message) | {"created_at": wire_instant(message.created_at)}
            for message in await self.outbox.messages()
        ]
        return json_response({"messages": messages})

    async def clear_outbox(self, _: web.Request) -> web.Response:
        """Forget what was sent."""
        await self.outbox.clear()
        return web.Response(status=204)


def _is_within_reach(instant: datetime, field: str) -> None:
    if not _EARLIEST <= instant <= _LATEST:
        raise _out_of_reach(field)


def _out_of_reach(field: str) -> ValidationFailed:
    years = f"{_EARLIEST.year} to {_LATEST.year}"
    return ValidationFailed(field, f"{field}: Expected an instant in the years {years}")


def _clock_body(clock: Clock) -> Mapping[str, Any]:
    return {"now": wire_instant(clock.now()), "frozen": clock.is_frozen}


def _client_body(client: Client) -> dict[str, Any]:
    body: dict[str, Any] = {
        "client_id": client.client_id,
        "name": client.name,
        "type": _CONSOLE_TYPES[client.type],
    }
    if client.client_secret is not None:
        body["client_secret"] = client.client_secret
    return body | {
        "login_redirect_uris": list(client.login_redirect_uris),
        "logout_redirect_uris": list(client.logout_redirect_uris),
        "grant_types": sorted(client.grant_types),
    }
