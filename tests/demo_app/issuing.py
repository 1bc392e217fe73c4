"""An issuer that the API's tests hold in their hands: keys, tokens and what it publishes."""

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

AUDIENCE = "api://default"
CLIENT_ID = "0oa1spa00000000000h7"
PATH = "/oauth2/default"


class Key:
    """An RSA key pair and its id."""

    def __init__(self, kid: str) -> None:
        self.kid = kid
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def as_jwk(self) -> dict[str, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**public, "kid": self.kid, "alg": "RS256", "use": "sig"}

    def public_pem(self) -> bytes:
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


@dataclass
class Issuer:
    """What a test can change about the issuer, and what the issuer has seen."""

    keys: list[Key]
    url: str = ""
    named: str | None = None
    status: int = 200
    jwks: object = None
    asked: list[str] = field(default_factory=list)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get(f"{PATH}/.well-known/openid-configuration", self._discovery)
        app.router.add_get("/elsewhere/keys", self._keys)
        return app

    async def _discovery(self, _: web.Request) -> web.Response:
        origin = self.url.removesuffix(PATH)
        body = {"issuer": self.named or self.url, "jwks_uri": f"{origin}/elsewhere/keys"}
        return web.json_response(body, status=self.status)

    async def _keys(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        body = self.jwks or {"keys": [key.as_jwk() for key in self.keys]}
        return web.json_response(body, status=self.status)

    def claims(self, **changes: Any) -> dict[str, Any]:
        """A good access token's claims; a change to None leaves the claim out."""
        now = int(time.time())
        good = {
            "ver": 1,
            "iss": self.url,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + 3600,
            "cid": CLIENT_ID,
            "uid": "00u1test00000000000h7",
            "scp": ["openid", "email"],
            "sub": "tester@example.com",
        }
        return {name: value for name, value in (good | changes).items() if value is not None}

    def token(self, key: Key | None = None, kid: str | None = None, **changes: Any) -> str:
        key = key or self.keys[0]
        headers = {"kid": kid or key.kid}
        return jwt.encode(self.claims(**changes), key.private, "RS256", headers)


def with_other_claims(token: str, **changes: Any) -> str:
    """The same header and signature round other claims."""
    header, claims, signature = token.split(".")
    tampered = json.loads(_decoded(claims)) | changes
    return ".".join((header, _encoded(json.dumps(tampered).encode()), signature))


def unsigned(claims: Mapping[str, Any], kid: str) -> str:
    header = json.dumps({"alg": "none", "kid": kid}).encode()
    return ".".join((_encoded(header), _encoded(json.dumps(claims).encode()), ""))


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
