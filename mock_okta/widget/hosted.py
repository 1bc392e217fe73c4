"""Pages that the org hosts itself: its sign-in page and the user's home (contract I.3)."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from mock_okta.domain.directory import User
from mock_okta.domain.failures import Failure
from mock_okta.services.sign_in import SignIn
from mock_okta.web.cookies import Cookies
from mock_okta.web.pages import page
from mock_okta.web.requests import NOTES, form_of, query_of
from mock_okta.web.routing import Route
from mock_okta.web.site import Site
from mock_okta.widget.releases import Releases

__all__ = ["HostedPages"]

_HOME = "/app/UserHome"
_SIGN_IN = "/login/login.htm"


@dataclass(frozen=True, kw_only=True)
class HostedPages:
    """A plain form that works without JavaScript, and the real widget over it where installed."""

    sign_in: SignIn
    cookies: Cookies
    site: Site
    releases: Releases
    widget_version: str
    org_name: str

    def routes(self) -> tuple[Route, ...]:
        """Serve the sign-in page, by its older name and its newer one, home page and help."""
        return (
            Route(method="GET", path=_SIGN_IN, handler=self.show_form, also_head=True),
            Route(method="POST", path=_SIGN_IN, handler=self.take_form),
            Route(method="GET", path="/signin", handler=self.show_form),
            Route(method="GET", path="/", handler=self.home, also_head=True),
            Route(method="GET", path=_HOME, handler=self.home),
            Route(method="GET", path="/help/login", handler=self.show_help),
        )

    async def show_form(self, request: web.Request) -> web.Response:
        """Show the form that goes on to `fromURI`, with `login_hint` filled in."""
        query = query_of(request)
        return await self._form(query.get("fromURI"), query.get("login_hint") or "")

    async def take_form(self, request: web.Request) -> web.Response:
        """Sign in what the plain form sends, and go on; show it again if that fails."""
        form = await form_of(request)
        login, from_uri = form.get("username") or "", form.get("fromURI")
        try:
            user = await self.sign_in.verify_password(login, form.get("password") or "")
        except Failure as failure:
            request[NOTES].remarks.append(f"{type(failure).__name__} for {login!r}")
            return await self._form(from_uri, login, failed=True)
        token, _ = await self.sign_in.make_session_token(user, ("pwd",))
        session = await self.sign_in.start_session(token)
        location = self._own(from_uri)
        response = web.Response(status=302, headers={"Location": location})
        await self.cookies.begin_session(request, response, session)
        return response

    async def show_help(self, _: web.Request) -> web.Response:
        """Say who can sign in: the widget's help link leads here."""
        return page("help.html", org_name=self.org_name)

    async def home(self, request: web.Request) -> web.Response:
        """Greet the signed-in user, with a menu to sign out by."""
        session = await self.cookies.session(request)
        user = None if session is None else await self.sign_in.user_of(session)
        if user is None:
            location = f"{self.site.url}{_SIGN_IN}?{urlencode({'fromURI': _HOME})}"
            return web.Response(status=302, headers={"Location": location})
        return page("home.html", org_name=self.org_name, user=user, name=_name_of(user))

    async def _form(
        self, from_uri: str | None, login: str, *, failed: bool = False
    ) -> web.Response:
        installed = await asyncio.to_thread(self.releases.find, self.widget_version)
        return page(
            "sign_in.html",
            status=401 if failed else 200,
            org_name=self.org_name,
            url=self.site.url,
            from_uri=self._own(from_uri),
            login=login,
            failed=failed,
            widget_version=self.widget_version if installed else None,
        )

    def _own(self, from_uri: str | None) -> str:
        """Return an absolute URL on this org: where the user wanted to go, or the home page.

        Nothing else: whoever makes the link must not choose where a user ends up.
        """
        home = self.site.url + _HOME
        if from_uri is None or any(not c.isprintable() or c in " \\" for c in from_uri):
            return home
        try:
            parts = urlsplit(from_uri)
        except ValueError:
            return home
        if f"{parts.scheme}://{parts.netloc}" == self.site.url:
            return from_uri
        is_path = not parts.scheme and not parts.netloc and from_uri.startswith("/")
        return self.site.url + from_uri if is_path and not from_uri.startswith("//") else home


def _name_of(user: User) -> str:
    return str(user.profile.get("firstName") or user.login)
