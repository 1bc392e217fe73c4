"""Checks for all JWTs signed by clients: assertions and request objects."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeGuard

if TYPE_CHECKING:
    from jwt.types import Options

__all__ = [
    "CLOCK_SKEW",
    "HMAC_ALGORITHMS",
    "KEY_ALGORITHMS",
    "is_instant",
    "signed_by",
    "unverified_claims",
]

HMAC_ALGORITHMS = ("HS256", "HS384", "HS512")
KEY_ALGORITHMS = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512")
CLOCK_SKEW = 30
"""Seconds by which the signer's clock may be ahead of the org's (Okta's release notes)."""
# We compare times with the org's clock, and audiences with the requested URL, not PyJWT.
_SIGNATURE_ALONE: "Options" = {
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_aud": False,
    "verify_sub": False,
    "verify_jti": False,
    # RFC 7518 3.2, 3.3: a shorter key is refused; PyJWT would only warn.
    "enforce_minimum_key_length": True,
}


def unverified_claims(token: str) -> dict[str, Any] | None:
    """Return the unverified claims, to find the signer; None if it is not a JWT."""
    import jwt  # noqa: PLC0415 -- a tenth of all imports, and few sign-ins need it

    try:
        return jwt.decode(token, options={**_SIGNATURE_ALONE, "verify_signature": False})
    except (jwt.InvalidTokenError, RecursionError):  # PyJWT before 2.15 does not catch the latter
        return None


def signed_by(token: str, keys: Iterable[Any], algorithms: tuple[str, ...]) -> bool:
    """Return whether one of the keys verifies the token's signature."""
    return any(_verifies(token, key, algorithms) for key in keys)


def _verifies(token: str, key: Any, algorithms: tuple[str, ...]) -> bool:
    import jwt  # noqa: PLC0415 -- as above

    try:
        jwt.decode(token, key, algorithms=list(algorithms), options=_SIGNATURE_ALONE)
    except (jwt.PyJWTError, TypeError, ValueError, AttributeError):
        return False
    return True


def is_instant(value: object) -> TypeGuard[float]:
    """Return whether a claim is a time in epoch seconds that a datetime can hold.

    It may have a fraction (RFC 7519 2).
    """
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1 << 37
