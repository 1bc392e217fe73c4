"""The issuer's public keys: fetched from where its discovery document says, and cached."""

import asyncio
import json
import ssl
import threading
import time
import urllib.request
from contextlib import suppress
from datetime import timedelta
from math import inf
from typing import Any
from urllib.error import HTTPError

import jwt

ALGORITHM = "RS256"
FETCH_SECONDS = 5
_USES = ("sig", None)


class UnknownKey(Exception):
    """The issuer publishes no signing key with that id."""


class KeysUnavailable(Exception):
    """The keys could not be fetched; the text says why. No token can be checked then."""


class KeySet:
    """Keys by `kid`, cached for `max_age`.

    For an unknown `kid` the keys are fetched again, because keys rotate. But anybody can make up a
    `kid`, and the issuer may be down, so it is asked at most once per `refetch_interval`. PyJWT has
    a client for this too; before 2.15 it asks for each unknown `kid`, and drops its keys while the
    issuer is down.
    """

    def __init__(
        self,
        issuer: str,
        *,
        trust: ssl.SSLContext | None = None,
        refetch_interval: timedelta = timedelta(seconds=5),
        max_age: timedelta = timedelta(hours=1),
    ) -> None:
        self._issuer = issuer
        self._trust = trust
        self._refetch_interval = refetch_interval.total_seconds()
        self._max_age = max_age.total_seconds()
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at = self._failed_at = -inf
        self._failure = ""
        self._lock = threading.Lock()

    async def find(self, kid: str) -> jwt.PyJWK:
        """Return the key of that id. Raises UnknownKey or KeysUnavailable."""
        # In a thread: it waits for the issuer's answer.
        return await asyncio.to_thread(self._find, kid)

    def _find(self, kid: str) -> jwt.PyJWK:
        with self._lock:  # those who wait here find the keys of the answer
            age = time.monotonic() - self._fetched_at
            is_new_to_us = kid not in self._keys and age >= self._refetch_interval
            if is_new_to_us or age >= self._max_age:
                self._fetch()
            try:
                return self._keys[kid]
            except KeyError:
                raise UnknownKey(kid) from None

    def _fetch(self) -> None:
        if time.monotonic() - self._failed_at < self._refetch_interval:
            raise KeysUnavailable(self._failure)
        try:
            self._keys = _signing_keys(self._read(self._place_of_keys()))
        except (OSError, ValueError) as error:
            if isinstance(error, HTTPError):
                error.close()  # an answer too, with a connection of its own
            self._failure = f"the keys of {self._issuer} cannot be read: {error}"
            self._failed_at = time.monotonic()
            raise KeysUnavailable(self._failure) from error
        self._fetched_at = time.monotonic()

    def _place_of_keys(self) -> str:
        """OIDC Discovery 4.3: the document must name the issuer that it was fetched from."""
        metadata = self._read(f"{self._issuer}/.well-known/openid-configuration")
        if metadata.get("issuer") != self._issuer:
            raise ValueError(f"its discovery document names {metadata.get('issuer')!r}")
        return str(metadata.get("jwks_uri"))

    def _read(self, url: str) -> dict[str, Any]:
        with urllib.request.urlopen(  # noqa: S310 -- the settings take http and https alone
            url, timeout=FETCH_SECONDS, context=self._trust
        ) as response:
            document = json.load(response)
        if not isinstance(document, dict):
            raise ValueError(f"{url} is not a JSON object")  # noqa: TRY004 -- the wire's fault
        return document


def _signing_keys(document: dict[str, Any]) -> dict[str, jwt.PyJWK]:
    """Return the keys that can verify, by `kid`; others are passed over."""
    found = {}
    listed = document.get("keys")
    for each in listed if isinstance(listed, list) else ():
        # PyJWT tells its own errors only from 2.15 on.
        with suppress(jwt.PyJWTError, ValueError, TypeError, AttributeError):
            key = jwt.PyJWK(each)
            if key.key_id and key.algorithm_name == ALGORITHM and key.public_key_use in _USES:
                found[key.key_id] = key
    if not found:
        raise ValueError("the key document has no signing key")
    return found
