"""Finds the authorization server that a request's path names."""

from aiohttp import web
from msgspec import Struct

from mock_okta.domain.directory import ORG_SERVER, AuthorizationServer
from mock_okta.storage import Storage
from mock_okta.web.errors import NotFound
from mock_okta.web.routing import Cors, Handler, Route

__all__ = ["Servers", "server_routes"]


class Servers(Struct, frozen=True):
    """The authorization servers of the org."""

    storage: Storage

    async def of(self, request: web.Request) -> AuthorizationServer:
        """Return the server; raise NotFound in Okta's API shape: no client is known yet."""
        server_id = request.match_info.get("server_id", ORG_SERVER)
        is_custom = "server_id" in request.match_info
        server = await self.storage.authorization_servers.get(server_id)
        if server is None or server.is_org is is_custom:
            raise NotFound(
                server_id,
                "AuthorizationServer",
                remark=f"no authorization server {server_id!r}: add it to the seed",
            )
        return server


def server_routes(  # noqa: PLR0913 -- as many as a route has
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
