"""Revocation (RFC 7009; facts/oauth E.2)."""

from datetime import UTC, datetime

from aiohttp import web
from msgspec import Struct

from mock_okta.model.authorization_servers import AuthorizationServer
from mock_okta.model.clients import Client
from mock_okta.oauth.checks.parameters import token_is_given
from mock_okta.oauth.client_authentication import ClientAuthentication
from mock_okta.oauth.servers import Servers, server_routes
from mock_okta.services.tokens.tokens import Tokens
from mock_okta.storage import Storage
from mock_okta.web.routing import Cors, Route

__all__ = ["RevokeEndpoint"]


class RevokeEndpoint(Struct, frozen=True, kw_only=True):
    """Revokes a client's own token; always answers 200 with an empty body."""

    storage: Storage
    servers: Servers
    client_authentication: ClientAuthentication
    tokens: Tokens

    def routes(self) -> tuple[Route, ...]:
        """Serve POST revoke; okta-auth-js before 5.0 sends credentials to it (its `http.js`)."""
        return server_routes(
            "POST",
            "/v1/revoke",
            self.post,
            Cors.ANYBODY_WITH_COOKIES,
            metadata="revocation_endpoint",
        )

    async def post(self, request: web.Request) -> web.Response:
        """RFC 7009 2."""
        server = await self.servers.of(request)
        parameters, client = await self.client_authentication.received(request, "revocation")
        token = token_is_given(parameters)
        await self._revoke(token, server, client)
        return web.Response()

    async def _revoke(self, token: str, server: AuthorizationServer, client: Client) -> None:
        refresh_token = await self.storage.refresh_tokens.get(token)
        if refresh_token is not None:
            if (refresh_token.server_id, refresh_token.client_id) == (server.id, client.client_id):
                await self.tokens.revoke_family(refresh_token.family)
            return
        claims = await self.tokens.live_access_token(token, server)
        if claims is not None and claims["cid"] == client.client_id:
            expires_at = datetime.fromtimestamp(claims["exp"], UTC)
            await self.tokens.revoke_access_token(claims["jti"], expires_at)
