"""Pages that the org hosts itself: its sign-in page and the user's home (facts/oauth I.3)."""

from collections.abc import Mapping
from types import MappingProxyType

from aiohttp import web
from msgspec import Struct

from mock_okta.browser.widget.releases import OwnRelease
from mock_okta.model.directory import User
from mock_okta.model.failures import Failure, MoreIsDue
from mock_okta.model.progress import RecoveryType
from mock_okta.services.directory.lookup import the_org
from mock_okta.services.directory.policies import Policies
from mock_okta.services.sign_in.engine import Engine
from mock_okta.services.sign_in.password_sign_in import PasswordSignIn
from mock_okta.services.sign_in.sessions import Sessions
from mock_okta.storage import Storage
from mock_okta.web.cookies import Cookies
from mock_okta.web.hosted_pages import (
    GOES_ON,
    HOME,
    RECOVERIES,
    SIGN_IN,
    is_of_identity_engine,
    path_to_go_on,
    path_to_sign_in,
)
from mock_okta.web.pages import Frames, page
from mock_okta.web.requests import NOTES, form_of, query_of
from mock_okta.web.return_urls import Destinations
from mock_okta.web.routing import Handler, Route
from mock_okta.web.site import Site

__all__ = ["HostedPages"]

_LINKS: Mapping[str, RecoveryType | None] = MappingProxyType(
    {
        RECOVERIES[RecoveryType.PASSWORD]: RecoveryType.PASSWORD,
        RECOVERIES[RecoveryType.UNLOCK]: RecoveryType.UNLOCK,
        GOES_ON: None,
    }
)
"""Where links lead, and what the token is to recover; None for a sign-in that goes on."""
_USE_THE_WIDGET = (
    "The password is right, but the org asks for more than this form can do: sign in with the "
    "Sign-In Widget."
)
_NONE: Mapping[str, str] = MappingProxyType({})


