"""Keys of our own for tokens whose signatures were left out: made once a process."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

__all__ = ["SigningKey", "half_hash", "signing_key"]


@dataclass(frozen=True)
class SigningKey:
    """An RSA key with the id that it is published under."""

    private_key: RSAPrivateKey

    @cached_property
    def public(self) -> dict[str, Any]:
        """The public key's own members of a JWK."""
        members = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.private_key.public_key()))
        return {"e": members["e"], "n": members["n"]}

    @cached_property
    def kid(self) -> str:
        """The key's thumbprint, RFC 7638: 43 characters, as Okta's are."""
        text = json.dumps({**self.public, "kty": "RSA"}, separators=(",", ":"), sort_keys=True)
        return _base64url(hashlib.sha256(text.encode()).digest())

    def signed(self, header: dict[str, Any], payload: dict[str, Any]) -> str:
        """Give a JWT, signed with RS256."""
        others = {name: value for name, value in header.items() if name not in ("alg", "typ")}
        headers = {**others, "typ": header.get("typ")}
        return jwt.encode(payload, self.private_key, "RS256", headers=headers)


@cache
def signing_key(name: str) -> SigningKey:
    """Give the process's key for a placeholder such as `kid-1`."""
    del name  # it only tells the keys apart
    return SigningKey(generate_private_key(public_exponent=65537, key_size=2048))


def half_hash(value: str) -> str:
    """Give what `at_hash` is of an access token. OIDC Core 3.1.3.6."""
    digest = hashlib.sha256(value.encode("ascii")).digest()
    return _base64url(digest[: len(digest) // 2])


def _base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")
