"""A security key in software: makes credentials and signs, as a browser passes it on."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40
Body = dict[str, Any]


@dataclass
class SecurityKey:
    """One credential (ES256) of a page at `origin`; `count` grows with each signature.

    `verifies_user`: it asks for a PIN, say.
    """

    origin: str
    count: int = 0
    verifies_user: bool = False
    credential_id: bytes = b"credential-of-a-test"
    private_key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def register(self, challenge: str) -> Body:
        """What the widget sends to activate the factor (WebAuthn 6.5.4, attestation `none`)."""
        data = self._authenticator_data(_PRESENT | _ATTESTED) + self._attested()
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return {
            "attestation": standard(attestation),
            "clientData": standard(self._client_data("webauthn.create", challenge)),
        }

    def sign(self, challenge: str) -> Body:
        """What the widget sends to verify the factor (WebAuthn 6.3.3)."""
        self.count += 1
        client_data = self._client_data("webauthn.get", challenge)
        data = self._authenticator_data(_PRESENT)
        signed = data + hashlib.sha256(client_data).digest()
        signature = self.private_key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return {
            "clientData": standard(client_data),
            "authenticatorData": standard(data),
            "signatureData": standard(signature),
        }

    def _client_data(self, kind: str, challenge: str) -> bytes:
        data = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(data).encode()

    def _authenticator_data(self, flags: int) -> bytes:
        host = urlsplit(self.origin).hostname or ""
        return (
            hashlib.sha256(host.encode()).digest()
            + bytes([self._flags(flags)])
            + self.count.to_bytes(4)
        )

    def _flags(self, flags: int) -> int:
        return flags | _VERIFIED if self.verifies_user else flags

    def _attested(self) -> bytes:
        numbers = self.private_key.public_key().public_numbers()
        public_key = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        size = len(self.credential_id).to_bytes(2)
        return bytes(16) + size + self.credential_id + cbor2.dumps(public_key)


def standard(octets: bytes) -> str:
    """Base64 as the widget has it: not base64url."""
    return base64.b64encode(octets).decode()
