"""Finds the authorization server in a request's path."""

from aiohttp import web
from msgspec import Struct

from mock_okta.model.authorization_servers import ORG_SERVER, AuthorizationServer
from mock_okta.model.checks import require_server_id
from mock_okta.model.clients import Client
from mock_okta.oauth.jwt_checks import unverified_claims
from mock_okta.services.world.issuers import Issuers
from mock_okta.storage import Storage
from mock_okta.web.errors import NotFound
from mock_okta.web.routing import Cors, Handler, Route

__all__ = ["Servers", "server_routes"]


class Servers(Struct, frozen=True):
    """The authorization servers of the org, with their issuers for the name of the request."""

    storage: Storage
    issuers: Issuers

    async def of(self, request: web.Request) -> AuthorizationServer:
        """Return the server; raise NotFound, an Okta API error: no client is known yet."""
        server_id = request.match_info.get("server_id", ORG_SERVER)
        is_custom = "server_id" in request.match_info
        server = await self.storage.authorization_servers.get(server_id)
        if server is None or server.is_org is is_custom:
            raise NotFound(
                server_id,
                "AuthorizationServer",
                remark=_remedy(server_id),
            )
        return self.issuers.seen(server)

    def for_client(self, server: AuthorizationServer, client: Client) -> AuthorizationServer:
        """Return the server as the client sees it."""
        return self.issuers.seen(server, client)

    def remark_on(self, token: str, server: AuthorizationServer) -> str:
        """Return a remark for a token issued at another name of the org; else None."""
        claims = None if self.issuers.has_one_name else unverified_claims(token)
        issuer = None if claims is None else claims.get("iss")
        if not isinstance(issuer, str) or issuer == server.issuer:
            return ""
        if issuer not in self.issuers.all_of(server):
            return ""
        return (
            f"the token's issuer is {issuer}, but here it is {server.issuer}: use that name, or "
            "set issuer_mode in the seed"
        )


def _remedy(server_id: str) -> str:
    if server_id == ORG_SERVER:
        return "the org authorization server is at /oauth2/v1"
    try:
        require_server_id(server_id)
    except ValueError as error:
        return f"no authorization server {server_id!r}: {error}"
    return f"no authorization server {server_id!r}: add it to the seed"


def server_routes(  # noqa: PLR0913 -- the fields of a route
    method: str,
    path: str,
    handler: Handler,
    cors: Cors,
    metadata: str | None = None,
    *,
    is_safe: bool = True,
) -> tuple[Route, ...]:
    """Return the routes of `path` at the org's server and at every custom one."""
    return tuple(
        Route(
            method=method,
            path=prefix + path,
            handler=handler,
            cors=cors,
            metadata=metadata,
            is_safe=is_safe,
        )
        for prefix in ("/oauth2", "/oauth2/{server_id}")
    )
