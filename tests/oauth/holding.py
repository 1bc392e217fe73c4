"""Who holds a key and proves it by DPoP, as RFC 9449 has it."""

import base64
import hashlib
import itertools
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from mock_okta import Config, Seed, SeedClient
from tests.visiting import APP, CALLBACK, SECRET, SEED, SERVICE, SPA, Answer, Change, Visitor, basic

BOUND_SERVICE = "0oa2svc00000000000h7"
SECRET_QUOTED = "a+secret%2Fwith%2Bodd%3Acharacters%26%3D%25"
ALGORITHMS = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"]
MISSING = {
    "error": "invalid_dpop_proof",
    "error_description": "The DPoP proof JWT header is missing.",
}
NEEDS_NONCE = {
    "error": "use_dpop_nonce",
    "error_description": "Authorization server requires nonce in DPoP proof.",
}
USED = "The DPoP proof JWT has already been used."

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KEYS: Mapping[str, Any] = {
    "RS256": RSA,
    "RS384": RSA,
    "RS512": RSA,
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "ES384": ec.generate_private_key(ec.SECP384R1()),
    "ES512": ec.generate_private_key(ec.SECP521R1()),
}


def public_jwk(key: Any) -> dict[str, Any]:
    """The public key."""
    kind = jwt.algorithms.RSAAlgorithm
    if isinstance(key, ec.EllipticCurvePrivateKey):
        kind = jwt.algorithms.ECAlgorithm
    made = json.loads(kind.to_jwk(key.public_key()))
    return {name: made[name] for name in ("kty", "crv", "x", "y", "n", "e") if name in made}


def _thumbprint(jwk: Mapping[str, Any]) -> str:
    """RFC 7638 by the letter."""
    octets = json.dumps(dict(sorted(jwk.items())), separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(octets).digest()).decode().rstrip("=")


@dataclass
class Holder:
    """Somebody with a key, who makes good proofs; a change makes them bad."""

    visitor: Visitor
    algorithm: str = "ES256"
    key: Any = field(default_factory=lambda: KEYS["ES256"])
    nonce: str | None = None
    made: int = 0

    @property
    def jkt(self) -> str:
        return _thumbprint(public_jwk(self.key))

    def proof(
        self,
        url: str,
        method: str = "POST",
        claims: Mapping[str, Any] | None = None,
        header: Mapping[str, Any] | None = None,
    ) -> str:
        self.made += 1
        good = {
            "htm": method,
            "htu": url,
            "iat": self.visitor.org.clock.epoch(),
            "jti": f"jti-{id(self)}-{self.made}",
            "nonce": self.nonce,
        } | dict(claims or {})
        good = {name: value for name, value in good.items() if value is not None}
        named = {"typ": "dpop+jwt", "jwk": public_jwk(self.key)} | dict(header or {})
        return jwt.encode(good, self.key, algorithm=self.algorithm, headers=named)

    async def know_the_nonce(self, server: str = "default") -> None:
        answer = await self.ask(server=server)
        assert answer.json() == NEEDS_NONCE
        self.nonce = answer.headers["dpop-nonce"]

    async def ask(
        self,
        claims: Mapping[str, Any] | None = None,
        header: Mapping[str, Any] | None = None,
        *,
        server: str = "default",
        proof: str | None = None,
    ) -> Answer:
        """A service's token request."""
        if proof is None:
            proof = self.proof(self.visitor.url("token", server), claims=claims, header=header)
        form = {"grant_type": "client_credentials", "scope": "messages.read"}
        headers = basic(SERVICE, SECRET_QUOTED) | {"DPoP": proof}
        return await self.visitor.post("token", form, server=server, headers=headers)

    async def redeem(self, change: Change | None = None, flow: Change | None = None) -> Answer:
        """A code flow of the SPA."""
        proof = self.proof(self.visitor.url("token"))
        code = await self.visitor.code(flow)
        return await self.visitor.redeem(code, change, headers={"DPoP": proof})

    async def refresh(self, token: str, change: Change | None = None) -> Answer:
        good = {"client_id": SPA, "grant_type": "refresh_token", "refresh_token": token}
        headers = {"DPoP": self.proof(self.visitor.url("token"))}
        return await self.visitor.post("token", good | dict(change or {}), headers=headers)

    async def userinfo(
        self,
        token: str,
        claims: Mapping[str, Any] | None = None,
        *,
        scheme: str = "DPoP",
        method: str = "GET",
    ) -> Answer:
        url = self.visitor.url("userinfo")
        ath = base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).decode()
        good = {"nonce": None, "ath": ath.rstrip("=")} | dict(claims or {})
        headers = {
            "Authorization": f"{scheme} {token}",
            "DPoP": self.proof(url, method, claims=good),
        }
        return await self.visitor.ask(method, url, headers=headers)


def dpop_org() -> Config:
    """The usual org, and clients whose access tokens must be bound."""
    service = SeedClient(
        name="Bound service",
        type="service",
        client_id=BOUND_SERVICE,
        client_secret=SECRET,
        dpop_bound_access_tokens=True,
    )
    bound_spa = SeedClient(
        name="Bound SPA",
        type="spa",
        client_id="0oa9spa00000000000h7",
        base_uris=(APP,),
        login_redirect_uris=(CALLBACK,),
        dpop_bound_access_tokens=True,
    )
    seed: Seed = msgspec.structs.replace(SEED, clients=(*SEED.clients, service, bound_spa))
    return Config(seed=seed)


def with_long_exponent(key: rsa.RSAPrivateKey) -> rsa.RSAPrivateKey:
    """Return a key with the same modulus, and a public exponent of more than 64 bits."""
    own = key.private_numbers()
    p, q = own.p, own.q
    order = (p - 1) * (q - 1)
    e = next(e for e in itertools.count((1 << 70) + 1, 2) if math.gcd(e, order) == 1)
    d = pow(e, -1, order)
    public = rsa.RSAPublicNumbers(e, own.public_numbers.n)
    return rsa.RSAPrivateNumbers(
        p, q, d, rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q), public
    ).private_key()
