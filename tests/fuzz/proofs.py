"""The tests' own idea of which JWTs prove something: written from the RFCs, not from the server."""

from collections.abc import Mapping
from typing import Any

from mock_okta import SeedClient
from tests.fuzz.jwts import SIGNERS, Jwt
from tests.fuzz.registered import CLIENTS, ISSUER
from tests.visiting import LOGIN, OTHER_LOGIN

_HOUR = 3600
_END = 1 << 37  # later than any date
_KEYS = ("rsa", "ec")
_PROOF_AGE, _AHEAD = 300, 30  # a signer's clock may run ahead of the org's
_BY_KEY = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512")


def asserts_client(made: Jwt, endpoint: str, now: int) -> str | None:
    """RFC 7523 3: the id of the client that made it for the endpoint; or None."""
    claims, client_id = made.claims, made.claims.get("sub")
    client = CLIENTS.get(client_id) if isinstance(client_id, str) else None
    if client is None or claims.get("iss") != client_id or not _is_for(claims, endpoint):
        return None
    keys = {"client_secret_jwt": ("secret",), "private_key_jwt": _KEYS}
    is_its_own = made.is_signed_by(*keys.get(client.authentication_method, ()))
    is_in_time = _lasts(claims.get("exp"), now) and _has_begun(claims.get("iat"), now)
    return client.client_id if is_its_own and is_in_time else None


def vouches_for_user(made: Jwt, url: str, now: int) -> bool:
    """RFC 7523 2.1: an issuer that the server `default` trusts vouches for a user."""
    claims = made.claims
    issuer, login = f"{url}/oauth2/default", claims.get("sub")
    return (
        claims.get("iss") == ISSUER
        and made.is_signed_by(*_KEYS)
        and (_is_for(claims, issuer) or _is_for(claims, f"{issuer}/v1/token"))
        and _is_instant(claims.get("exp"))
        and claims["exp"] > now
        and all(name not in claims or _is_past(claims[name], now) for name in ("iat", "nbf"))
        and isinstance(login, str)
        and login.lower() in (LOGIN, OTHER_LOGIN)
    )


def proves_key(made: Jwt, endpoint: str, now: int, nonces: set[str]) -> str | None:
    """RFC 9449 4.3: the name of the key that somebody holds who asks the endpoint; or None."""
    claims, key = made.claims, made.signer
    is_proof = (
        made.header.get("typ") == "dpop+jwt"
        and key.algorithm in _BY_KEY
        and made.header.get("jwk") == key.jwk
        and "crit" not in made.header
        and not made.is_cut
    )
    is_for_this = (
        claims.get("htm") == "POST"
        and _is_url_of(claims.get("htu"), endpoint)
        and _is_instant(claims.get("iat"))
        and -_PROOF_AGE <= claims["iat"] - now <= _AHEAD
        and isinstance(claims.get("jti"), str)
        and claims["jti"] != ""
        and isinstance(claims.get("nonce"), str)
        and claims["nonce"] in nonces
    )
    return key.name if is_proof and is_for_this else None


def is_request_of(made: Jwt, client: SeedClient, issuer: str, now: int) -> bool:
    """OIDC Core 6.1, RFC 9101 4: what is said must be right, and may be left unsaid."""
    claims = made.claims
    secrets = [s.name for s in (SIGNERS["secret"],) if s.key == _octets(client.client_secret)]
    return (
        made.is_signed_by(*secrets, *(_KEYS if client.jwks else ()))
        and claims.get("iss", client.client_id) == client.client_id
        and claims.get("client_id", client.client_id) == client.client_id
        and ("aud" not in claims or _is_for(claims, issuer))
        and (claims.get("exp") is None or (_is_instant(claims["exp"]) and claims["exp"] > now))
    )


def asked_in(made: Jwt) -> Mapping[str, str | None]:
    """The parameters that a request object stands for; None for one that it takes away."""
    own = {"iss", "aud", "exp", "iat", "nbf", "jti", "sub", "request", "request_uri"}
    return {name: _parameter(value) for name, value in made.claims.items() if name not in own}


def _parameter(value: Any) -> str | None:
    if value is None:
        return None
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace") or None


def _without_query(place: Any) -> Any:
    return place.partition("?")[0] if isinstance(place, str) else place


def _is_url_of(url: Any, endpoint: str) -> bool:
    """RFC 9449 4.3: without query and fragment."""
    return isinstance(url, str) and url.partition("#")[0].partition("?")[0] == endpoint


def _is_for(claims: Mapping[str, Any], place: str) -> bool:
    audience = claims.get("aud")
    return place in audience if isinstance(audience, list) else audience == place


def _is_instant(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < _END


def _is_past(value: Any, now: int) -> bool:
    return _is_instant(value) and value <= now + _AHEAD


def _lasts(expires: Any, now: int) -> bool:
    """facts/oauth D.2: no longer than an hour."""
    return _is_instant(expires) and now < expires <= now + _HOUR


def _has_begun(issued: Any, now: int) -> bool:
    return issued is None or _is_past(issued, now)


def _octets(secret: str | None) -> bytes | None:
    return None if secret is None else secret.encode()
