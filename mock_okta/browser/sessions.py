"""The sessions API for the browser's own session (facts/oauth I.1, I.2: recorded traffic)."""

from typing import Any

import msgspec
from aiohttp import web
from msgspec import Struct, field

from mock_okta.clock import wire_instant
from mock_okta.model.directory import EngineName, User
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


class _SignedInBy(Struct, frozen=True, kw_only=True):
    """The identity provider of a session, or the org itself."""

    id: str
    type: str


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
        return json_response(_session_body(session, user, signed_in_by, url))

    async def _signed_in_by(self, session: Session) -> _SignedInBy | None:
        """Return what the Classic Engine alone shows.

        Source: guides, `oie-upgrade-sessions-api`.
        """
        if self.engine == "identity":
            return None
        provider = await self.storage.identity_providers.get(session.idp_id or "")
        if provider is None:
            return _SignedInBy(id=(await the_org(self.storage)).id, type="OKTA")
        return _SignedInBy(id=provider.id, type=provider.kind)


def _session_body(
    session: Session, user: User, signed_in_by: _SignedInBy | None, url: str
) -> dict[str, Any]:
    """Return the session as Okta shows it, keys in the live order; `url` is the org's.

    `signed_in_by`: None leaves `idp` out. `mfaActive` says that the user has
    a factor; that one was proved, `amr` does.
    """
    verified = wire_instant(session.authenticated_at) if "pwd" in session.amr else None
    name = " ".join(
        str(user.profile[part]) for part in ("firstName", "lastName") if user.profile.get(part)
    )
    return {
        "id": session.id,
        "userId": user.id,
        "login": user.login,
        "createdAt": wire_instant(session.created_at),
        "expiresAt": wire_instant(session.expires_at),
        "status": "ACTIVE",
        "lastPasswordVerification": verified,
        "lastFactorVerification": (
            None if session.factor_verified_at is None else wire_instant(session.factor_verified_at)
        ),
        "amr": list(session.amr),
        **({} if signed_in_by is None else {"idp": msgspec.to_builtins(signed_in_by)}),
        "mfaActive": bool(user.factors),
        "_links": {
            "self": _link(f"{url}/api/v1/sessions/me", "GET", "DELETE"),
            "refresh": _link(f"{url}/api/v1/sessions/me/lifecycle/refresh", "POST"),
            "user": {"name": name or user.login, **_link(f"{url}/api/v1/users/me", "GET")},
        },
    }


def _link(href: str, *methods: str) -> dict[str, Any]:
    return {"href": href, "hints": {"allow": list(methods)}}