class HostedPages(Struct, frozen=True, kw_only=True):
    """The sign-in page: a plain form without JavaScript, and the real widget if it is installed."""

    storage: Storage
    sessions: Sessions
    policies: Policies
    password_sign_in: PasswordSignIn
    cookies: Cookies
    destinations: Destinations
    site: Site
    engine: Engine
    own_release: OwnRelease

    def routes(self) -> tuple[Route, ...]:
        """Serve the sign-in page (at its old and new path), the home page and help."""
        return (
            Route(method="GET", path=SIGN_IN, handler=self.show_form),
            Route(method="POST", path=SIGN_IN, handler=self.take_form),
            Route(method="GET", path="/signin", handler=self.show_form),
            *self._link_routes(),
            Route(method="GET", path="/", handler=self.home),
            Route(method="GET", path=HOME, handler=self.home),
            Route(method="GET", path="/help/login", handler=self.show_help),
        )

    def _link_routes(self) -> tuple[Route, ...]:
        """Serve the URLs of e-mailed links: the widget continues with the token (facts/oauth D)."""
        return tuple(
            Route(
                method="GET",
                path=path,
                handler=self._handler_of(recovery_type),
                is_safe=recovery_type is None or not self.engine.spends_links,
            )
            for path, recovery_type in _LINKS.items()
        )

    def _handler_of(self, recovery_type: RecoveryType | None) -> Handler:
        async def handler(request: web.Request) -> web.Response:
            """Show the widget, which continues with the token of the link.

            A sign-in that began at an identity provider may also return to a trusted origin.
            """
            token = request.match_info["token"]
            allowed = await self.destinations.allowed(query_of(request).get("fromURI"))
            goes_on_to = allowed or self._home
            if recovery_type is None:
                return await self._page(goes_on_to, "", options={"stateToken": token})
            state_token = await self.engine.redeemed(token, (recovery_type,), goes_on_to)
            if state_token is not None:
                location = self.site.url + path_to_go_on(state_token, goes_on_to)
                return web.Response(status=302, headers={"Location": location})
            return await self._page(goes_on_to, "", options={"recoveryToken": token})

        return handler

    async def show_form(self, request: web.Request) -> web.Response:
        """Show the form that leads to `fromURI`, with `login_hint` filled in.

        A user who is signed in is redirected at once, as the end-to-end tests of okta-auth-js
        expect, unless the request that waits there asks for a new sign-in.
        """
        query = query_of(request)
        session, goes_on_to = await self.cookies.session(request), self._own(query.get("fromURI"))
        if session is not None and not await self.destinations.asks_anew(goes_on_to, session):
            return web.Response(status=302, headers={"Location": goes_on_to})
        return await self._page(goes_on_to, query.get("login_hint") or "")

    async def take_form(self, request: web.Request) -> web.Response:
        """Sign in with the plain form's data and redirect; show the form again if that fails."""
        form = await form_of(request)
        login, goes_on_to = form.get("username") or "", self._own(form.get("fromURI"))
        try:
            user = await self.password_sign_in.verify(login, form.get("password") or "")
        except Failure as failure:
            request[NOTES].remarks.append(f"{type(failure).__name__} for {login!r}: {failure}")
            is_more_due = isinstance(failure, MoreIsDue)
            problem = _USE_THE_WIDGET if is_more_due else "Sign in failed!"
            return await self._page(goes_on_to, login, problem=problem)
        session = await self.sessions.begin(user, amr=("pwd",))
        response = web.Response(status=302, headers={"Location": goes_on_to})
        await self.cookies.begin_session(request, response, session)
        return response

    async def show_help(self, _: web.Request) -> web.Response:
        """List who can sign in: the widget's help link leads here."""
        return page("help.html", org_name=(await the_org(self.storage)).name)

    async def home(self, request: web.Request) -> web.Response:
        """Greet the signed-in user, with a menu to sign out."""
        session = await self.cookies.session(request)
        user = None if session is None else await self.sessions.user_of(session)
        if user is None:
            location = self.site.url + path_to_sign_in(HOME)
            return web.Response(status=302, headers={"Location": location})
        return page(
            "home.html",
            frames=Frames.EMBEDDERS_OF_HOME,
            org_name=(await the_org(self.storage)).name,
            user=user,
            name=_name_of(user),
        )

    async def _page(
        self,
        goes_on_to: str,
        login: str,
        *,
        problem: str | None = None,
        options: Mapping[str, str] = _NONE,
    ) -> web.Response:
        """Show the form, or what the widget makes of its `options` besides the usual ones.

        With a state token of the Identity Engine the widget asks that engine for all it shows.
        """
        widget, state_token = await self.own_release.installed(), options.get("stateToken")
        if widget is not None and not options:
            state_token = await self.engine.hosted(goes_on_to, login or None)
        return page(
            "sign_in.html",
            status=200 if problem is None else 401,
            org_name=(await the_org(self.storage)).name,
            url=self.site.url,
            from_uri=goes_on_to,
            login=login,
            problem=problem,
            options={**options, "username": login},
            is_link=bool(options),
            providers=await self.storage.identity_providers.values(),
            is_passwordless=await self.policies.may_ask_for_password_later(),
            discovers=bool(await self.storage.routing_rules.values()),
            registers=bool(await self.storage.registration_policies.values()),
            widget=widget,
            state_token=state_token if is_of_identity_engine(state_token or "") else None,
            missing_version=self.own_release.version,
        )

    def _own(self, from_uri: str | None) -> str:
        """Return an absolute URL on this org: where the user wanted to go, or the home page.

        It is never on another site, so that the maker of a link cannot send users elsewhere.
        """
        own = None if from_uri is None else self.site.own(from_uri)
        return own or self._home

    @property
    def _home(self) -> str:
        return self.site.url + HOME


def _name_of(user: User) -> str:
    return str(user.profile.get("firstName") or user.login)
