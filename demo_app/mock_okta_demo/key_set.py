"""The issuer's public keys: found by discovery, kept, fetched anew when a token names another."""

import asyncio
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeGuard

import aiohttp
import jwt

FETCH_TIMEOUT = aiohttp.ClientTimeout(total=5)


class UnknownKey(Exception):
    """The issuer publishes no key of that id."""


class KeysUnavailable(Exception):
    """The keys could not be fetched; the text says why. Nothing is known about any token then."""


@dataclass(frozen=True, kw_only=True)
class KeySource:
    """Where keys come from: the issuer's discovery document names the place (OIDC Discovery 4)."""

    issuer: str
    trust: ssl.SSLContext | bool = True

    async def fetch(self) -> dict[str, jwt.PyJWK]:
        """Return the issuer's signing keys by `kid`. Raises KeysUnavailable."""
        try:
            async with aiohttp.ClientSession(timeout=FETCH_TIMEOUT) as http:
                metadata = await self._json(http, f"{self.issuer}/.well-known/openid-configuration")
                self._is_the_issuers_own(metadata)
                return _signing_keys(await self._json(http, str(metadata.get("jwks_uri"))))
        except TimeoutError as error:
            raise KeysUnavailable(f"{self.issuer} did not answer in time") from error
        except (aiohttp.ClientError, ValueError) as error:
            raise KeysUnavailable(f"the keys of {self.issuer} cannot be read: {error}") from error

    async def _json(self, http: aiohttp.ClientSession, url: str) -> Mapping[str, Any]:
        async with http.get(url, ssl=self.trust, raise_for_status=True) as response:
            body = await response.json(content_type=None)
        if not isinstance(body, dict):
            raise ValueError(f"{url} is not a JSON object")  # noqa: TRY004 -- the wire's fault, not a caller's
        return body

    def _is_the_issuers_own(self, metadata: Mapping[str, Any]) -> None:
        """OIDC Discovery 4.3: the document names the very issuer it was asked of."""
        if metadata.get("issuer") != self.issuer:
            raise ValueError(f"its discovery document names {metadata.get('issuer')!r}")


class KeySet:
    """Keys by `kid`, kept for `max_age`.

    An unknown `kid` is worth one look at the issuer, for keys rotate; but anybody can make up a
    `kid`, so there is never more than one look per `refetch_interval`, however many ask.
    """

    def __init__(
        self,
        source: KeySource,
        *,
        refetch_interval: timedelta = timedelta(seconds=5),
        max_age: timedelta = timedelta(hours=1),
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source
        self._refetch_interval = refetch_interval.total_seconds()
        self._max_age = max_age.total_seconds()
        self._seconds = seconds
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")
        self._failure: KeysUnavailable | None = None
        self._one_at_a_time = asyncio.Lock()

    async def find(self, kid: str) -> jwt.PyJWK:
        """Return the key of that id. Raises UnknownKey or KeysUnavailable."""
        if not self._knows(kid):
            async with self._one_at_a_time:
                if not self._knows(kid) and self._may_look_again():
                    await self._look_again()
        if self._knows(kid):
            return self._keys[kid]
        if self._failure:
            raise KeysUnavailable(str(self._failure))
        raise UnknownKey(kid)

    def _knows(self, kid: str) -> bool:
        return kid in self._keys and self._seconds() - self._fetched_at < self._max_age

    def _may_look_again(self) -> bool:
        return self._seconds() - self._tried_at >= self._refetch_interval

    async def _look_again(self) -> None:
        self._tried_at = self._seconds()
        try:
            self._keys = await self._source.fetch()
        except KeysUnavailable as failure:
            self._failure = failure
        else:
            self._failure = None
            self._fetched_at = self._seconds()


def _signing_keys(document: Mapping[str, Any]) -> dict[str, jwt.PyJWK]:
    """RFC 7517 5: a key that we do not understand is passed over, not an error."""
    keys = document.get("keys")
    if not isinstance(keys, list):
        raise ValueError("the key document has no list of keys")  # noqa: TRY004 -- the wire's fault
    found = (_signing_key(key) for key in keys)
    return {key.key_id: key for key in found if key and key.key_id}


def _signing_key(key: object) -> jwt.PyJWK | None:
    if not _can_verify(key):
        return None
    try:
        return jwt.PyJWK(key, algorithm="RS256")
    except jwt.PyJWTError:
        return None


def _can_verify(key: object) -> TypeGuard[dict[str, Any]]:
    return (
        isinstance(key, dict)
        and key.get("kty") == "RSA"
        and key.get("use", "sig") == "sig"
        and key.get("alg", "RS256") == "RS256"
        and all(isinstance(key.get(member), str) for member in ("kid", "n", "e"))
    )
