"""Rules of /authorize: SHOWN on a page, or RETURNED to the client (facts/oauth C.3 to C.5)."""

import re
from collections.abc import Callable

from mock_okta.model.checks import has_wildcard, require_redirect_uri
from mock_okta.model.clients import Client, ClientType
from mock_okta.model.faults import OAuthErrorAnswer
from mock_okta.oauth.checks.parameters import each_is_given_once
from mock_okta.oauth.checks.pkce import challenge_is_given_where_required, challenge_is_well_formed
from mock_okta.oauth.checks.scopes import openid_is_asked_where_needed, scopes_are_known
from mock_okta.oauth.errors import (
    InvalidRequest,
    PlannedError,
    UnsupportedResponseMode,
    UnsupportedResponseType,
)
from mock_okta.oauth.requests import Authorization, AuthorizationRequest
from mock_okta.oauth.response_modes import RESPONSE_MODES
from mock_okta.web.errors import ShownError
from mock_okta.web.site import has_redirect_uri

__all__ = [
    "RESPONSE_TYPES",
    "RETURNED",
    "client_is_known",
    "max_age_is_a_number",
    "no_error_is_planned",
    "prompt_does_not_contradict_itself",
    "redirect_uri_is_registered",
    "registered_redirect_uri",
]

RESPONSE_TYPES = (
    ("code",),
    ("token",),
    ("id_token",),
    ("code", "id_token"),
    ("code", "token"),
    ("id_token", "token"),
    ("code", "id_token", "token"),
)
_PARTS = frozenset({"code", "token", "id_token"})
_STATE = re.compile(r"[\x20-\x7e]+")


def client_is_known(client: Client | None, request: AuthorizationRequest) -> Client:
    """RFC 6749 4.1.2.1: an unknown client is never redirected to. Returns the client."""
    if client is None:
        raise ShownError(
            "invalid_client",
            "Invalid value for 'client_id' parameter.",
            remark=(
                "no 'client_id' is sent: send one"
                if request.client_id is None
                else f"no client {request.client_id!r}: add it to the seed's clients"
            ),
        )
    return client


def redirect_uri_is_registered(client: Client, request: AuthorizationRequest) -> str:
    """RFC 6749 3.1.2.3, exact and case-sensitive (facts/oauth C.1). Returns the redirect URI."""
    if "client_id" in request.repeated or "redirect_uri" in request.repeated:
        raise ShownError("invalid_request", "The 'redirect_uri' parameter is repeated.")
    if request.redirect_uri is None or not has_redirect_uri(client, request.redirect_uri):
        raise ShownError(
            "invalid_request",
            "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.",
            remark=_redirect_uri_remedy(client, request.redirect_uri),
        )
    return request.redirect_uri


def registered_redirect_uri(client: Client, request: AuthorizationRequest) -> str:
    """Return the redirect URI where no page can be shown: InvalidRequest says what a page would."""
    try:
        return redirect_uri_is_registered(client, request)
    except ShownError as error:
        raise InvalidRequest(error.description, remark=error.remark) from error


def _redirect_uri_remedy(client: Client, uri: str | None) -> str:
    """Return what to change so that the client may use the redirect URI."""
    if uri is None:
        return "no 'redirect_uri' is sent: send one"
    where = f"redirect_uri {uri!r} is not in login_redirect_uris of client {client.client_id}"
    if client.type is ClientType.SERVICE:
        return f"{where}, which is a service and has none: use one of type spa, web or native"
    try:
        require_redirect_uri("redirect_uri", uri)
    except ValueError as error:
        return f"{where}: {error}"
    if has_wildcard(uri):
        return f"{where}: send the address itself, without '*'"
    return f"{where}: add it, or start with --redirect-uri"


def no_error_is_planned(planned: OAuthErrorAnswer | None) -> None:
    """An OAuth error that a test planned is raised like any other."""
    if planned is not None:
        raise PlannedError(planned.error, planned.error_description)


def parameters_are_given_once(authorization: Authorization) -> None:
    """RFC 6749 3.1."""
    each_is_given_once(authorization.request.repeated, "authentication")


def response_type_is_known(authorization: Authorization) -> None:
    """RFC 6749 3.1.1; OIDC Core 3."""
    asked = authorization.request.response_type
    if not asked:
        raise InvalidRequest("The authentication request has an invalid 'response_type' parameter.")
    if not asked <= _PARTS:
        raise UnsupportedResponseType(_supported(_response_types_of(authorization.client)))


