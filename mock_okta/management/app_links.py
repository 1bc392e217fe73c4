"""The apps on a user's home page, and the links that open them (facts/oauth I.3)."""

from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from msgspec import Struct

from mock_okta.ids import derived_id
from mock_okta.model.clients import Client
from mock_okta.model.directory import User
from mock_okta.model.failures import NotAssigned
from mock_okta.services.sign_in.sessions import Sessions
from mock_okta.services.tokens.access import user_is_assigned
from mock_okta.services.world.issuers import Issuers
from mock_okta.storage import Storage
from mock_okta.web.cookies import Cookies
from mock_okta.web.errors import InvalidSession, NotFound, json_response
from mock_okta.web.hosted_pages import path_to_sign_in
from mock_okta.web.routing import Cors, Route
from mock_okta.web.site import Site, origin_of

__all__ = ["AppLinksEndpoint"]

_LINK_ID = "aln177a159h7Zf52X0g8"  # the same in every org that was seen


class AppLinksEndpoint(Struct, frozen=True, kw_only=True):
    """Lists the apps that are assigned to the user and have a page to open."""

    storage: Storage
    sessions: Sessions
    cookies: Cookies
    site: Site
    issuers: Issuers

    def routes(self) -> tuple[Route, ...]:
        """Serve GET users/me/appLinks, and the links themselves."""
        path, cors = "/api/v1/users/me/appLinks", Cors.TRUSTED_ORIGINS
        link = f"/home/oidc_client/{{client_id}}/{_LINK_ID}"
        return (
            Route(method="GET", path=path, handler=self.list, cors=cors),
            Route(method="GET", path=link, handler=self.open),
        )

    async def list(self, request: web.Request) -> web.Response:
        """List the apps of the session's user; 403 E0000005 without a session, as users/me."""
        user = await self._user(request)
        if user is None:
            raise InvalidSession
        clients = [
            client
            for client in await self.storage.clients.values()
            if await self._is_app_of(user, client)
        ]
        url = self.site.url
        return json_response([_app_link(url, user, c, at) for at, c in enumerate(clients)])

    async def open(self, request: web.Request) -> web.Response:
        """Redirect to the app's `initiate_login_uri` with `iss` (OIDC Core 4), or sign in first.

        Deviation: an app without that URI is opened at the origin of its first login redirect URI;
        Okta shows no link to it.
        """
        user = await self._user(request)
        if user is None:
            location = self.site.url + path_to_sign_in(request.rel_url.raw_path)
            return web.Response(status=302, headers={"Location": location})
        client_id = request.match_info["client_id"]
        client = await self.storage.clients.get(client_id)
        if client is None or not await self._is_app_of(user, client):
            raise NotFound(client_id, "AppInstance")
        issuer = self.issuers.url(client.issuer_mode)
        location = _with_issuer(client.initiate_login_uri, issuer) or f"{_origin(client)}/"
        return web.Response(status=302, headers={"Location": location})

    async def _user(self, request: web.Request) -> User | None:
        session = await self.cookies.session(request)
        return None if session is None else await self.sessions.user_of(session)

    async def _is_app_of(self, user: User, client: Client) -> bool:
        try:
            await user_is_assigned(self.storage, client, user)
        except NotAssigned:
            return False
        is_somewhere = client.initiate_login_uri is not None or _origin(client) is not None
        return is_somewhere and not client.visibility.hide.web


def _origin(client: Client) -> str | None:
    """Return the origin of the app's first login redirect URI without a wildcard."""
    origins = (origin_of(uri) for uri in client.login_redirect_uris)
    return next((origin for origin in origins if "*" not in origin), None)


def _with_issuer(uri: str | None, issuer: str) -> str | None:
    if uri is None:
        return None
    bare, mark, fragment = uri.partition("#")
    return f"{bare}{'&' if '?' in bare else '?'}{urlencode({'iss': issuer})}{mark}{fragment}"


def _app_link(url: str, user: User, client: Client, order: int) -> dict[str, Any]:
    """Return Okta's AssignedAppLink; members in the order of the sample in its reference.

    Deviation: all apps without a `logo_uri` have the same `logoUrl`.
    """
    return {
        "id": derived_id("00u", f"app link {client.client_id} {user.id}"),
        "label": client.name,
        "linkUrl": f"{url}/home/oidc_client/{client.client_id}/{_LINK_ID}",
        "logoUrl": client.uris.logo or f"{url}/img/logos/default.png",
        "appName": "oidc_client",
        "appInstanceId": client.client_id,
        "appAssignmentId": derived_id("0ua", f"{client.client_id} {user.id}"),
        "credentialsSetup": False,
        "hidden": False,
        "sortOrder": order,
    }
