"""The issuer's public keys: fetched and cached by PyJWT's client."""

import asyncio
import json
import ssl
import time
import urllib.request
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError

import jwt

ALGORITHM = "RS256"
FETCH_SECONDS = 5


class UnknownKey(Exception):
    """The issuer publishes no signing key with that id."""


class KeysUnavailable(Exception):
    """The keys could not be fetched; the text says why. No token can be checked then."""


class KeySet:
    """Keys by `kid`, cached for `max_age`.

    For an unknown `kid` the keys are fetched again, because keys rotate. But anybody can make up a
    `kid`, so they are fetched at most once per `refetch_interval`.
    """

    def __init__(
        self,
        issuer: str,
        *,
        trust: ssl.SSLContext | None = None,
        refetch_interval: timedelta = timedelta(seconds=5),
        max_age: timedelta = timedelta(hours=1),
    ) -> None:
        self._keys = _IssuerKeys(issuer, trust, refetch_interval, max_age)

    async def find(self, kid: str) -> jwt.PyJWK:
        """Return the key of that id. Raises UnknownKey or KeysUnavailable."""
        # In a thread: PyJWT's client waits for the issuer's answer.
        return await asyncio.to_thread(self._find, kid)

    def _find(self, kid: str) -> jwt.PyJWK:
        try:
            key = self._keys.get_signing_key(kid)
        except jwt.PyJWKClientError as error:
            raise UnknownKey(kid) from error
        if key.algorithm_name != ALGORITHM:
            raise UnknownKey(kid)
        return key


class _IssuerKeys(jwt.PyJWKClient):
    """PyJWT's client, with two additions.

    The URL of the keys comes from the issuer's discovery document. And if the issuer is down, it is
    not asked again for every request; PyJWT only limits requests to an issuer that answers.
    """

    def __init__(
        self,
        issuer: str,
        trust: ssl.SSLContext | None,
        refetch_interval: timedelta,
        max_age: timedelta,
    ) -> None:
        self._issuer = issuer
        self._metadata_url = f"{issuer}/.well-known/openid-configuration"
        self._failure: KeysUnavailable | None = None
        self._failed_at = float("-inf")
        super().__init__(
            self._metadata_url,
            lifespan=max_age.total_seconds(),
            timeout=FETCH_SECONDS,
            ssl_context=trust,
            cooldown_duration=refetch_interval.total_seconds(),
        )

    def fetch_data(self) -> Any:
        """Return the issuer's key document. Raises KeysUnavailable."""
        if self._failure and time.monotonic() - self._failed_at < self.cooldown_duration:
            raise KeysUnavailable(str(self._failure))
        try:
            self.uri = self._place_of_keys()
            document = super().fetch_data()
        except (jwt.PyJWTError, OSError, ValueError) as error:
            if isinstance(error, HTTPError):
                error.close()  # an answer too, with a connection of its own
            self._failure = KeysUnavailable(f"the keys of {self._issuer} cannot be read: {error}")
            self._failed_at = time.monotonic()
            raise self._failure from error
        self._failure = None
        return document

    def _place_of_keys(self) -> str:
        """OIDC Discovery 4.3: the document must name the issuer that it was fetched from."""
        with urllib.request.urlopen(  # noqa: S310 -- the settings take http and https alone
            self._metadata_url, timeout=FETCH_SECONDS, context=self.ssl_context
        ) as response:
            metadata = json.load(response)
        if not isinstance(metadata, dict):
            raise ValueError(f"{self._metadata_url} is not a JSON object")  # noqa: TRY004 -- the wire's fault
        if metadata.get("issuer") != self._issuer:
            raise ValueError(f"its discovery document names {metadata.get('issuer')!r}")
        return str(metadata.get("jwks_uri"))
