"""Finds the authorization server that a request's path names."""

from aiohttp import web
from msgspec import Struct

from mock_okta.domain.directory import ORG_SERVER, AuthorizationServer
from mock_okta.seed.checks import require_server_id
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
                remark=_remedy(server_id),
            )
        return server


def _remedy(server_id: str) -> str:
    if server_id == ORG_SERVER:
        return "the org authorization server is at /oauth2/v1"
    try:
        require_server_id(server_id)
    except ValueError as error:
        return f"no authorization server {server_id!r}: {error}"
    return f"no authorization server {server_id!r}: add it to the seed"


def server_routes(
    method: str, path: str, handler: Handler, cors: Cors, metadata: str | None = None
) -> tuple[Route, ...]:
    """Return the routes of `path` at the org's server and at every custom one."""
    return tuple(
        Route(method=method, path=prefix + path, handler=handler, cors=cors, metadata=metadata)
        for prefix in ("/oauth2", "/oauth2/{server_id}")
    )
