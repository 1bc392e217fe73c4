"""GET /api/v1/users/me: the user of the browser's session (facts/oauth I.4, I.5)."""

from datetime import datetime
from typing import Any

from aiohttp import web
from msgspec import Struct

from mock_okta.clock import wire_instant
from mock_okta.model.directory import User
from mock_okta.services.sign_in.sessions import Sessions
from mock_okta.web.cookies import Cookies
from mock_okta.web.errors import InvalidSession, json_response
from mock_okta.web.routing import Cors, Route
from mock_okta.web.site import Site

__all__ = ["UsersEndpoint"]


class UsersEndpoint(Struct, frozen=True, kw_only=True):
    """Shows the user of the browser's session."""

    sessions: Sessions
    cookies: Cookies
    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Serve GET users/me."""
        path, cors = "/api/v1/users/me", Cors.TRUSTED_ORIGINS
        return (Route(method="GET", path=path, handler=self.me, cors=cors),)

    async def me(self, request: web.Request) -> web.Response:
        """Answer 403 E0000005 without a session; sessions/me answers 404 then."""
        session = await self.cookies.session(request)
        user = None if session is None else await self.sessions.user_of(session)
        if user is None:
            raise InvalidSession
        return json_response(_user_body(user, self.site.url))


def _user_body(user: User, url: str) -> dict[str, Any]:
    """Return the User object, keys in the documented order; null for what did not happen yet."""
    return {
        "id": user.id,
        "status": user.status,
        "created": wire_instant(user.created_at),
        "activated": _instant(user.activated_at),
        "statusChanged": _instant(user.status_changed_at),
        "lastLogin": _instant(user.last_login_at),
        "lastUpdated": wire_instant(user.last_updated_at),
        "passwordChanged": wire_instant(user.password_changed_at),
        "profile": dict(user.profile),
        "credentials": {"password": {}, "provider": {"type": user.provider, "name": user.provider}},
        "_links": {"self": {"href": f"{url}/api/v1/users/{user.id}"}},
    }


def _instant(at: datetime | None) -> str | None:
    return None if at is None else wire_instant(at)
