"""Sign-out by the client (OIDC RP-Initiated Logout 2; facts/oauth E.4)."""

from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from msgspec import Struct

from mock_okta.model.clients import Client
from mock_okta.model.sessions import Session
from mock_okta.oauth.requests import LogoutRequest, logout_request
from mock_okta.oauth.response_modes import redirect
from mock_okta.oauth.servers import Servers, server_routes
from mock_okta.services.sign_in.sessions import Sessions
from mock_okta.services.tokens.tokens import Tokens
from mock_okta.storage import Storage
from mock_okta.web.cookies import Cookies
from mock_okta.web.errors import ShownError
from mock_okta.web.hosted_pages import SIGN_IN
from mock_okta.web.routing import Cors, Route
from mock_okta.web.site import Site

__all__ = ["LogoutEndpoint"]


def hint_is_given(request: LogoutRequest) -> str:
    """Okta requires it; RP-Initiated Logout 2 only recommends it (facts/oauth E.4). Returns it."""
    if request.id_token_hint is None:
        raise ShownError("invalid_request", "The 'id_token_hint' parameter is missing.")
    return request.id_token_hint


def hint_is_an_id_token(claims: dict[str, Any] | None) -> dict[str, Any]:
    """RP-Initiated Logout 2: issued by this server; expired is fine. Returns its claims."""
    if claims is None or not claims["jti"].startswith("ID."):
        raise ShownError("invalid_request", "The 'id_token_hint' parameter is invalid.")
    return claims


def hint_is_about_session_user(claims: dict[str, Any], session: Session | None) -> None:
    """facts/oauth E.4: a user cannot sign another user out."""
    if session is not None and session.user_id != claims["sub"]:
        raise ShownError(
            "invalid_request", "The 'id_token_hint' parameter is not for the user of the session."
        )


def logout_uri_is_registered(client: Client | None, request: LogoutRequest) -> None:
    """RP-Initiated Logout 3.1, matched exactly."""
    uri = request.post_logout_redirect_uri
    if uri is None or (client is not None and uri in client.logout_redirect_uris):
        return
    whose = "a client that was removed" if client is None else f"client {client.client_id}"
    raise ShownError(
        "invalid_request",
        "The 'post_logout_redirect_uri' parameter must be a Logout redirect URI in the client app "
        "settings.",
        remark=f"post_logout_redirect_uri {uri!r} is not in logout_redirect_uris of {whose}: add "
        "it, or send no post_logout_redirect_uri",
    )


class LogoutEndpoint(Struct, frozen=True, kw_only=True):
    """Ends the session and redirects the browser; tokens stay valid."""

    storage: Storage
    servers: Servers
    sessions: Sessions
    tokens: Tokens
    cookies: Cookies
    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Serve GET and POST logout."""
        path, metadata = "/v1/logout", "end_session_endpoint"
        return (
            *server_routes("GET", path, self.answer, Cors.NOBODY, metadata, is_safe=False),
            *server_routes("POST", path, self.answer, Cors.NOBODY),
        )

    async def answer(self, request: web.Request) -> web.Response:
        """RP-Initiated Logout 2 and 3."""
        server = await self.servers.of(request)
        asked = await logout_request(request)
        hint = hint_is_given(asked)
        claims = hint_is_an_id_token(await self.tokens.verified(hint, server, even_expired=True))
        logout_uri_is_registered(await self.storage.clients.get(claims["aud"]), asked)
        session = await self.cookies.session(request)
        hint_is_about_session_user(claims, session)
        response = redirect(self._destination(asked))
        if session is not None:
            await self.sessions.end(session.id)
            self.cookies.end_session(response)
        return response

    def _destination(self, asked: LogoutRequest) -> str:
        uri = asked.post_logout_redirect_uri
        if uri is None:
            return self.site.url + SIGN_IN
        if asked.state is None:
            return uri
        return f"{uri}{'&' if '?' in uri else '?'}{urlencode({'state': asked.state})}"
