"""Tokens verified by PyJWT, as an API verifies them."""

from typing import Any

import jwt

from tests.visiting import SPA

AUDIENCE = "api://default"
CLAIMS = ["iss", "aud", "iat", "exp", "sub", "jti"]


def verified(
    token: str, jwks: dict[str, Any], *, issuer: str, audience: str, client_id: str = SPA
) -> dict[str, Any]:
    """Verify by PyJWT as an API does: key, algorithm, times, issuer, audience, client."""
    kid = jwt.get_unverified_header(token)["kid"]
    claims: dict[str, Any] = jwt.decode(
        token,
        jwt.PyJWKSet.from_dict(jwks)[kid],
        algorithms=["RS256"],
        issuer=issuer,
        audience=audience,
        options={"require": CLAIMS},
    )
    if claims.get("cid", client_id) != client_id:
        raise PermissionError(claims["cid"])
    return claims
