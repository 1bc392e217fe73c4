"""The authorization endpoint (RFC 6749 3.1, OIDC Core 3; facts/oauth C): parses and renders."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from msgspec import Struct

from mock_okta.model.authorization_servers import AuthorizationServer
from mock_okta.model.faults import OAuthErrorAnswer
from mock_okta.model.grants import ParkedAuthorization
from mock_okta.model.sessions import Session
from mock_okta.oauth.authorization.deciding import Pending, Tools, decide
from mock_okta.oauth.authorization.detours import ConsentDialog, Detours
from mock_okta.oauth.authorization.parking import RESUME_PATH, Parking
from mock_okta.oauth.authorization.pushed import PushedAuthorizations
from mock_okta.oauth.authorization.request_object import RequestObjects
from mock_okta.oauth.checks.authorization import (
    RETURNED,
    client_is_known,
    no_error_is_planned,
    redirect_uri_is_registered,
)
from mock_okta.oauth.errors import InvalidRequestObject, OAuthError
from mock_okta.oauth.requests import (
    Authorization,
    AuthorizationRequest,
    authorization_parameters,
    authorization_request,
)
from mock_okta.oauth.response_modes import RESPONSE_MODES, default_response_mode, redirect
from mock_okta.oauth.responses import authorization_error
from mock_okta.oauth.servers import Servers, server_routes
from mock_okta.services.directory.lookup import the_org
from mock_okta.services.tokens.token_claims import Granted
from mock_okta.storage import Storage
from mock_okta.web.cookies import Cookies
from mock_okta.web.errors import ShownError
from mock_okta.web.hosted_pages import HostedWidget, is_of_identity_engine
from mock_okta.web.pages import page
from mock_okta.web.requests import NOTES, Parameters, form_of, query_of
from mock_okta.web.routing import Cors, Route
from mock_okta.web.site import Site

__all__ = ["AuthorizeEndpoint"]

_CONSENT_PATH = "/oauth2/v1/authorize/consent"


class _Arrived(Struct, frozen=True, kw_only=True):
    """A request from the client, or a parked one.

    `session`: the browser's. `answer`: the user's answer to the consent dialog.
    """

    server: AuthorizationServer
    parameters: Parameters
    session: Session | None
    parked: ParkedAuthorization | None = None
    answer: bool | None = None


class AuthorizeEndpoint(Struct, frozen=True, kw_only=True):
    """Answers with codes and tokens for a session, or lets the user sign in or consent first."""

    storage: Storage
    servers: Servers
    cookies: Cookies
    site: Site
    pushed: PushedAuthorizations
    request_objects: RequestObjects
    parking: Parking
    tools: Tools
    detours: Detours
    installed_widget: Callable[[], Awaitable[HostedWidget | None]]
    planned_error: Callable[[], Awaitable[OAuthErrorAnswer | None]]

    def routes(self) -> tuple[Route, ...]:
        """Serve GET and POST authorize, and the URLs after the sign-in page and the dialog."""
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
        arrived = _Arrived(
            server=server,
            parameters=await self.pushed.resolved(parameters, server),
            session=await self.cookies.session(request),
        )
        return await self._answer(request, arrived)

    async def resume(self, request: web.Request) -> web.Response:
        """Continue a parked request after the user has signed in (facts/oauth C.6)."""
        parked = await self.parking.take(query_of(request).get("okta_key"))
        session = await self.cookies.session(request)
        is_asked = session is not None and session.id == parked.asked_session_id
        answer = parked.consented if is_asked else None
        return await self._answer(request, await self._arrived(parked, session, answer=answer))

    async def take_consent(self, request: web.Request) -> web.Response:
        """Continue a parked request after the user's answer about consent (facts/oauth C.10).

        The key works once, in the session that it was made for, so no other page can consent.
        """
        form = await form_of(request)
        parked = await self.parking.take(form.get("okta_key"))
        session = await self.cookies.session(request)
        if session is None or session.id != parked.asked_session_id:
            raise ShownError("access_denied", "The consent dialog belongs to another session.")
        answer = form.get("decision") == "allow"
        return await self._answer(request, await self._arrived(parked, session, answer=answer))

    async def _arrived(
        self, parked: ParkedAuthorization, session: Session | None, *, answer: bool | None
    ) -> _Arrived:
        server = await self.storage.authorization_servers.get(parked.server_id)
        if server is None:
            raise ShownError("invalid_request", "The authorization server is gone.")
        return _Arrived(
            server=server,
            parameters=Parameters(parked.parameters),
            session=session,
            parked=parked,
            answer=answer,
        )

    async def _answer(self, request: web.Request, arrived: _Arrived) -> web.Response:
        """Show errors of phase one on a page; return those of phase two (facts/oauth C.3)."""
        parameters, asked = arrived.parameters, authorization_request(arrived.parameters)
        client = client_is_known(await self.storage.clients.get(asked.client_id or ""), asked)
        server = self.servers.for_client(arrived.server, client)
        refused: InvalidRequestObject | None = None
        try:
            parameters = await self.request_objects.merged(parameters, server, client)
            if parameters is not arrived.parameters:
                asked = authorization_request(parameters)
        except InvalidRequestObject as error:
            refused = error
        authorization = Authorization(
            server=server,
            client=client,
            redirect_uri=redirect_uri_is_registered(client, asked),
            request=asked,
        )
        self._remark_mixed_sites(request, authorization)
        if refused is not None:
            return _returned(request, authorization, refused)
        return await self._answer_known_client(request, arrived, authorization, parameters)

    async def _answer_known_client(
        self,
        request: web.Request,
        arrived: _Arrived,
        authorization: Authorization,
        parameters: Parameters,
    ) -> web.Response:
        started: Session | None = None
        try:
            no_error_is_planned(await self.planned_error())
            for check in RETURNED:
                check(authorization)
            pending = Pending(
                authorization=authorization,
                session=arrived.session,
                remark=request[NOTES].remarks.append,
                parked=arrived.parked,
                answer=arrived.answer,
            )
            decision = await decide(pending, self.tools)
            started = decision.started
            match decision.outcome:
                case OAuthError() as error:
                    raise error
                case Granted() as granted:
                    response = await self._granted(authorization, granted)
                case detour:
                    begun = await self.detours.begin(
                        authorization, parameters, detour, decision.asked_at
                    )
                    response = await self._sent(begun)
        except OAuthError as error:
            response = _returned(request, authorization, error)
        if started is not None:
            await self.cookies.begin_session(request, response, started)
        return response

    async def _granted(self, authorization: Authorization, granted: Granted) -> web.Response:
        fields = await self.tools.issuing.fields(authorization, granted)
        mode = _response_mode(authorization.request)
        return RESPONSE_MODES[mode](authorization.redirect_uri, fields)

    async def _sent(self, begun: str | ConsentDialog) -> web.Response:
        """Redirect the browser, or ask for consent with a plain form.

        If the widget is installed, it covers the form.
        """
        if isinstance(begun, str):
            return redirect(self.site.url + begun)
        return page(
            "consent.html",
            org_name=(await the_org(self.storage)).name,
            client=begun.client,
            user=begun.user,
            scopes=begun.scopes,
            key=begun.key,
            path=_CONSENT_PATH,
            url=self.site.url,
            widget=await self.installed_widget(),
            state_token=begun.state_token,
            is_of_identity_engine=is_of_identity_engine(begun.state_token),
        )

    def _remark_mixed_sites(self, request: web.Request, authorization: Authorization) -> None:
        if self.site.mixes_with(authorization.redirect_uri):
            request[NOTES].remarks.append(
                f"{authorization.redirect_uri} and {self.site.url} are different sites for a "
                "browser, so it sends no session cookie: use the org's host name and scheme"
            )


def _returned(
    request: web.Request, authorization: Authorization, error: OAuthError
) -> web.Response:
    """Return the error in the requested response mode, or the default one if that is wrong."""
    request[NOTES].remarks.append(error.remark)
    asked = authorization.request
    mode = _response_mode(asked)
    puts_tokens_in_query = mode == "query" and asked.response_type & {"token", "id_token"}
    if mode not in RESPONSE_MODES or puts_tokens_in_query:
        mode = default_response_mode(asked.response_type)
    return RESPONSE_MODES[mode](authorization.redirect_uri, authorization_error(error, asked.state))


def _response_mode(asked: AuthorizationRequest) -> str:
    return asked.response_mode or default_response_mode(asked.response_type)
