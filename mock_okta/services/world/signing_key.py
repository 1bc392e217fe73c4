"""A signing key: its JWK as Okta's JWKS shows it, and the JWTs that it signs.

`kid` is derived from the key (RFC 7638), so a new key never has the name of an old one: a client
that cached the old one fetches again (seen in the widget's library).
"""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from msgspec import Struct

from mock_okta.jose import base64url, base64url_number, thumbprint

__all__ = ["SigningKey"]

_PADDING = padding.PKCS1v15()
_HASH = SHA256()


class SigningKey(Struct, frozen=True, dict=True):
    """An RSA-2048 key that signs tokens (RS256)."""

    private_key: rsa.RSAPrivateKey

    @cached_property
    def jwk(self) -> Mapping[str, str]:
        """Return the public key as Okta's JWKS shows it (facts/oauth B.1; recorded traffic)."""
        numbers = self.private_key.public_key().public_numbers()
        e, n = base64url_number(numbers.e), base64url_number(numbers.n)
        kid = thumbprint({"kty": "RSA", "e": e, "n": n})
        return {"kty": "RSA", "alg": "RS256", "kid": kid, "use": "sig", "e": e, "n": n}

    @classmethod
    def from_pem(cls, pem: str) -> "SigningKey":
        """Return the key with that `pem`; raise ValueError or TypeError for anything else."""
        key = serialization.load_pem_private_key(pem.encode(), password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError("a signing key is an RSA key")
        return cls(key)

    @cached_property
    def pem(self) -> str:
        """Return the private key, PKCS #8 in PEM, not encrypted."""
        return self.private_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()

    @property
    def kid(self) -> str:
        """Return the key's id: 43 characters."""
        return self.jwk["kid"]

    @cached_property
    def _header(self) -> bytes:
        return self._encoded_header({"kid": self.kid, "alg": "RS256"})

    def sign(
        self, claims: Mapping[str, Any], token_type: str | None = None, kid: str | None = None
    ) -> str:
        """Return `claims` as a signed JWT; `kid` replaces the key's own in the header.

        The header has Okta's form: `kid` before `alg`, and `typ` only if one is given (facts/oauth
        F.1, recorded traffic). PyJWT's `encode` has another order.
        """
        header = self._header
        if token_type is not None or kid is not None:
            typ = {} if token_type is None else {"typ": token_type}
            header = self._encoded_header({"kid": kid or self.kid, **typ, "alg": "RS256"})
        signing_input = header + b"." + base64url(msgspec.json.encode(claims)).encode()
        signature = self.private_key.sign(signing_input, _PADDING, _HASH)
        return f"{signing_input.decode()}.{base64url(signature)}"

    @staticmethod
    def _encoded_header(header: Mapping[str, str]) -> bytes:
        return base64url(json.dumps(header, separators=(",", ":")).encode()).encode()
