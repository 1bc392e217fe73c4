"""Signs tokens as they are issued, or lets them go wrong in the way that a test planned."""

from collections.abc import Mapping
from typing import Any

import jwt

from mock_okta.model.faults import (
    TOKEN_FAULTS,
    ClockSkew,
    Fault,
    MalformedToken,
    TokenName,
    WrongKid,
)
from mock_okta.services.testing.faults import chance
from mock_okta.services.tokens.key_ring import SigningKey

__all__ = ["sign_or_fail_as_planned"]

_INSTANTS = ("iat", "exp", "auth_time")


async def sign_or_fail_as_planned(
    token: TokenName, key: SigningKey, claims: Mapping[str, Any], token_type: str | None
) -> str:
    """Return `claims` signed by `key`, unless a planned fault is due for this request."""
    met = chance()
    fault = None if met is None else met.take(lambda each: _is_for(each, token))
    match fault:
        case WrongKid():
            headers = {"kid": fault.kid, "typ": token_type}
            return jwt.encode(dict(claims), key.private_key, algorithm="RS256", headers=headers)
        case ClockSkew():
            return key.sign(_shifted(claims, fault.seconds), token_type)
        case MalformedToken(defect="not_a_jwt"):
            return "this-is-no-jwt"
        case MalformedToken():
            return _broken(key.sign(claims, token_type))
        case _:
            return key.sign(claims, token_type)


def _is_for(fault: Fault, token: TokenName) -> bool:
    return isinstance(fault, TOKEN_FAULTS) and fault.token in (None, token)


def _shifted(claims: Mapping[str, Any], seconds: int) -> dict[str, Any]:
    return {name: value + seconds if name in _INSTANTS else value for name, value in claims.items()}


def _broken(token: str) -> str:
    """Return the token with another signature: it still has the form of a JWT."""
    signing_input, _, signature = token.rpartition(".")
    first = "B" if signature[0] == "A" else "A"
    return f"{signing_input}.{first}{signature[1:]}"
