"""Proof Key for Code Exchange (RFC 7636), only S256."""

import hmac
import re

from mock_okta.jose import sha256
from mock_okta.oauth.errors import InvalidGrant, InvalidRequest
from mock_okta.oauth.requests import Authorization

__all__ = [
    "challenge_is_given_where_required",
    "challenge_is_well_formed",
    "verifier_matches",
]

_CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def challenge_is_well_formed(authorization: Authorization) -> None:
    """RFC 7636 4.2 and 4.3; a method without a challenge is ignored."""
    challenge = authorization.request.code_challenge
    method = authorization.request.code_challenge_method
    if challenge is None:
        return
    if _CHALLENGE.fullmatch(challenge) is None:
        raise InvalidRequest("PKCE code challenge contains illegal characters.")
    if method != "S256":
        raise InvalidRequest("PKCE code challenge method must be 'S256'.")


def challenge_is_given_where_required(authorization: Authorization) -> None:
    """facts/oauth C.5: for a client without a secret, and if the app's settings require it."""
    asked, client = authorization.request, authorization.client
    if "code" not in asked.response_type or asked.code_challenge is not None:
        return
    if client.is_public:
        raise InvalidRequest(
            "PKCE code challenge is required when the token endpoint authentication method "
            "is 'NONE'."
        )
    if client.requires_pkce:
        raise InvalidRequest(
            "PKCE code challenge is required by the application.",
            remark=(
                f"client {client.client_id} has pkce_required: send a code_challenge, or set it "
                "to false"
            ),
        )


def verifier_matches(challenge: str | None, verifier: str | None) -> None:
    """RFC 7636 4.6, RFC 9700 4.8.2: required if, and only if, a challenge was sent."""
    if challenge is None and verifier is None:
        return
    computed = sha256(verifier or "")
    if challenge is None or not hmac.compare_digest(challenge.encode(), computed.encode()):
        raise InvalidGrant("PKCE verification failed.")
