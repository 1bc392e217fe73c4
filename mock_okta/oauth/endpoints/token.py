"""The token endpoint (RFC 6749 3.2; facts/oauth D)."""

from collections.abc import Mapping

import msgspec
from aiohttp import web
from msgspec import Struct

from mock_okta.oauth.checks.token import TOKEN_RULES, Redeeming
from mock_okta.oauth.client_authentication import ClientAuthentication
from mock_okta.oauth.dpop import DpopProofs
from mock_okta.oauth.grants import Grant
from mock_okta.oauth.requests import token_request
from mock_okta.oauth.servers import Servers, server_routes
from mock_okta.web.errors import json_response
from mock_okta.web.requests import origin_of_page
from mock_okta.web.routing import Cors, Route
from mock_okta.web.site import Site

__all__ = ["TokenEndpoint"]


class TokenEndpoint(Struct, frozen=True, kw_only=True):
    """Authenticates the client, then calls the grant of the request."""

    servers: Servers
    client_authentication: ClientAuthentication
    grants: Mapping[str, Grant]
    dpop: DpopProofs
    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Serve POST token."""
        return server_routes(
            "POST", "/v1/token", self.post, Cors.REDIRECT_ORIGINS, metadata="token_endpoint"
        )

    async def post(self, request: web.Request) -> web.Response:
        """RFC 6749 5."""
        server = await self.servers.of(request)
        parameters, client = await self.client_authentication.received(request, "token")
        server = self.servers.for_client(server, client)
        origin = origin_of_page(request)
        asked = token_request(parameters, None if origin == self.site.url else origin)
        redeeming = Redeeming(client=client, request=asked, served=self.grants)
        for rule in TOKEN_RULES:
            rule(redeeming)
        jkt = await self.dpop.key_for_tokens(request, client)
        bound = msgspec.structs.replace(asked, jkt=jkt)
        grant = self.grants[redeeming.grant_type]
        response = json_response(await grant.redeem(server, client, bound))
        if jkt is not None:
            response.headers["dpop-nonce"] = await self.dpop.nonces.current()
        return response
