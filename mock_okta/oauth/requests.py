"""Requests to the authorization servers, parsed once into frozen types."""

import base64
from urllib.parse import unquote_plus

from aiohttp import web
from msgspec import Struct

from mock_okta.model.authorization_servers import AuthorizationServer
from mock_okta.model.clients import Client
from mock_okta.web.errors import ShownError
from mock_okta.web.requests import Parameters, form_of, query_of

__all__ = [
    "Authorization",
    "AuthorizationRequest",
    "ClientCredentials",
    "LogoutRequest",
    "TokenRequest",
    "authorization_parameters",
    "authorization_request",
    "client_credentials",
    "logout_request",
    "scopes_of",
    "token_request",
]


class AuthorizationRequest(Struct, frozen=True, kw_only=True):
    """A request to /authorize (facts/oauth C.1); a parameter without a value is None."""

    client_id: str | None
    redirect_uri: str | None
    response_type: frozenset[str]
    response_mode: str | None
    scope: tuple[str, ...]
    state: str | None
    nonce: str | None
    code_challenge: str | None
    code_challenge_method: str | None
    prompt: frozenset[str]
    max_age: str | None
    login_hint: str | None
    session_token: str | None
    acr_values: tuple[str, ...]
    idp: str | None
    dpop_jkt: str | None
    repeated: tuple[str, ...]


class Authorization(Struct, frozen=True, kw_only=True):
    """An authorization request whose client and redirect URI are valid."""

    server: AuthorizationServer
    client: Client
    redirect_uri: str
    request: AuthorizationRequest


class TokenRequest(Struct, frozen=True, kw_only=True):
    """A request to /token: the parameters of every grant.

    `origin`: the origin of the page that sent it; None without a page, and for the org's own pages.
    `jkt`: the thumbprint of its DPoP proof's key, to which the tokens are bound.
    """

    grant_type: str | None
    code: str | None
    interaction_code: str | None
    redirect_uri: str | None
    code_verifier: str | None
    refresh_token: str | None
    username: str | None
    password: str | None
    device_code: str | None
    subject_token: str | None
    subject_token_type: str | None
    requested_token_type: str | None
    audience: str | None
    assertion: str | None
    scope: tuple[str, ...]
    origin: str | None
    jkt: str | None = None


class ClientCredentials(Struct, frozen=True, kw_only=True):
    """The credentials of a client; more than one kind at once is an error.

    `endpoint`: the full URL of the request, which must be the audience of an assertion.
    """

    endpoint: str
    basic_id: str | None
    basic_secret: str | None
    body_id: str | None
    body_secret: str | None
    assertion: str | None
    assertion_type: str | None


class LogoutRequest(Struct, frozen=True, kw_only=True):
    """A request to /logout (facts/oauth E.4)."""

    id_token_hint: str | None
    post_logout_redirect_uri: str | None
    state: str | None


async def authorization_parameters(request: web.Request) -> Parameters:
    """Return the query of a GET, the form of a POST."""
    return query_of(request) if request.method != "POST" else await form_of(request)


def authorization_request(parameters: Parameters) -> AuthorizationRequest:
    """Parse the parameters; the checks find errors in them later."""
    return AuthorizationRequest(
        client_id=parameters.get("client_id"),
        redirect_uri=parameters.get("redirect_uri"),
        response_type=frozenset(_words(parameters.get("response_type"))),
        response_mode=parameters.get("response_mode"),
        scope=scopes_of(parameters),
        state=parameters.get("state"),
        nonce=parameters.get("nonce"),
        code_challenge=parameters.get("code_challenge"),
        code_challenge_method=parameters.get("code_challenge_method"),
        prompt=frozenset(_words(parameters.get("prompt"))),
        max_age=parameters.get("max_age"),
        login_hint=parameters.get("login_hint"),
        session_token=parameters.get("sessionToken"),
        acr_values=_words(parameters.get("acr_values")),
        idp=parameters.get("idp"),
        dpop_jkt=parameters.get("dpop_jkt"),
        repeated=parameters.repeated,
    )


def token_request(parameters: Parameters, origin: str | None) -> TokenRequest:
    """Parse the form of /token."""
    return TokenRequest(
        grant_type=parameters.get("grant_type"),
        code=parameters.get("code"),
        interaction_code=parameters.get("interaction_code"),
        redirect_uri=parameters.get("redirect_uri"),
        code_verifier=parameters.get("code_verifier"),
        refresh_token=parameters.get("refresh_token"),
        username=parameters.get("username"),
        password=parameters.get("password"),
        device_code=parameters.get("device_code"),
        subject_token=parameters.get("subject_token"),
        subject_token_type=parameters.get("subject_token_type"),
        requested_token_type=parameters.get("requested_token_type"),
        audience=parameters.get("audience"),
        assertion=parameters.get("assertion"),
        scope=scopes_of(parameters),
        origin=origin,
    )


def client_credentials(request: web.Request, parameters: Parameters, url: str) -> ClientCredentials:
    """Parse the client's credentials; `url` is the org's.

    For a public client Okta's own library sends `Basic base64(client_id)` without a colon
    (facts/oauth E.1). Id and secret are URL-decoded (RFC 6749 2.3.1).
    """
    basic_id, basic_secret = _basic(request.headers.get("Authorization", ""))
    return ClientCredentials(
        endpoint=url + request.path,
        basic_id=basic_id,
        basic_secret=basic_secret,
        body_id=parameters.get("client_id"),
        body_secret=parameters.get("client_secret"),
        assertion=parameters.get("client_assertion"),
        assertion_type=parameters.get("client_assertion_type"),
    )


def scopes_of(parameters: Parameters) -> tuple[str, ...]:
    """Return the requested scopes in their order, each once (RFC 6749 3.3)."""
    return _words(parameters.get("scope"))


async def logout_request(request: web.Request) -> LogoutRequest:
    """Parse a GET's query or a POST's form."""
    parameters = await authorization_parameters(request)
    if parameters.repeated:
        raise ShownError(
            "invalid_request", f"The parameter '{parameters.repeated[0]}' is repeated."
        )
    return LogoutRequest(
        id_token_hint=parameters.get("id_token_hint"),
        post_logout_redirect_uri=parameters.get("post_logout_redirect_uri"),
        state=parameters.get("state"),
    )


def _basic(header: str) -> tuple[str | None, str | None]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None, None
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True).decode()
    except ValueError:  # from base64, ASCII or UTF-8
        return None, None
    client_id, _, secret = decoded.partition(":")
    return unquote_plus(client_id) or None, unquote_plus(secret) or None


def _words(value: str | None) -> tuple[str, ...]:
    """Split at spaces; keep the order, drop repeats."""
    return tuple(dict.fromkeys((value or "").split()))
