"""GET /api/v1/users/me, and the org's public description (facts/oauth I.4, I.5)."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from aiohttp import web
from msgspec import Struct

from mock_okta.clock import wire_instant
from mock_okta.model.directory import EngineName, User
from mock_okta.services.directory.lookup import the_org
from mock_okta.services.sign_in.sessions import Sessions
from mock_okta.services.world.issuers import Issuers
from mock_okta.storage import Storage
from mock_okta.web.cookies import Cookies
from mock_okta.web.errors import InvalidSession, json_response
from mock_okta.web.routing import Cors, Route
from mock_okta.web.site import Site

__all__ = ["OrganizationEndpoint", "UsersEndpoint"]

_PIPELINES: Mapping[EngineName, str] = MappingProxyType({"classic": "v1", "identity": "idx"})


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
        """Answer 403 E0000005 without a session, where sessions/me answers 404."""
        session = await self.cookies.session(request)
        user = None if session is None else await self.sessions.user_of(session)
        if user is None:
            raise InvalidSession
        return json_response(_user_body(user, self.site.url))


class OrganizationEndpoint(Struct, frozen=True, kw_only=True):
    """Says which engine the org runs, and its custom domain: the widget and tools ask."""

    storage: Storage
    issuers: Issuers
    engine: EngineName

    def routes(self) -> tuple[Route, ...]:
        """Serve GET /.well-known/okta-organization."""
        path, cors = "/.well-known/okta-organization", Cors.TRUSTED_ORIGINS
        return (Route(method="GET", path=path, handler=self.get, cors=cors),)

    async def get(self, _: web.Request) -> web.Response:
        """Show the org: `pipeline` names its engine (Okta's reference, `WellKnownOrgMetadata`)."""
        org = await the_org(self.storage)
        links = {"organization": {"href": self.issuers.org_url}}
        if not self.issuers.has_one_name:
            links["alternate"] = {"href": self.issuers.custom_url}
        return json_response({"id": org.id, "_links": links, "pipeline": _PIPELINES[self.engine]})


def _user_body(user: User, url: str) -> dict[str, Any]:
    """Return the User object, keys in the documented order; null for what has not happened."""
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
