"""Encodings for JOSE: base64url, digests in base64url, and the thumbprint of a key."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any

__all__ = [
    "base64url",
    "base64url_number",
    "base64url_octets",
    "half_hash",
    "sha256",
    "thumbprint",
]

_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_THUMBPRINT_MEMBERS = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n")}


def base64url(octets: bytes) -> str:
    """Encode without padding (RFC 7515 2)."""
    encoded = binascii.b2a_base64(octets, newline=False)
    return encoded.translate(_URL_SAFE, b"=").decode()


def base64url_octets(text: str) -> bytes:
    """Decode, with or without padding (RFC 7515 2). Raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def base64url_number(number: int) -> str:
    """Encode a positive number, big-endian, in as few octets as possible (RFC 7518 2)."""
    return base64url(number.to_bytes((number.bit_length() + 7) // 8))


def sha256(text: str) -> str:
    """Return the SHA-256 of the text as base64url: PKCE's S256 (RFC 7636 4.2), DPoP's `ath`."""
    return base64url(hashlib.sha256(text.encode()).digest())


def half_hash(token: str) -> str:
    """Return `at_hash` or `c_hash`: the left half of the SHA-256 (OIDC Core 3.1.3.6)."""
    return base64url(hashlib.sha256(token.encode()).digest()[:16])


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """Return the thumbprint of an RSA or EC key (RFC 7638): 43 characters.

    Members that are not part of the thumbprint are ignored, private ones too.
    """
    members = {name: jwk[name] for name in _THUMBPRINT_MEMBERS[jwk["kty"]]}
    return sha256(json.dumps(members, separators=(",", ":")))
