"""The JWKS of an authorization server (facts/oauth B.1, RFC 7517 5)."""

from aiohttp import web
from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.oauth.endpoints.discovery import cacheable
from mock_okta.oauth.servers import Servers, server_routes
from mock_okta.services.world.key_ring import KeyRing
from mock_okta.web.errors import json_response
from mock_okta.web.routing import Cors, Route

__all__ = ["KeysEndpoint"]


class KeysEndpoint(Struct, frozen=True, kw_only=True):
    """The keys to verify tokens, except the key of the org server's access tokens.

    At the org's server `?client_id=` adds the key of an app that opted out of rotation (facts/oauth
    B.1). No app can do so here, so the parameter is accepted and adds no key.
    """

    servers: Servers
    keys: KeyRing
    clock: Clock

    def routes(self) -> tuple[Route, ...]:
        """Serve GET keys."""
        return server_routes(
            "GET", "/v1/keys", self.get, Cors.ANYBODY_WITH_COOKIES, metadata="jwks_uri"
        )

    async def get(self, request: web.Request) -> web.Response:
        """RFC 7517 5."""
        server = await self.servers.of(request)
        keys = [key.jwk for key in await self.keys.published(server.id)]
        left = await self.keys.next_rotation_at(server.id) - self.clock.now()
        return cacheable(json_response({"keys": keys}), self.keys, self.clock, left)
