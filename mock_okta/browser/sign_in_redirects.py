"""The URLs at which a browser starts and ends a session (facts/oauth I.3)."""

from aiohttp import web
from msgspec import Struct

from mock_okta.model.failures import SpentOrExpired
from mock_okta.services.sign_in.sessions import IGNORED_SESSION_TOKEN, Sessions
from mock_okta.web.cookies import Cookies
from mock_okta.web.errors import ShownError
from mock_okta.web.hosted_pages import HOME, SIGN_IN, path_to_sign_in
from mock_okta.web.requests import NOTES, Parameters, form_of, query_of
from mock_okta.web.return_urls import Destinations
from mock_okta.web.routing import Route
from mock_okta.web.site import Site

__all__ = ["BrowserSessionEndpoint"]


class BrowserSessionEndpoint(Struct, frozen=True, kw_only=True):
    """Exchanges a session token for the cookie, or ends the session; then redirects."""

    sessions: Sessions
    cookies: Cookies
    destinations: Destinations
    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Serve /login/sessionCookieRedirect, /login/signout and /enduser/callback."""
        path = "/login/sessionCookieRedirect"
        return (
            Route(method="GET", path=path, handler=self.session_cookie_redirect, is_safe=False),
            Route(method="POST", path=path, handler=self.session_cookie_redirect),
            Route(method="GET", path="/login/signout", handler=self.sign_out, is_safe=False),
            Route(method="GET", path="/enduser/callback", handler=self.end_user_callback),
        )

    async def session_cookie_redirect(self, request: web.Request) -> web.Response:
        """Set the cookie for a valid token, unless the browser has a live session.

        A live session wins over the token, as at /authorize: Okta's guide to session cookies says
        so for every request with a session token. So an invalid token does not change it either.
        The token wins if the user had to sign in again, or if the org's settings say so.
        """
        parameters = await _parameters(request)
        asked = parameters.get("redirectUrl")
        destination = await self.destinations.allowed(asked)
        if destination is None:
            raise ShownError(
                "invalid_request",
                "The 'redirectUrl' parameter must be on this org or on a trusted origin.",
                status=403,
                remark=(
                    "no 'redirectUrl' is sent: send one"
                    if asked is None
                    else f"add the origin of {asked!r} to trusted_origins or base_uris"
                ),
            )
        response = web.Response(status=302, headers={"Location": destination})
        live = await self.cookies.session(request)
        replaces = await self.sessions.session_token_replaces_session()
        if live and not replaces and not await self.destinations.asks_anew(destination, live):
            request[NOTES].remarks.append(IGNORED_SESSION_TOKEN)
            return response
        try:
            session, _ = await self.sessions.spend(parameters.get("token") or "")
        except SpentOrExpired:
            request[NOTES].remarks.append("the session token is unknown, used or expired")
            if live and replaces:
                await self.sessions.end(live.id)
                self.cookies.end_session(response)
        else:
            await self.cookies.begin_session(request, response, session)
        return response

    async def sign_out(self, request: web.Request) -> web.Response:
        """End the session and go to `fromURI` if it is trusted, else to the sign-in page."""
        destination = await self.destinations.allowed(query_of(request).get("fromURI"))
        if destination is None:
            destination = self.site.url + SIGN_IN
        response = web.Response(status=302, headers={"Location": destination})
        session = await self.cookies.session(request)
        if session is not None:
            await self.sessions.end(session.id)
            self.cookies.end_session(response)
        return response

    async def end_user_callback(self, request: web.Request) -> web.Response:
        """Redirect to the home page, or to a sign-in for it: Okta's dashboard returns here.

        What Okta does with the parameters of its dashboard's sign-in is unverified; here they are
        not read.
        """
        session = await self.cookies.session(request)
        path = path_to_sign_in(HOME) if session is None else HOME
        return web.Response(status=302, headers={"Location": self.site.url + path})


async def _parameters(request: web.Request) -> Parameters:
    return await form_of(request) if request.method == "POST" else query_of(request)
