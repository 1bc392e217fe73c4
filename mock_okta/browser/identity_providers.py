"""Sign-in with an external identity provider, which the org imitates (facts/oauth C.1, I.4)."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp import web
from msgspec import Struct

from mock_okta.model.directory import User
from mock_okta.model.failures import Failure, SpentOrExpired, Unsuitable
from mock_okta.model.identity_providers import IdentityProvider
from mock_okta.model.progress import Progress
from mock_okta.services.sign_in.engine import Engine, Federation
from mock_okta.services.sign_in.external_sign_in import ExternalSignIn
from mock_okta.services.sign_in.next_step import Requirements
from mock_okta.services.sign_in.sessions import Sessions
from mock_okta.storage import Storage
from mock_okta.web.cookies import Cookies
from mock_okta.web.errors import ShownError
from mock_okta.web.hosted_pages import HOME, SIGN_IN
from mock_okta.web.pages import page
from mock_okta.web.requests import Parameters, form_of, query_of
from mock_okta.web.return_urls import Destinations
from mock_okta.web.routing import Route
from mock_okta.web.site import Site

__all__ = ["IdentityProvidersEndpoint"]

_KEPT = ("fromURI", "login_hint", "stateToken")
_APPENDED_QUERY = re.compile(r"\?(?=(?:fromURI|login_hint)=)")


class IdentityProvidersEndpoint(Struct, frozen=True, kw_only=True):
    """Sends browsers to an identity provider, and signs in users who return from it.

    Deviation: the provider is a page of the org itself, and its result comes as a plain form. There
    is no second protocol, and anybody can choose any identity.
    """

    storage: Storage
    external: ExternalSignIn
    sessions: Sessions
    requirements: Requirements
    engine: Engine
    federation: Federation | None
    destinations: Destinations
    cookies: Cookies
    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Serve /sso/idps/{id}, and the page of the provider itself."""
        path = "/idp/{id}"
        return (
            Route(method="GET", path="/sso/idps/{id}", handler=self.leave),
            Route(method="GET", path=path, handler=self.show),
            Route(method="POST", path=path, handler=self.come_back),
        )

    async def leave(self, request: web.Request) -> web.Response:
        """Redirect to the identity provider; `OKTA` is the org's own sign-in page.

        The widget up to 2.x appends a second query to the link of WebFinger: the appended one is
        used.
        """
        queries = _APPENDED_QUERY.split(request.rel_url.raw_query_string)
        given = dict(pair for query in queries for pair in parse_qsl(query))
        kept = urlencode({name: given[name] for name in _KEPT if name in given})
        name = request.match_info["id"]
        path = SIGN_IN if name == "OKTA" else f"/idp/{(await self._provider(name)).id}"
        return _redirect(f"{self.site.url}{path}?{kept}")

    async def show(self, request: web.Request) -> web.Response:
        """Ask who the user is."""
        provider = await self._provider(request.match_info["id"])
        query = query_of(request)
        return self._page(provider, query, query.get("login_hint") or "")

    async def come_back(self, request: web.Request) -> web.Response:
        """Sign in the user named by the provider, or redirect to what is due first.

        A sign-in with a state token continues, and says itself where.
        """
        provider = await self._provider(request.match_info["id"])
        form = await form_of(request)
        email, from_uri = form.get("email") or "", form.get("fromURI")
        state_token = form.get("stateToken")
        try:
            user = await self.external.user_of(provider, email)
            progress = self._progress(request, provider, user)
            if state_token is not None and self.federation is not None:
                place = await self.federation.came_back(state_token, progress)
                return _redirect(place if urlsplit(place).scheme else self.site.url + place)
            due = await self.requirements.next(progress, user)
        except Unsuitable as failure:
            return self._page(provider, form, email, problem=failure.cause)
        except SpentOrExpired as failure:
            told = "The sign-in is unknown, over, or has expired."
            raise ShownError("invalid_request", told, remark=str(failure)) from failure
        except Failure as failure:
            told = f"{email} may not sign in here."
            remark = f"{type(failure).__name__}: {failure}"
            raise ShownError("access_denied", told, status=403, remark=remark) from failure
        if due is not None:
            path = await self.engine.go_on(progress, due, from_uri or HOME)
            return _redirect(self.site.url + path)
        return await self._signed_in(request, user, progress, from_uri)

    def _progress(self, request: web.Request, provider: IdentityProvider, user: User) -> Progress:
        return Progress(
            user_id=user.id,
            amr=("fed",),
            idp_id=provider.id,
            device_token=self.cookies.device_token(request),
        )

    async def _signed_in(
        self,
        request: web.Request,
        user: User,
        progress: Progress,
        from_uri: str | None,
    ) -> web.Response:
        session = await self.sessions.begin(user, amr=progress.amr, idp_id=progress.idp_id)
        destination = await self.destinations.allowed(from_uri) or self.site.url + HOME
        response = _redirect(destination)
        await self.cookies.begin_session(request, response, session)
        return response

    async def _provider(self, provider_id: str) -> IdentityProvider:
        provider = await self.storage.identity_providers.get(provider_id)
        if provider is None:
            raise ShownError(
                "invalid_request",
                "The identity provider is unknown.",
                status=404,
                remark=f"no identity provider {provider_id!r}: see identity_providers in the seed",
            )
        return provider

    def _page(
        self,
        provider: IdentityProvider,
        kept: Parameters,
        email: str,
        *,
        problem: str | None = None,
    ) -> web.Response:
        return page(
            "identity_provider.html",
            status=200 if problem is None else 400,
            provider=provider,
            from_uri=kept.get("fromURI"),
            state_token=kept.get("stateToken"),
            email=email,
            problem=problem,
        )


def _redirect(location: str) -> web.Response:
    return web.Response(status=302, headers={"Location": location})
