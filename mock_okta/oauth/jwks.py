"""Public keys of clients and trusted issuers: inline, or from their `jwks_uri` (RFC 7517)."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import aiohttp
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from msgspec import Struct

from mock_okta.oauth.errors import InvalidClient

__all__ = ["PRIVATE_MEMBERS", "ClientKeys", "public_key"]

PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
"""Members of private and secret keys in a JWK (RFC 7518 6.2.2, 6.3.2, 6.4)."""
_PATIENCE = aiohttp.ClientTimeout(total=5)
_LARGEST = 256 * 1024
_LONGEST_EXPONENT = 64


class KeyHolder(Protocol):
    """A client or issuer with public keys: listed in `jwks`, or served at `jwks_uri`."""

    @property
    def jwks(self) -> tuple[Mapping[str, Any], ...]:
        """JSON Web Keys."""

    @property
    def jwks_uri(self) -> str | None:
        """The URL of the keys; None if they are listed."""


class ClientKeys(Struct, frozen=True):
    """Finds the keys that may have signed the JWT of a client or a trusted issuer.

    Deviation: `jwks_uri` is fetched each time, while Okta caches it, so that a test that rotates
    its keys need not wait.
    """

    async def candidates(self, holder: KeyHolder, token: str) -> list[Any]:
        """Return the key that the token's `kid` names, or all keys if it names none."""
        import jwt  # noqa: PLC0415 -- as in `jwt_checks`

        keys = holder.jwks if holder.jwks_uri is None else await _fetched(holder.jwks_uri)
        try:
            kid = jwt.get_unverified_header(token).get("kid")
        except jwt.InvalidTokenError:
            return []
        named = [key for key in keys if kid is None or key.get("kid", kid) == kid]
        return _public_keys(named)


def public_key(jwk: Mapping[str, Any], algorithm: str | None = None) -> Any:
    """Return the public key of a JWK, for `algorithm` or its own `alg`; raise ValueError.

    A JWK comes from outside, and must not keep the org busy. Private members are left out: with `d`
    PyJWT searches for the prime factors, which takes minutes if there are none. An exponent as long
    as the modulus makes the check of a signature fifty times slower; OpenSSL also has this limit,
    but only for moduli of more than 3,072 bits.
    """
    import jwt  # noqa: PLC0415 -- as in `jwt_checks`

    public = {name: value for name, value in jwk.items() if name not in PRIVATE_MEMBERS}
    try:
        key = jwt.PyJWK(public, algorithm=algorithm).key
    except (
        jwt.PyJWTError,
        UnsupportedAlgorithm,
        TypeError,
        KeyError,
        AttributeError,
        NotImplementedError,  # for a JWK whose `alg` is `none`
        OverflowError,
    ) as error:
        raise ValueError(str(error)) from error
    if isinstance(key, RSAPublicKey):
        exponent = key.public_numbers().e
        if exponent.bit_length() > _LONGEST_EXPONENT:
            raise ValueError(f"its exponent has more than {_LONGEST_EXPONENT} bits")
    return key


def _public_keys(jwks: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Return the keys that can verify signatures; others are left out."""
    found = []
    for jwk in jwks:
        try:
            found.append(public_key(jwk))
        except ValueError:
            continue
    return found


async def _fetched(uri: str) -> list[Mapping[str, Any]]:
    """Return the keys at `uri`; a failure is the client's error, as for an invalid signature."""
    try:
        async with (
            aiohttp.ClientSession(timeout=_PATIENCE) as session,
            session.get(uri) as response,
        ):
            response.raise_for_status()
            keys = json.loads(await _whole(response.content))["keys"]
            return [key for key in keys if isinstance(key, Mapping)]
    except (
        TimeoutError,
        aiohttp.ClientError,
        ValueError,
        KeyError,
        TypeError,
        RecursionError,
    ) as error:
        raise InvalidClient(
            "The client_assertion signature is invalid.",
            remark=f"the jwks_uri {uri} gives no keys: {error!r}",
        ) from error


async def _whole(content: aiohttp.StreamReader) -> bytes:
    """Read a whole body; raise ValueError if it is too long."""
    body = bytearray()
    async for piece in content.iter_any():
        body += piece
        if len(body) > _LARGEST:
            raise ValueError(f"more than {_LARGEST} octets")
    return bytes(body)
