"""Rules about the parameters of every request to an authorization server."""

from collections.abc import Sequence

from mock_okta.oauth.errors import InvalidRequest
from mock_okta.web.requests import Parameters

__all__ = ["each_is_given_once", "token_is_given"]


def each_is_given_once(repeated: Sequence[str], kind: str) -> None:
    """RFC 6749 3.1 and 3.2; `kind`: the name of the request in the error."""
    if repeated:
        raise InvalidRequest(f"The {kind} request has a repeated '{repeated[0]}' parameter.")


def token_is_given(parameters: Parameters) -> str:
    """RFC 7009 2.1, RFC 7662 2.1. Returns the token."""
    token = parameters.get("token")
    if token is None:
        raise InvalidRequest("The 'token' parameter is required.")
    return token
