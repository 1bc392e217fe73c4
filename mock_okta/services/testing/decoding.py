"""Explains a token: what is in it, and which checks of the org it passes or fails."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from mock_okta.jose import base64url_octets
from mock_okta.model.authorization_servers import AuthorizationServer
from mock_okta.model.insight import DecodedToken, TokenCheck
from mock_okta.services.tokens.tokens import Tokens
from mock_okta.services.world import World
from mock_okta.services.world.signing_key import SigningKey

__all__ = ["Decoding"]


class Decoding(Struct, frozen=True, kw_only=True):
    """Decodes tokens for people: each check by itself, also after one that failed."""

    world: World
    tokens: Tokens

    async def decoded(self, token: str) -> DecodedToken:
        """Return header, claims and checks; a token that is no JWT fails the first check."""
        header, claims = _part(token, 0), _part(token, 1)
        if token.count(".") != 2 or header is None or claims is None:
            why = "it is not a JWT: a header, claims and a signature with dots between them"
            if await self.world.storage.refresh_tokens.get(token) is not None:
                why = "it is a refresh token of this org: only its /token endpoint can read it"
            return DecodedToken(checks=(TokenCheck(name="form", passed=False, why=why),))
        server = await self._server(claims)
        checks = [
            TokenCheck(name="form", passed=True, why="it is a JWT"),
            self._issuer(claims, server),
            *(await self._signature(token, header, server)),
            *self._times(claims),
            await self._audience(claims, server),
            await self._life(token, claims, server),
        ]
        return DecodedToken(header=header, claims=claims, checks=tuple(checks))

    async def _server(self, claims: Mapping[str, Any]) -> AuthorizationServer | None:
        for server in await self.world.storage.authorization_servers.values():
            if self.world.issuers.seen(server).issuer == claims.get("iss"):
                return server
        return None

    def _issuer(self, claims: Mapping[str, Any], server: AuthorizationServer | None) -> TokenCheck:
        issuer = claims.get("iss")
        if server is None:
            return _check("issuer", f"iss {issuer!r} is no issuer of this org")
        return TokenCheck(name="issuer", passed=True, why=f"it is of the server {server.id!r}")

    async def _signature(
        self, token: str, header: Mapping[str, Any], server: AuthorizationServer | None
    ) -> tuple[TokenCheck, ...]:
        algorithm, kid = header.get("alg"), header.get("kid")
        wrong = None if algorithm == "RS256" else f"alg is {algorithm!r}: the org signs with RS256"
        checks = [_check("algorithm", wrong, "alg is RS256")]
        if server is None:
            unknown = "it cannot be verified: the issuer is unknown"
            return (*checks, _check("key", unknown), _check("signature", unknown))
        published = await self.world.keys.published(server.id)
        wrong = f"kid {kid!r} is not in the JWKS of the server {server.id!r}"
        is_known = any(key.jwk["kid"] == kid for key in published)
        checks.append(_check("key", None if is_known else wrong, "kid is in the JWKS"))
        keys = await self.world.keys.verifying(server.id)
        is_signed = any(_is_signed(token, key) for key in keys)
        wrong = "no key of the server made this signature: it was tampered with, or another signed"
        return (*checks, _check("signature", None if is_signed else wrong, "the server signed it"))

    def _times(self, claims: Mapping[str, Any]) -> Iterator[TokenCheck]:
        now = self.world.clock.epoch()
        expires, begins = claims.get("exp"), claims.get("nbf", claims.get("iat"))
        if not isinstance(expires, int | float):
            yield _check("expiry", "exp is missing or no number")
        else:
            left = round(expires - now)
            wrong = f"it expired {-left} s ago by the org's clock" if left <= 0 else None
            yield _check("expiry", wrong, f"it is valid for {left} s more")
        if isinstance(begins, int | float) and begins > now:
            yield _check("beginning", f"it is valid only in {round(begins - now)} s")
        else:
            yield _check("beginning", None, "it is valid already")

    async def _audience(
        self, claims: Mapping[str, Any], server: AuthorizationServer | None
    ) -> TokenCheck:
        audience = claims.get("aud")
        if server is not None and audience == server.audience:
            return _check("audience", None, f"aud is that of the server {server.id!r}")
        if isinstance(audience, str) and await self.world.storage.clients.get(audience):
            return _check("audience", None, "aud is a client: it is an ID token")
        return _check("audience", f"aud {audience!r} is no client, and not the server's audience")

    async def _life(
        self, token: str, claims: Mapping[str, Any], server: AuthorizationServer | None
    ) -> TokenCheck:
        """Say whether the org would accept the token now: not revoked, among other things."""
        if server is None or "cid" not in claims:
            is_live = server is not None and await self.tokens.verified(token, server) is not None
        else:
            is_live = await self.tokens.live_access_token(token, server) is not None
        wrong = "the org does not accept it: one of the checks failed, or it was revoked"
        return _check("accepted", None if is_live else wrong, "the org accepts it")


def _check(name: str, wrong: str | None, right: str = "") -> TokenCheck:
    return TokenCheck(name=name, passed=wrong is None, why=wrong or right)


def _part(token: str, index: int) -> dict[str, Any] | None:
    try:
        octets = base64url_octets(token.split(".")[index])
        return msgspec.json.decode(octets, type=dict[str, Any])
    except (IndexError, ValueError, RecursionError):
        return None


def _is_signed(token: str, key: SigningKey) -> bool:
    import jwt  # noqa: PLC0415 -- a tenth of all imports, and few orgs explain a token
    from jwt.api_jws import PyJWS  # noqa: PLC0415 -- as above

    try:
        PyJWS().decode(token, key.private_key.public_key(), algorithms=["RS256"])
    except (jwt.InvalidTokenError, RecursionError):
        return False
    return True
