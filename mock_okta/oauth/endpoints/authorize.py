"""The authorization endpoint (RFC 6749 3.1, OIDC Core 3; facts/oauth C)."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from aiohttp import web
from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.model.directory import AuthorizationServer, Scope, User
from mock_okta.model.failures import SpentOrExpired
from mock_okta.model.records import ParkedAuthorization, Session
from mock_okta.model.transactions import Status
from mock_okta.oauth.authorization.assurance import is_fresh_enough, satisfied_acr
from mock_okta.oauth.authorization.consent import Consents
from mock_okta.oauth.authorization.issuing import Issuing
from mock_okta.oauth.authorization.parking import RESUME_PATH, Parking, resume_path
from mock_okta.oauth.authorization.pushed import PushedAuthorizations
from mock_okta.oauth.authorization.request_object import RequestObjects
from mock_okta.oauth.authorization.step_up import StepUps
from mock_okta.oauth.checks.authorization import (
    RETURNED,
    client_is_known,
    no_error_is_planned,
    redirect_uri_is_registered,
)
from mock_okta.oauth.errors import (
    AccessDenied,
    ConsentRequired,
    InvalidRequest,
    InvalidRequestObject,
    LoginRequired,
    OAuthError,
)
from mock_okta.oauth.requests import (
    Authorization,
    AuthorizationRequest,
    authorization_parameters,
    authorization_request,
)
from mock_okta.oauth.response_modes import RESPONSE_MODES, default_response_mode, redirect
from mock_okta.oauth.responses import authorization_error
from mock_okta.oauth.servers import Servers, server_routes
from mock_okta.services.sign_in.sessions import IGNORED_SESSION_TOKEN, SignIn
from mock_okta.storage import Storage
from mock_okta.web.cookies import Cookies
from mock_okta.web.errors import ShownError
from mock_okta.web.pages import page
from mock_okta.web.requests import NOTES, Parameters, form_of, query_of
from mock_okta.web.routing import Cors, Route
from mock_okta.web.site import Site

__all__ = ["AuthorizeEndpoint"]

_CONSENT_PATH = "/oauth2/v1/authorize/consent"
_NOT_SIGNED_IN = "The client specified not to prompt, but the user is not logged in."
_NOT_ENOUGH = (
    "The client specified not to prompt, but the client app requires re-authentication or MFA."
)


class AuthorizeEndpoint(Struct, frozen=True, kw_only=True):
    """Answers with codes and tokens for a session, or has the user sign in or consent first."""

    storage: Storage
    servers: Servers
    sign_in: SignIn
    cookies: Cookies
    site: Site
    clock: Clock
    pushed: PushedAuthorizations
    request_objects: RequestObjects
    parking: Parking
    step_ups: StepUps
    consents: Consents
    issuing: Issuing
    installed_widget: Callable[[], Awaitable[str | None]]

    def routes(self) -> tuple[Route, ...]:
        """Serve GET and POST authorize, and where sign-in page and consent dialog return to."""
        path, metadata = "/v1/authorize", "authorization_endpoint"
        return (
            Route(method="GET", path=RESUME_PATH, handler=self.resume, is_safe=False),
            Route(method="POST", path=_CONSENT_PATH, handler=self.take_consent),
            *server_routes("GET", path, self.start, Cors.NOBODY, metadata, is_safe=False),
            *server_routes("POST", path, self.start, Cors.NOBODY),
        )

    async def start(self, request: web.Request) -> web.Response:
        """Serve a request that comes from the client (OIDC Core 3.1.2.1: GET or POST)."""
        server = await self.servers.of(request)
        parameters = await authorization_parameters(request)
        parameters = await self.pushed.resolved(parameters, server)
        return await _Serving(self, request, server).answer(parameters)

    async def resume(self, request: web.Request) -> web.Response:
        """Go on with a parked request once the user has signed in (facts/oauth C.6)."""
        parked = await self.parking.take(query_of(request).get("okta_key"))
        session = await self.cookies.session(request)
        is_asked = session is not None and session.id == parked.asked_session_id
        consent = True if parked.consented and is_asked else None
        serving = _Serving(self, request, await self._server_of(parked), parked, consent)
        return await serving.answer(Parameters(parked.parameters))

    async def take_consent(self, request: web.Request) -> web.Response:
        """Go on with a parked request once the user has consented, or has not (facts/oauth C.10).

        The key is good once and in the session that it was made for, so no other page can consent.
        """
        form = await form_of(request)
        parked = await self.parking.take(form.get("okta_key"))
        session = await self.cookies.session(request)
        if session is None or session.id != parked.asked_session_id:
            raise ShownError("access_denied", "The consent dialog belongs to another session.")
        decision = form.get("decision") == "allow"
        serving = _Serving(self, request, await self._server_of(parked), parked, decision)
        return await serving.answer(Parameters(parked.parameters))

    async def _server_of(self, parked: ParkedAuthorization) -> AuthorizationServer:
        server = await self.storage.authorization_servers.get(parked.server_id)
        if server is None:
            raise ShownError("invalid_request", "The authorization server is gone.")
        return server


class _Serving(Struct, frozen=True):
    """One authorization request on its way; `consent` is the user's answer, once given."""

    endpoint: AuthorizeEndpoint
    request: web.Request
    server: AuthorizationServer
    parked: ParkedAuthorization | None = None
    consent: bool | None = None

    async def answer(self, parameters: Parameters) -> web.Response:
        """Phase one is shown to the person, phase two returned to the client (facts/oauth C.3)."""
        asked = authorization_request(parameters)
        client = client_is_known(
            await self.endpoint.storage.clients.get(asked.client_id or ""), asked
        )
        server = self.endpoint.servers.for_client(self.server, client)
        refused: InvalidRequestObject | None = None
        try:
            merged = await self.endpoint.request_objects.merged(parameters, server, client)
            if merged is not parameters:
                parameters, asked = merged, authorization_request(merged)
        except InvalidRequestObject as error:
            refused = error
        authorization = Authorization(
            server=server,
            client=client,
            redirect_uri=redirect_uri_is_registered(client, asked),
            request=asked,
        )
        self._remark_mixed_sites(authorization)
        if refused is not None:
            return self._returned(authorization, refused)
        return await self._answer_known_client(authorization, parameters)

    async def _answer_known_client(
        self, authorization: Authorization, parameters: Parameters
    ) -> web.Response:
        started: Session | None = None
        try:
            no_error_is_planned()
            for check in RETURNED:
                check(authorization)
            started = await self._session_started_by_token(authorization)
            response = await self._answer_for_session(authorization, parameters, started)
        except OAuthError as error:
            response = self._returned(authorization, error)
        if started is not None:
            await self.endpoint.cookies.begin_session(self.request, response, started)
        return response

    async def _session_started_by_token(self, authorization: Authorization) -> Session | None:
        """Spend the session token, if it counts; a bad one is as good as none (facts/oauth C.6).

        A live session that the request takes as it is counts before the token, and the token is
        not spent, unless the org says otherwise; there, a bad token ends the live session.
        """
        token, sign_in = authorization.request.session_token, self.endpoint.sign_in
        if token is None:
            return None
        live = await self.endpoint.cookies.session(self.request)
        replaces = await sign_in.session_token_replaces_session()
        if live and not replaces and await self._takes_as_it_is(authorization, live):
            self._remark(IGNORED_SESSION_TOKEN)
            return None
        try:
            return await sign_in.start_session(token)
        except SpentOrExpired:
            self._remark("the sessionToken is unknown, used or expired")
            if live and replaces:
                await sign_in.end_session(live.id)
            return None

    async def _takes_as_it_is(self, authorization: Authorization, session: Session) -> bool:
        """Tell whether the request needs neither a sign-in anew nor a factor that is missing."""
        user = await self.endpoint.sign_in.user_of(session)
        if user is None or not self._will_do(session, authorization.request, None):
            return False
        try:
            satisfied_acr(authorization.request, session)
            return await self.endpoint.step_ups.due(authorization, session, user) is None
        except OAuthError:
            return False

    async def _answer_for_session(
        self, authorization: Authorization, parameters: Parameters, started: Session | None
    ) -> web.Response:
        session = started or await self.endpoint.cookies.session(self.request)
        if session is None or not self._will_do(session, authorization.request, started):
            return await self._sign_in_page(authorization, session, parameters)
        user = await self.endpoint.sign_in.user_of(session)
        if user is None:
            return await self._sign_in_page(authorization, None, parameters)
        due = await self.endpoint.step_ups.due(authorization, session, user)
        if due is not None:
            return await self._step_up(authorization, session, due, parameters)
        granted = await self.endpoint.issuing.granted(authorization, session, user)
        scopes = await self.endpoint.consents.needed(authorization, user, granted.scopes)
        if self.consent is False:
            raise AccessDenied("The resource owner denied the request.")
        if scopes and self.consent is None:
            if "none" in authorization.request.prompt:
                raise ConsentRequired("The client specified not to prompt, but consent is needed.")
            key = await self.endpoint.parking.park(authorization, parameters, asked=session)
            return await self._dialog(authorization, session, user, scopes, key)
        await self.endpoint.consents.remember(authorization, user, scopes)
        fields = await self.endpoint.issuing.fields(authorization, granted)
        mode = _response_mode(authorization.request)
        return RESPONSE_MODES[mode](authorization.redirect_uri, fields)

    async def _dialog(
        self,
        authorization: Authorization,
        session: Session,
        user: User,
        scopes: list[Scope],
        key: str,
    ) -> web.Response:
        """Ask for consent by a plain form, and by the widget over it where that is installed."""
        return page(
            "consent.html",
            client=authorization.client,
            user=user,
            scopes=scopes,
            key=key,
            path=_CONSENT_PATH,
            url=self.endpoint.site.url,
            widget_version=await self.endpoint.installed_widget(),
            state_token=await self.endpoint.consents.asked_by_widget(
                authorization, session, scopes, key
            ),
        )

    def _will_do(
        self, session: Session, asked: AuthorizationRequest, started: Session | None
    ) -> bool:
        if self.consent is not None:  # was judged before the dialog was shown
            return True
        is_new = started is not None or (
            self.parked is not None and self.parked.refused_session_id != session.id
        )
        return is_fresh_enough(session, asked, self.endpoint.clock.now(), is_new=is_new)

    async def _sign_in_page(
        self, authorization: Authorization, session: Session | None, parameters: Parameters
    ) -> web.Response:
        """Park the request and go to the sign-in page, unless the client forbids prompting."""
        if "none" in authorization.request.prompt:
            raise LoginRequired(_NOT_SIGNED_IN if session is None else _NOT_ENOUGH)
        provider = await self._asked_provider(authorization.request)
        key = await self.endpoint.parking.park(authorization, parameters, refused=session)
        target = resume_path(key)
        if session is not None and authorization.client.requires_factor and provider is None:
            path = await self.endpoint.step_ups.begin_anew(authorization, target)
            return redirect(self.endpoint.site.url + path)
        query = {"fromURI": target}
        if authorization.request.login_hint is not None:
            query["login_hint"] = authorization.request.login_hint
        path = "/login/login.htm" if provider is None else f"/sso/idps/{provider}"
        return redirect(f"{self.endpoint.site.url}{path}?{urlencode(query)}")

    async def _asked_provider(self, asked: AuthorizationRequest) -> str | None:
        """Return the identity provider that the client wants; how Okta refuses is unverified."""
        if asked.idp in (None, "OKTA"):
            return None
        provider = await self.endpoint.storage.identity_providers.get(asked.idp or "")
        if provider is None:
            raise InvalidRequest(
                "The authentication request has an invalid 'idp' parameter.",
                remark=f"no identity provider {asked.idp!r}: see identity_providers in the seed",
            )
        return provider.id

    async def _step_up(
        self, authorization: Authorization, session: Session, due: Status, parameters: Parameters
    ) -> web.Response:
        """Park the request, which is as good as the session, and ask for what is due."""
        if "none" in authorization.request.prompt:
            raise LoginRequired(_NOT_ENOUGH)
        key = await self.endpoint.parking.park(authorization, parameters)
        target = resume_path(key)
        path = await self.endpoint.step_ups.begin(authorization, session, due, target)
        return redirect(self.endpoint.site.url + path)

    def _returned(self, authorization: Authorization, error: OAuthError) -> web.Response:
        """Return the error by the response mode asked for, or the default one if that is wrong."""
        self._remark(error.remark)
        asked = authorization.request
        mode = _response_mode(asked)
        puts_tokens_in_query = mode == "query" and asked.response_type & {"token", "id_token"}
        if mode not in RESPONSE_MODES or puts_tokens_in_query:
            mode = default_response_mode(asked.response_type)
        fields = authorization_error(error, asked.state)
        return RESPONSE_MODES[mode](authorization.redirect_uri, fields)

    def _remark_mixed_sites(self, authorization: Authorization) -> None:
        site = self.endpoint.site
        if site.mixes_with(authorization.redirect_uri):
            self._remark(
                f"{authorization.redirect_uri} is another site than {site.url} to a browser, "
                "which withholds the session cookie: use the org's host name and scheme"
            )

    def _remark(self, remark: str) -> None:
        self.request[NOTES].remarks.append(remark)


def _response_mode(asked: AuthorizationRequest) -> str:
    return asked.response_mode or default_response_mode(asked.response_type)