def response_type_is_allowed(authorization: Authorization) -> None:
    """facts/oauth C.5: code needs the grant 'authorization_code', the tokens need 'implicit'."""
    asked, client = authorization.request.response_type, authorization.client
    if asked <= _response_types_of(client):
        return
    missing = "authorization_code" if "code" in asked - _response_types_of(client) else "implicit"
    raise UnsupportedResponseType(
        _supported(_response_types_of(client)),
        remark=(
            f"response_type {' '.join(sorted(asked))!r} needs the grant type {missing!r}, "
            f"which client {client.client_id} does not have: add it to its grant_types"
        ),
    )


def access_token_can_be_bound(authorization: Authorization) -> None:
    """RFC 9449 5: only the token endpoint gets a proof; Okta's text is not known."""
    bound = authorization.client.dpop_bound_access_tokens
    if bound and "token" in authorization.request.response_type:
        raise InvalidRequest(
            "The client's access tokens are bound by DPoP, which the authorize endpoint cannot do.",
            remark="use the response type 'code', or remove dpop_bound_access_tokens in the seed",
        )


def _response_types_of(client: Client) -> frozenset[str]:
    """Return the parts of a response type that the client's grant types allow."""
    allowed = set()
    if "authorization_code" in client.grant_types:
        allowed.add("code")
    if "implicit" in client.grant_types:
        allowed |= {"token", "id_token"}
    return frozenset(allowed)


def _supported(parts: frozenset[str]) -> str:
    names = ", ".join(sorted(parts))
    return (
        "The response type is not supported by the authorization server. "
        f"Configured response types: [{names}]"
    )


def response_mode_suits_type(authorization: Authorization) -> None:
    """OAuth 2.0 Multiple Response Type Encoding Practices 5: tokens never go into a query."""
    request = authorization.request
    has_token = request.response_type & {"token", "id_token"}
    is_known = request.response_mode is None or request.response_mode in RESPONSE_MODES
    if not is_known or (request.response_mode == "query" and has_token):
        modes = ", ".join(RESPONSE_MODES)
        raise UnsupportedResponseMode(
            "The response mode is not supported by the authorization server. "
            f"Valid response modes: [{modes}]."
        )


def state_is_given(authorization: Authorization) -> None:
    """Okta requires it; any printable ASCII is a state (RFC 6749 A.5: VSCHAR).

    A support article of Okta lists fewer characters, but orgs accept what clients send: padded
    base64 (Spring Security), `nonce:/path` (oauth2-proxy), JSON. What Okta does with characters
    outside of RFC 6749 is unverified.
    """
    state = authorization.request.state
    if state is None or _STATE.fullmatch(state) is None:
        raise InvalidRequest("The authentication request has an invalid 'state' parameter.")


def nonce_is_given_for_id_token(authorization: Authorization) -> None:
    """OIDC Core 3.2.2.1 and 3.3.2.11: if the authorize endpoint returns an ID token."""
    if "id_token" in authorization.request.response_type and authorization.request.nonce is None:
        raise InvalidRequest("The authentication request has an invalid 'nonce' parameter.")


def prompt_does_not_contradict_itself(authorization: Authorization) -> None:
    """OIDC Core 3.1.2.1: 'none' must be the only value.

    Values that Okta's reference does not list (`select_account`, `create`) are ignored: whether
    Okta refuses them is not known.
    """
    prompt = authorization.request.prompt
    if "none" in prompt and len(prompt) > 1:
        raise InvalidRequest("The authentication request has an invalid 'prompt' parameter.")


def max_age_is_a_number(authorization: Authorization) -> None:
    """OIDC Core 3.1.2.1: seconds."""
    max_age = authorization.request.max_age
    if max_age is not None and re.fullmatch(r"[0-9]+", max_age) is None:
        raise InvalidRequest("The authentication request has an invalid 'max_age' parameter.")


RETURNED: tuple[Callable[[Authorization], None], ...] = (
    parameters_are_given_once,
    response_type_is_known,
    response_type_is_allowed,
    access_token_can_be_bound,
    response_mode_suits_type,
    state_is_given,
    challenge_is_well_formed,
    challenge_is_given_where_required,
    nonce_is_given_for_id_token,
    scopes_are_known,
    openid_is_asked_where_needed,
    prompt_does_not_contradict_itself,
    max_age_is_a_number,
)
