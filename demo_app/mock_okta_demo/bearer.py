"""The checks that a resource server with Okta must make of a bearer token.

PyJWT verifies the token. The rest is our own code: the header of RFC 6750, which no library for
aiohttp reads, and Okta's claims `cid` and `scp`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import jwt

from mock_okta_demo.key_set import ALGORITHM, KeySet, UnknownKey

Claims = Mapping[str, Any]

# Okta signs with RS256. The token must not choose the algorithm: a forged one would choose `none`,
# or HS256 with the public key as its secret.
ALGORITHMS = [ALGORITHM]
REQUIRED_CLAIMS = ["iss", "aud", "iat", "exp", "cid"]


class Refused(Exception):
    """The request is refused; RFC 6750 3 says how to answer."""

    status: ClassVar[int] = 401
    error: ClassVar[str] = "invalid_token"

    @property
    def reason(self) -> str:
        """One sentence, without any text that the token's sender chose."""
        return str(self)

    @property
    def challenge(self) -> str:
        """The value of `WWW-Authenticate`."""
        return f'Bearer error="{self.error}", error_description="{self.reason}"'


class InvalidToken(Refused):
    """Malformed, expired, forged, or meant for somebody else."""


class MissingToken(Refused):
    """No token at all: the challenge names no error (RFC 6750 3.1)."""

    error = "missing_token"

    @property
    def challenge(self) -> str:
        """Only the scheme."""
        return 'Bearer realm="messages"'


class InvalidRequest(Refused):
    """`Authorization` is not one scheme and one token."""

    status = 400
    error = "invalid_request"


class InsufficientScope(Refused):
    """A valid token that lacks a scope."""

    status = 403
    error = "insufficient_scope"


@dataclass(frozen=True, kw_only=True)
class BearerVerifier:
    """Checks access tokens for one API of one authorization server."""

    issuer: str
    audience: str
    client_ids: frozenset[str]
    scopes: frozenset[str]
    leeway: timedelta
    keys: KeySet

    async def verify(self, authorization: str | None) -> Claims:
        """Return the claims of the token in an `Authorization` header.

        Raises Refused, or KeysUnavailable if the issuer's keys cannot be fetched.
        """
        token = bearer_token(authorization)
        kid = key_id(token)
        try:
            key = await self.keys.find(kid)
        except UnknownKey as error:
            raise InvalidToken(
                "The token is signed with a key the issuer does not have."
            ) from error
        claims = self._verified_claims(token, key)
        self._client_is_allowed(claims)
        self._scopes_are_granted(claims)
        return claims

    def _verified_claims(self, token: str, key: jwt.PyJWK) -> Claims:
        """Signature, then `iss`, `aud`, `exp`, `nbf`, `iat` (RFC 7519 4.1)."""
        try:
            claims: Claims = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                issuer=self.issuer,
                audience=self.audience,
                leeway=self.leeway,
                options={"require": REQUIRED_CLAIMS},
            )
        except jwt.PyJWTError as error:
            raise InvalidToken(reason_for(error)) from error
        return claims

    def _client_is_allowed(self, claims: Claims) -> None:
        """`cid` is Okta's claim for the client that the token was issued to."""
        if claims["cid"] not in self.client_ids:
            raise InvalidToken("The token was issued to another client.")

    def _scopes_are_granted(self, claims: Claims) -> None:
        """`scp` is Okta's claim for the granted scopes: a list."""
        granted = claims.get("scp")
        missing = self.scopes.difference(granted if isinstance(granted, list) else ())
        if missing:
            raise InsufficientScope(f"The token lacks the scope {' '.join(sorted(missing))}.")


def bearer_token(authorization: str | None) -> str:
    """Take the token out of `Authorization: Bearer <token>` (RFC 6750 2.1)."""
    words = (authorization or "").split()
    if not words or words[0].lower() != "bearer":
        raise MissingToken("This needs an access token: send the header Authorization: Bearer.")
    if len(words) != 2:
        raise InvalidRequest("The Authorization header must be the word Bearer and one token.")
    return words[1]


def key_id(token: str) -> str:
    """Return the `kid` in a token's header; nothing is verified yet."""
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError as error:
        raise InvalidToken("The token is malformed.") from error
    if header.get("alg") not in ALGORITHMS:
        raise InvalidToken("The token is not signed with RS256.")
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise InvalidToken("The token does not name its key.")
    return kid


# The first class that matches gives the reason: subclasses come before their bases.
REASONS: tuple[tuple[type[jwt.PyJWTError], str], ...] = (
    (jwt.ExpiredSignatureError, "The token has expired."),
    (jwt.ImmatureSignatureError, "The token is not valid yet."),
    (jwt.InvalidIssuerError, "The token is from another issuer."),
    (jwt.InvalidAudienceError, "The token is meant for another audience."),
    (jwt.MissingRequiredClaimError, "The token lacks a claim that every access token has."),
    (jwt.InvalidSignatureError, "The token's signature is wrong."),
)


def reason_for(error: jwt.PyJWTError) -> str:
    """Return the reason to tell the token's sender."""
    return next(
        (text for kind, text in REASONS if isinstance(error, kind)), "The token is malformed."
    )
