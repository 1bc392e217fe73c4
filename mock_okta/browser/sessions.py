"""The sessions API for the browser's own session (facts/oauth I.2)."""

from aiohttp import web
from msgspec import Struct, field

from mock_okta.browser.session_bodies import SignedInBy, session_body
from mock_okta.model.directory import EngineName
from mock_okta.model.failures import SpentOrExpired
from mock_okta.model.sessions import Session
from mock_okta.services.directory.lookup import the_org
from mock_okta.services.sign_in.sessions import Sessions
from mock_okta.storage import Storage
from mock_okta.web.cookies import Cookies
from mock_okta.web.errors import AuthenticationFailed, NotFound, json_response
from mock_okta.web.json_bodies import lenient_json_of
from mock_okta.web.routing import Cors, Route
from mock_okta.web.site import Site

__all__ = ["SessionsEndpoint"]


class NewSession(Struct, frozen=True, kw_only=True):
    """The body of POST /api/v1/sessions."""

    session_token: str = field(name="sessionToken")


class SessionsEndpoint(Struct, frozen=True, kw_only=True):
    """Shows, refreshes, ends and starts sessions."""

    storage: Storage
    sessions: Sessions
    cookies: Cookies
    engine: EngineName
    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Serve /api/v1/sessions."""
        mine, cors = "/api/v1/sessions/me", Cors.TRUSTED_ORIGINS
        return (
            Route(method="POST", path="/api/v1/sessions", handler=self.create, cors=cors),
            Route(method="GET", path=mine, handler=self.get, cors=cors),
            Route(method="DELETE", path=mine, handler=self.delete, cors=cors),
            Route(method="POST", path=f"{mine}/lifecycle/refresh", handler=self.refresh, cors=cors),
        )

    async def create(self, request: web.Request) -> web.Response:
        """Exchange a session token for a session; no cookie is set (facts/oauth I.2)."""
        body = await lenient_json_of(request, NewSession)
        try:
            session, _ = await self.sessions.spend(body.session_token)
        except SpentOrExpired as failure:
            raise AuthenticationFailed(
                remark="the sessionToken is unknown, used or expired"
            ) from failure
        return await self._shown(session)

    async def get(self, request: web.Request) -> web.Response:
        """Show the browser's session."""
        return await self._shown(await self._own(request))

    async def refresh(self, request: web.Request) -> web.Response:
        """Extend the browser's session; the cookie is set again."""
        refreshed = await self.sessions.refresh(await self._own(request))
        if refreshed is None:
            raise NotFound("me", "Session")
        if request.headers.get("Prefer") == "return=minimal":
            response = web.Response(status=204, headers={"Preference-Applied": "return=minimal"})
        else:
            response = await self._shown(refreshed)
        await self.cookies.begin_session(request, response, refreshed)
        return response

    async def delete(self, request: web.Request) -> web.Response:
        """End the browser's session."""
        session = await self._own(request)
        await self.sessions.end(session.id)
        response = web.Response(status=204)
        self.cookies.end_session(response)
        return response

    async def _own(self, request: web.Request) -> Session:
        session = await self.cookies.session(request)
        if session is None:
            raise NotFound("me", "Session")
        return session

    async def _shown(self, session: Session) -> web.Response:
        user = await self.sessions.user_of(session)
        if user is None:
            raise NotFound("me", "Session")
        url, signed_in_by = self.site.url, await self._signed_in_by(session)
        return json_response(session_body(session, user, signed_in_by, url))

    async def _signed_in_by(self, session: Session) -> SignedInBy | None:
        """Return what the Classic Engine alone shows.

        Source: guides, `oie-upgrade-sessions-api`.
        """
        if self.engine == "identity":
            return None
        provider = await self.storage.identity_providers.get(session.idp_id or "")
        if provider is None:
            return SignedInBy(id=(await the_org(self.storage)).id, type="OKTA")
        return SignedInBy(id=provider.id, type=provider.kind)
