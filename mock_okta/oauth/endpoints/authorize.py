"""The authorization endpoint (RFC 6749 3.1, OIDC Core 3; contract C)."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from aiohttp import web

from mock_okta.clock import Clock
from mock_okta.domain.failures import SpentOrExpired
from mock_okta.domain.records import (
    AuthorizationCode,
    AuthorizationServer,
    ParkedAuthorization,
    Session,
)
from mock_okta.ids import Ids
from mock_okta.oauth.access import access_of
from mock_okta.oauth.checks.authorization import (
    RETURNED,
    client_is_known,
    redirect_uri_is_registered,
)
from mock_okta.oauth.checks.scopes import granted_scopes
from mock_okta.oauth.errors import AccessDenied, LoginRequired, OAuthError
from mock_okta.oauth.requests import (
    Authorization,
    AuthorizationRequest,
    authorization_parameters,
    authorization_request,
)
from mock_okta.oauth.response_modes import RESPONSE_MODES, default_response_mode, redirect
from mock_okta.oauth.responses import authorization_error, authorization_success
from mock_okta.oauth.servers import Servers, server_routes
from mock_okta.services.sign_in import SignIn
from mock_okta.services.tokens import Granted, Tokens
from mock_okta.storage import Storage
from mock_okta.web.cookies import Cookies
from mock_okta.web.errors import ShownError
from mock_okta.web.requests import NOTES, Parameters, query_of
from mock_okta.web.routing import Cors, Route
from mock_okta.web.site import Site

__all__ = ["AuthorizeEndpoint"]

_CODE_LIFETIME = timedelta(seconds=300)
_PARKING_TIME = timedelta(hours=1)
_RESUME_PATH = "/oauth2/v1/authorize/redirect"
_NOT_SIGNED_IN = "The client specified not to prompt, but the user is not logged in."
_NOT_ENOUGH = (
    "The client specified not to prompt, but the client app requires re-authentication or MFA."
)


@dataclass(frozen=True, kw_only=True)
class AuthorizeEndpoint:
    """Answers with codes and tokens for a session, or sends the browser to sign in first."""

    storage: Storage
    servers: Servers
    sign_in: SignIn
    tokens: Tokens
    cookies: Cookies
    site: Site
    clock: Clock
    ids: Ids

    def routes(self) -> tuple[Route, ...]:
        """Serve GET and POST authorize, and where the sign-in page returns to."""
        path, metadata = "/v1/authorize", "authorization_endpoint"
        return (
            Route(method="GET", path=_RESUME_PATH, handler=self.resume),
            *server_routes("GET", path, self.start, Cors.NOBODY, metadata),
            *server_routes("POST", path, self.start, Cors.NOBODY),
        )

    async def start(self, request: web.Request) -> web.Response:
        """Serve a request that comes from the client (OIDC Core 3.1.2.1: GET or POST)."""
        server = await self.servers.of(request)
        parameters = await authorization_parameters(request)
        return await self._serve(request, server, parameters, parked=None)

    async def resume(self, request: web.Request) -> web.Response:
        """Go on with a parked request once the user has signed in (contract C.6)."""
        key = query_of(request).get("okta_key") or ""
        parked = await self.storage.parked_authorizations.take(key)
        if parked is None or parked.expires_at <= self.clock.now():
            raise ShownError("invalid_request", "The sign-in request is unknown or has expired.")
        server = await self.storage.authorization_servers.get(parked.server_id)
        if server is None:
            raise ShownError("invalid_request", "The authorization server is gone.")
        return await self._serve(request, server, Parameters(parked.parameters), parked=parked)

    async def _serve(
        self,
        request: web.Request,
        server: AuthorizationServer,
        parameters: Parameters,
        parked: ParkedAuthorization | None,
    ) -> web.Response:
        asked = authorization_request(parameters)
        client = client_is_known(await self.storage.clients.get(asked.client_id or ""), asked)
        authorization = Authorization(
            server=server,
            client=client,
            redirect_uri=redirect_uri_is_registered(client, asked),
            request=asked,
        )
        self._remark_mixed_sites(request, authorization)
        started: Session | None = None
        try:
            for check in RETURNED:
                check(authorization)
            started = await self._session_started_by_token(request, asked)
            session = started or await self.cookies.session(request)
            if session is not None and self._is_enough(session, asked, started, parked):
                response = await self._answer(authorization, session)
            else:
                response = await self._sign_in_page(authorization, session, parameters)
        except OAuthError as error:
            response = _returned(request, authorization, error)
        if started is not None:
            await self.cookies.begin_session(request, response, started)
        return response

    async def _session_started_by_token(
        self, request: web.Request, asked: AuthorizationRequest
    ) -> Session | None:
        """Spend the session token; a bad one is as good as none (contract C.6)."""
        if asked.session_token is None:
            return None
        try:
            return await self.sign_in.start_session(asked.session_token)
        except SpentOrExpired:
            request[NOTES].remarks.append("the sessionToken is unknown, used or expired")
            return None

    def _is_enough(
        self,
        session: Session,
        asked: AuthorizationRequest,
        started: Session | None,
        parked: ParkedAuthorization | None,
    ) -> bool:
        """Tell whether the session's authentication is as fresh as asked (OIDC Core 3.1.2.1)."""
        is_new = started is not None or (
            parked is not None and parked.refused_session_id != session.id
        )
        if ("login" in asked.prompt or asked.max_age == "0") and not is_new:
            return False
        if asked.max_age is None or int(asked.max_age) == 0:
            return True
        return self.clock.now() - session.authenticated_at <= timedelta(seconds=int(asked.max_age))

    async def _sign_in_page(
        self, authorization: Authorization, session: Session | None, parameters: Parameters
    ) -> web.Response:
        """Park the request and go to the sign-in page, unless the client forbids prompting."""
        if "none" in authorization.request.prompt:
            raise LoginRequired(_NOT_SIGNED_IN if session is None else _NOT_ENOUGH)
        key = self.ids.opaque()
        kept = [(name, value) for name, value in parameters.pairs if name != "sessionToken"]
        await self.storage.parked_authorizations.put(
            key,
            ParkedAuthorization(
                server_id=authorization.server.id,
                parameters=tuple(kept),
                refused_session_id=None if session is None else session.id,
                expires_at=self.clock.now() + _PARKING_TIME,
            ),
        )
        query = {"fromURI": f"{_RESUME_PATH}?{urlencode({'okta_key': key})}"}
        if authorization.request.login_hint is not None:
            query["login_hint"] = authorization.request.login_hint
        return redirect(f"{self.site.url}/login/login.htm?{urlencode(query)}")

    async def _answer(self, authorization: Authorization, session: Session) -> web.Response:
        """Issue what the response type asks for (contract C.7, F.5)."""
        user = await self.sign_in.user_of(session)
        if user is None:
            raise AccessDenied("User is not assigned to the client application.")
        asked = authorization.request
        scopes = granted_scopes(authorization)
        grant_type = "authorization_code" if "code" in asked.response_type else "implicit"
        server, client = authorization.server, authorization.client
        granted = Granted(
            server=server,
            client=client,
            user=user,
            scopes=scopes,
            lifetimes=access_of(server, client, grant_type, user, scopes),
            amr=session.amr,
            authenticated_at=session.authenticated_at,
            nonce=asked.nonce,
        )
        code = access_token = id_token = None
        if "code" in asked.response_type:
            code = await self._code(authorization, granted)
        if "token" in asked.response_type:
            access_token = await self.tokens.access_token(granted)
        if "id_token" in asked.response_type:
            id_token = await self.tokens.id_token(granted, access_token=access_token, code=code)
        fields = authorization_success(
            granted,
            code=code,
            access_token=access_token,
            id_token=id_token,
            state=asked.state,
        )
        return RESPONSE_MODES[_response_mode(asked)](authorization.redirect_uri, fields)

    async def _code(self, authorization: Authorization, granted: Granted) -> str:
        if granted.user is None or granted.authenticated_at is None:
            raise AssertionError("an authorization code is for a user who signed in")
        value = self.ids.opaque()
        code = AuthorizationCode(
            server_id=granted.server.id,
            client_id=granted.client.client_id,
            user_id=granted.user.id,
            redirect_uri=authorization.redirect_uri,
            scopes=granted.scopes,
            lifetimes=granted.lifetimes,
            nonce=granted.nonce,
            acr=granted.acr,
            code_challenge=authorization.request.code_challenge,
            amr=granted.amr,
            authenticated_at=granted.authenticated_at,
            expires_at=self.clock.now() + _CODE_LIFETIME,
        )
        await self.storage.authorization_codes.put(value, code)
        return value

    def _remark_mixed_sites(self, request: web.Request, authorization: Authorization) -> None:
        if self.site.mixes_with(authorization.redirect_uri):
            request[NOTES].remarks.append(
                f"{authorization.redirect_uri} is another site than {self.site.url} to a browser, "
                "which withholds the session cookie: use the org's host name and scheme"
            )


def _response_mode(asked: AuthorizationRequest) -> str:
    return asked.response_mode or default_response_mode(asked.response_type)


def _returned(
    request: web.Request, authorization: Authorization, error: OAuthError
) -> web.Response:
    """Return the error to the client by its response mode, or the default one if that is wrong."""
    request[NOTES].remarks.append(error.remark)
    asked = authorization.request
    mode = _response_mode(asked)
    if mode not in RESPONSE_MODES or (
        mode == "query" and asked.response_type & {"token", "id_token"}
    ):
        mode = default_response_mode(asked.response_type)
    return RESPONSE_MODES[mode](authorization.redirect_uri, authorization_error(error, asked.state))
