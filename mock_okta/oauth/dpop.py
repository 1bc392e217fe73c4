"""DPoP: tokens that only the holder of a key can use (RFC 9449; facts/oauth E.8)."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web
from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.jose import thumbprint
from mock_okta.model.clients import Client
from mock_okta.model.grants import UsedId
from mock_okta.oauth.checks.dpop import CHECKS, DpopProof, proof_is_for_token
from mock_okta.oauth.dpop_nonces import DpopNonces
from mock_okta.oauth.errors import InvalidDpopProof, UseDpopNonce
from mock_okta.oauth.jwt_checks import unverified_claims
from mock_okta.storage import Storage

__all__ = ["DpopProofs"]

_MISSING = "The DPoP proof JWT header is missing."
_REMEMBERED = timedelta(minutes=10)  # longer than a proof is valid, including the skew


class DpopProofs(Struct, frozen=True, kw_only=True):
    """Verifies proofs with the org's clock; each works once. `url` is the org's."""

    storage: Storage
    clock: Clock
    nonces: DpopNonces
    url: str

    async def key_for_tokens(self, request: web.Request, client: Client) -> str | None:
        """Return the thumbprint of the key to bind tokens to, or None.

        A client may send a proof even if its settings do not require one (RFC 9449 5).
        """
        if "DPoP" not in request.headers:
            if client.dpop_bound_access_tokens:
                raise InvalidDpopProof(
                    _MISSING, remark=f"client {client.client_id} has dpop_bound_access_tokens"
                )
            return None
        proof = self._checked(request)
        nonce = proof.claims.get("nonce")
        if not isinstance(nonce, str) or not await self.nonces.is_good(nonce):
            raise UseDpopNonce(await self.nonces.current())
        await self._is_new(proof)
        return thumbprint(proof.header["jwk"])

    async def key_for_code(self, request: web.Request) -> str | None:
        """Return the thumbprint of the key to bind a code to, or None (RFC 9449 10.1).

        No nonce is needed: whether Okta asks for one here is unverified.
        """
        if "DPoP" not in request.headers:
            return None
        proof = self._checked(request)
        await self._is_new(proof)
        return thumbprint(proof.header["jwk"])

    async def key_for_resource(self, request: web.Request, access_token: str) -> str:
        """Return the thumbprint of the key that proves the access token; no nonce is needed."""
        proof = self._checked(request)
        proof_is_for_token(proof, access_token)
        await self._is_new(proof)
        return thumbprint(proof.header["jwk"])

    def _checked(self, request: web.Request) -> DpopProof:
        proof = self._taken_apart(request)
        for check in CHECKS:
            check(proof)
        return proof

    def _taken_apart(self, request: web.Request) -> DpopProof:
        texts = request.headers.getall("DPoP", [])
        if not texts:
            raise InvalidDpopProof(_MISSING)
        if len(texts) > 1:
            raise InvalidDpopProof("The request has more than one DPoP proof JWT header.")
        header, claims = _parsed(texts[0])
        return DpopProof(
            text=texts[0],
            header=header,
            claims=claims,
            method=request.method,
            url=self.url + request.rel_url.raw_path,
            now=self.clock.epoch(),
        )

    async def _is_new(self, proof: DpopProof) -> None:
        """RFC 9449 11.1; the last check: a proof refused for another reason stays unused."""
        seen = f"{thumbprint(proof.header['jwk'])} {proof.claims['jti']}"
        key = ("dpop", hashlib.sha256(seen.encode("utf-8", "surrogatepass")).hexdigest())
        issued = datetime.fromtimestamp(proof.claims["iat"], UTC)
        if not await self.storage.used_ids.add(key, UsedId(expires_at=issued + _REMEMBERED)):
            raise InvalidDpopProof("The DPoP proof JWT has already been used.")


def _parsed(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    import jwt  # noqa: PLC0415 -- as in `jwt_checks`

    try:
        header, claims = jwt.get_unverified_header(text), unverified_claims(text)
    except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
        raise _not_parsed(str(error)) from error
    if claims is None:
        raise _not_parsed("the payload is not a JSON object")
    return header, claims


def _not_parsed(remark: str) -> InvalidDpopProof:
    return InvalidDpopProof("The parsing of the DPoP proof JWT failed.", remark=remark)
