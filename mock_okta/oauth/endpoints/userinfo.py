"""UserInfo (OIDC Core 5.3; contract E.3)."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from mock_okta.domain.records import AuthorizationServer
from mock_okta.oauth.servers import Servers, server_routes
from mock_okta.services.tokens import Tokens
from mock_okta.storage import Storage
from mock_okta.web.errors import WireError, json_response
from mock_okta.web.routing import Cors, Route
from mock_okta.web.site import Site

__all__ = ["UserinfoEndpoint"]


class RefusedToken(WireError):
    """A refusal in the header alone, body empty; parameters in the recorded order (RFC 6750 3)."""

    def __init__(
        self, server: AuthorizationServer, site: Site, *, status: int, error: str, description: str
    ) -> None:
        super().__init__(description)
        self.remark = f"{error}: {description}"
        self.status = status
        self.header = (
            f'Bearer authorization_uri="{site.url}{server.path}/v1/authorize", '
            f'realm="{site.url}", scope="openid", error="{error}", '
            f'error_description="{description}", resource="{server.path}/v1/userinfo"'
        )

    def render(self, error_id: str) -> web.Response:  # noqa: ARG002 -- there is no body to hold it
        return web.Response(status=self.status, headers={"WWW-Authenticate": self.header})


@dataclass(frozen=True, kw_only=True)
class UserinfoEndpoint:
    """All claims of the access token's scopes, however thin the ID token was."""

    storage: Storage
    servers: Servers
    tokens: Tokens
    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Serve GET and POST userinfo."""
        path, cors = "/v1/userinfo", Cors.ANYBODY_WITH_COOKIES
        return (
            *server_routes("GET", path, self.answer, cors, metadata="userinfo_endpoint"),
            *server_routes("POST", path, self.answer, cors),
        )

    async def answer(self, request: web.Request) -> web.Response:
        """OIDC Core 5.3.2."""
        server = await self.servers.of(request)
        claims = await self._claims(request, server)
        user = await self.storage.users.get(claims.get("uid", ""))
        if user is None:
            raise self._invalid_token(server)
        if "openid" not in claims["scp"]:
            raise RefusedToken(
                server,
                self.site,
                status=403,
                error="insufficient_scope",
                description="The access token must provide access to at least one of these scopes "
                "- profile, email, address or phone",
            )
        return json_response(self.tokens.userinfo(server, user, claims["scp"]))

    async def _claims(self, request: web.Request, server: AuthorizationServer) -> dict[str, Any]:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        claims = None
        if scheme.lower() == "bearer":
            claims = await self.tokens.live_access_token(token.strip(), server)
        if claims is None:
            raise self._invalid_token(server)
        return claims

    def _invalid_token(self, server: AuthorizationServer) -> RefusedToken:
        return RefusedToken(
            server,
            self.site,
            status=401,
            error="invalid_token",
            description="The access token is invalid.",
        )
