"""Loads a cassette as if it had been recorded now: tokens are signed again, times moved."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from mock_okta.jose import half_hash
from mock_okta.services.world.signing_key import SigningKey
from mock_okta_harness.recorder.cassette import CassetteError, read_cassette
from mock_okta_harness.recorder.placeholders import Restoring

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    from mock_okta_harness.recorder.cassette import Cassette, Token

__all__ = [
    "YOUR_ORG",
    "LoadedCassette",
    "LoadedExchange",
    "load_cassette",
]

YOUR_ORG = "https://your-org.okta.com"
_KEY = re.compile(r"(kid|key)-\d+")


@dataclass(frozen=True)
class LoadedExchange:
    """A request and its answer, with values that are valid now; bodies are parsed."""

    method: str
    url: str
    query: Mapping[str, Any]
    request_headers: Mapping[str, Any]
    request_body: Any
    status: int
    headers: Mapping[str, Any]
    body: Any


@dataclass(frozen=True)
class LoadedCassette:
    """Tokens that are valid from `at` on, the JWKS to verify them, and the sign-in.

    `exchanges`: by step, such as `token`. `claims`: by the name of the token.
    """

    at: datetime
    org_url: str
    jwks: dict[str, Any]
    tokens: Mapping[str, str]
    claims: Mapping[str, dict[str, Any]]
    client_id: str
    exchanges: Mapping[str, LoadedExchange] = field(repr=False)

    @property
    def access_token(self) -> str:
        """The access token, as a JWT. Raises CassetteError if none was recorded."""
        return self._token("access_token")

    @property
    def id_token(self) -> str:
        """The ID token, as a JWT. Raises CassetteError if none was recorded."""
        return self._token("id_token")

    @property
    def issuer(self) -> str:
        """The issuer of the tokens."""
        issuer: str = self._claims_of_any()["iss"]
        return issuer

    @property
    def audience(self) -> str:
        """The `aud` of the access token."""
        audience: str = self.claims["access_token"]["aud"]
        return audience

    @property
    def nonce(self) -> str | None:
        """The nonce in the ID token."""
        return self.claims.get("id_token", {}).get("nonce")

    def _token(self, name: str) -> str:
        if name not in self.tokens:
            raise CassetteError(f"The recording has no {name.replace('_', ' ')} that is a JWT.")
        return self.tokens[name]

    def _claims_of_any(self) -> dict[str, Any]:
        for claims in self.claims.values():
            return claims
        raise CassetteError("The recording has no token that is a JWT.")


def load_cassette(
    path: str | PathLike[str], *, at: datetime | None = None, org_url: str = YOUR_ORG
) -> LoadedCassette:
    """Load a cassette, valid now or from `at` on, of an org at `org_url`. Raises CassetteError.

    The keys are our own, ids and secrets are made up. Deviation: signatures, ids and keys are not
    those of the org, so a cassette cannot show that code accepts those.
    """
    if at is not None and at.tzinfo is None:
        raise ValueError("at: give it a time zone.")
    instant = (at or datetime.now(UTC)).replace(microsecond=0)
    return _Loading(read_cassette(path), instant, org_url.rstrip("/")).loaded()


class _Loading:
    def __init__(self, cassette: Cassette, at: datetime, org_url: str) -> None:
        self.cassette = cassette
        self.at = at
        self.org_url = org_url
        self.values: dict[str, str] = {
            "org": org_url,
            "org_host": urlsplit(org_url).netloc,
        }
        self.restoring = Restoring(at, self._value_of)

    def loaded(self) -> LoadedCassette:
        claims = {name: self._signed(name, token) for name, token in self.cassette.tokens.items()}
        return LoadedCassette(
            at=self.at,
            org_url=self.org_url,
            jwks=self.restoring.restored(self.cassette.jwks),
            tokens={name: self.values[name] for name in claims},
            claims=claims,
            client_id=self.cassette.made.client_id,
            exchanges={each.step: self._exchange(each) for each in self.cassette.exchanges},
        )

    def _signed(self, name: str, token: Token) -> dict[str, Any]:
        """Sign and keep a token; return its claims. The access token comes first, for its hash."""
        payload: dict[str, Any] = self.restoring.restored(token.payload)
        if "at_hash" in payload and "access_token" in self.values:
            payload["at_hash"] = half_hash(self.values["access_token"])
        header = self.restoring.restored(token.header)
        key = self._key_of(token)
        self.values[name] = key.sign(payload, header.get("typ"), header.get("kid"))
        return payload

    def _key_of(self, token: Token) -> SigningKey:
        found = _KEY.search(str(token.header.get("kid", "")))
        return _signing_key(_number(found[0]) if found else "unnamed")

    def _exchange(self, each: Any) -> LoadedExchange:
        restored = self.restoring.restored
        return LoadedExchange(
            method=each.request.method,
            url=restored(each.request.url),
            query=restored(each.request.query),
            request_headers=restored(each.request.headers),
            request_body=restored(each.request.body),
            status=each.response.status,
            headers=restored(each.response.headers),
            body=restored(each.response.body),
        )

    def _value_of(self, name: str) -> str:
        if name not in self.values:
            self.values[name] = _made_up(name)
        return self.values[name]


@cache
def _signing_key(name: str) -> SigningKey:
    """Return this process's key for a placeholder such as `kid-1`; the org's key is unknown."""
    del name  # it only distinguishes the keys
    return SigningKey(generate_private_key(public_exponent=65537, key_size=2048))


def _made_up(name: str) -> str:
    """Make up a value: a unique one for an id, the key's own for a key, a readable one else."""
    if name.startswith("id-"):
        return uuid.uuid4().hex
    if _KEY.fullmatch(name):
        key = _signing_key(_number(name))
        return key.kid if name.startswith("kid") else key.jwk["n"]
    return f"recorded-{name.replace('_', '-')}"


def _number(name: str) -> str:
    return name.rpartition("-")[2]
