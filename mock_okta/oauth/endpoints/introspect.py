"""Introspection (RFC 7662; facts/oauth E.1)."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from msgspec import Struct

from mock_okta.model.authorization_servers import AuthorizationServer
from mock_okta.oauth.checks.parameters import token_is_given
from mock_okta.oauth.client_authentication import ClientAuthentication
from mock_okta.oauth.responses import (
    INACTIVE,
    access_token_introspection,
    id_token_introspection,
    refresh_token_introspection,
)
from mock_okta.oauth.servers import Servers, server_routes
from mock_okta.services.directory.lookup import usable_user
from mock_okta.services.tokens.tokens import Tokens
from mock_okta.storage import Storage
from mock_okta.web.errors import json_response
from mock_okta.web.requests import NOTES
from mock_okta.web.routing import Cors, Route

__all__ = ["IntrospectEndpoint"]


class IntrospectEndpoint(Struct, frozen=True, kw_only=True):
    """Answers whether a token is active; all inactive tokens get the same answer."""

    storage: Storage
    servers: Servers
    client_authentication: ClientAuthentication
    tokens: Tokens

    def routes(self) -> tuple[Route, ...]:
        """Serve POST introspect."""
        return server_routes(
            "POST", "/v1/introspect", self.post, Cors.ANYBODY, metadata="introspection_endpoint"
        )

    async def post(self, request: web.Request) -> web.Response:
        """RFC 7662 2."""
        server = await self.servers.of(request)
        parameters, _ = await self.client_authentication.received(request, "introspection")
        token = token_is_given(parameters)
        return json_response(await self._introspected(request, token, server))

    async def _introspected(
        self, request: web.Request, token: str, server: AuthorizationServer
    ) -> Mapping[str, Any]:
        refresh_token = await self.tokens.live_refresh_token(token)
        if refresh_token is not None and refresh_token.server_id == server.id:
            user = await usable_user(self.storage, refresh_token.user_id)
            return INACTIVE if user is None else refresh_token_introspection(refresh_token, user)
        claims = await self.tokens.live_access_token(token, server)
        if claims is not None:
            user = await self.storage.users.get(claims.get("uid", ""))
            is_out = user is not None and not user.is_usable
            return INACTIVE if is_out else access_token_introspection(claims, user)
        claims = await self.tokens.verified(token, server)
        if claims is None or not claims["jti"].startswith("ID."):
            request[NOTES].remarks.extend(filter(None, [self.servers.remark_on(token, server)]))
            return INACTIVE
        return id_token_introspection(claims, await self.storage.users.get(claims["sub"]))
