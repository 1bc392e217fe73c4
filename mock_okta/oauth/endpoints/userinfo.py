"""UserInfo (OIDC Core 5.3; facts/oauth E.3)."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from msgspec import Struct

from mock_okta.model.authorization_servers import AuthorizationServer
from mock_okta.oauth.checks.dpop import DPOP_ALGORITHMS
from mock_okta.oauth.dpop import DpopProofs
from mock_okta.oauth.errors import InsufficientScope, InvalidToken, OAuthError
from mock_okta.oauth.servers import Servers, server_routes
from mock_okta.services.directory.lookup import usable_user
from mock_okta.services.tokens.tokens import Tokens
from mock_okta.storage import Storage
from mock_okta.web.errors import WireError, json_response
from mock_okta.web.requests import form_of, has_form
from mock_okta.web.routing import Cors, Route
from mock_okta.web.site import Site

__all__ = ["UserinfoEndpoint"]

_INVALID = "The access token is invalid."
_NO_TOKEN = "no access token was sent: it belongs in the header, as 'Authorization: Bearer ...'"
_NO_SCOPE = (
    "The access token must provide access to at least one of these scopes "
    "- profile, email, address or phone"
)


def key_is_the_token_s(claims: Mapping[str, Any], jkt: str) -> None:
    """RFC 9449 7.1. Okta's status and texts are unverified, except those about `ath`."""
    if claims.get("cnf") != {"jkt": jkt}:
        raise InvalidToken(_INVALID, remark="the access token is not bound to the proof's key")


class RefusedToken(WireError):
    """A refusal only in the header; parameters in the recorded order (RFC 6750 3).

    `scheme`: `Bearer`, or `DPoP` with the algorithms that a proof may have (RFC 9449 7.1).
    """

    def __init__(
        self,
        server: AuthorizationServer,
        site: Site,
        error: OAuthError,
        *,
        scheme: str = "Bearer",
    ) -> None:
        super().__init__(error.description)
        self.remark = error.remark
        self.status = 403 if isinstance(error, InsufficientScope) else 401
        algorithms = f'algs="{" ".join(DPOP_ALGORITHMS)}", ' if scheme == "DPoP" else ""
        self.header = (
            f'{scheme} {algorithms}authorization_uri="{site.url}{server.path}/v1/authorize", '
            f'realm="{site.url}", scope="openid", error="{error.error}", '
            f'error_description="{error.description}", resource="{server.path}/v1/userinfo"'
        )

    def render(self, error_id: str) -> web.Response:  # noqa: ARG002 -- there is no body for it
        return web.Response(status=self.status, headers={"WWW-Authenticate": self.header})


class UserinfoEndpoint(Struct, frozen=True, kw_only=True):
    """Answers all claims of the access token's scopes, even if the ID token was thin."""

    storage: Storage
    servers: Servers
    tokens: Tokens
    dpop: DpopProofs
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
        user = await usable_user(self.storage, claims.get("uid"))
        if user is None:
            raise RefusedToken(server, self.site, InvalidToken(_INVALID))
        if "openid" not in claims["scp"]:
            raise RefusedToken(server, self.site, InsufficientScope(_NO_SCOPE))
        client = await self.storage.clients.get(claims["cid"])
        return json_response(await self.tokens.claims.userinfo(server, client, user, claims["scp"]))

    async def _claims(self, request: web.Request, server: AuthorizationServer) -> dict[str, Any]:
        token, with_proof = await _sent(request)
        claims = await self.tokens.live_access_token(token, server) if token else None
        if claims is None:
            scheme = "DPoP" if with_proof else "Bearer"
            remark = self.servers.remark_on(token, server) if token else _NO_TOKEN
            raise RefusedToken(
                server, self.site, InvalidToken(_INVALID, remark=remark), scheme=scheme
            )
        if with_proof or "cnf" in claims:
            try:
                jkt = await self._proven_key(request, token if with_proof else None)
                key_is_the_token_s(claims, jkt)
            except OAuthError as error:
                raise RefusedToken(server, self.site, error, scheme="DPoP") from error
        return claims

    async def _proven_key(self, request: web.Request, token: str | None) -> str:
        """Return the thumbprint of the proof's key; `token` is None for a token sent as Bearer."""
        if token is None:
            raise InvalidToken(
                _INVALID,
                remark="the access token is bound to a key: send it as 'DPoP', with a proof",
            )
        return await self.dpop.key_for_resource(request, token)


async def _sent(request: web.Request) -> tuple[str, bool]:
    """Return the access token, or "", and whether it came with the scheme `DPoP`.

    Okta documents the header alone. A form is read too (RFC 6750 2.2), because pyoidc sends one.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() in {"bearer", "dpop"}:
        return token.strip(), scheme.lower() == "dpop"
    if request.method == "POST" and has_form(request):
        return (await form_of(request)).get("access_token") or "", False
    return "", False
