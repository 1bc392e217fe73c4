"""Public keys of clients and trusted issuers: inline, or from their `jwks_uri` (RFC 7517)."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import aiohttp
import jwt
from msgspec import Struct

from mock_okta.oauth.errors import InvalidClient

__all__ = ["ClientKeys", "parsed_keys"]

_PATIENCE = aiohttp.ClientTimeout(total=5)
_LARGEST = 256 * 1024


class KeyHolder(Protocol):
    """Somebody whose public keys are known: listed in `jwks`, or served at `jwks_uri`."""

    @property
    def jwks(self) -> tuple[Mapping[str, Any], ...]:
        """JSON Web Keys."""

    @property
    def jwks_uri(self) -> str | None:
        """Where they are served; None if they are listed."""


class ClientKeys(Struct, frozen=True):
    """Finds the keys that may have signed the JWT of a client, or of a trusted issuer.

    Deviation: `jwks_uri` is fetched each time, where Okta caches it: a test that rotates its keys
    need not wait.
    """

    async def candidates(self, holder: KeyHolder, token: str) -> list[Any]:
        """Return the key that the token's `kid` names, or all keys if it names none."""
        keys = holder.jwks if holder.jwks_uri is None else await _fetched(holder.jwks_uri)
        try:
            kid = jwt.get_unverified_header(token).get("kid")
        except jwt.InvalidTokenError:
            return []
        named = [key for key in keys if kid is None or key.get("kid", kid) == kid]
        return parsed_keys(named)


def parsed_keys(keys: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Return the keys that can be used for verifying; others are left out."""
    found = []
    for key in keys:
        try:
            found.append(jwt.PyJWK(dict(key)).key)
        except (jwt.PyJWTError, ValueError, TypeError, KeyError):
            continue
    return found


async def _fetched(uri: str) -> list[Mapping[str, Any]]:
    """Return the keys at `uri`; a failure is the client's, in the words of a bad signature."""
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
    """Return all of a body, in however many pieces it comes; raise ValueError for too much."""
    body = bytearray()
    async for piece in content.iter_any():
        body += piece
        if len(body) > _LARGEST:
            raise ValueError(f"more than {_LARGEST} octets")
    return bytes(body)
