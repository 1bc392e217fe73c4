"""Issues and verifies tokens (facts/oauth F: recorded traffic, OIDC Core 2 and 3.1.3.6)."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import Meta, Struct

from mock_okta.model.authorization_servers import AuthorizationServer, Lifetimes
from mock_okta.model.clients import Client
from mock_okta.model.directory import User
from mock_okta.model.failures import SpentOrExpired
from mock_okta.model.faults import TokenName
from mock_okta.model.grants import RefreshToken, Revocation
from mock_okta.services.directory.lookup import usable_user
from mock_okta.services.tokens.revocation import is_ended, note_issued
from mock_okta.services.tokens.token_claims import Granted, TokenClaims
from mock_okta.services.world import World
from mock_okta.services.world.signing_key import SigningKey

__all__ = ["Sign", "Tokens", "access_token_type", "family_of"]

LONGEST_REFRESH_TOKEN_IDLE = timedelta(days=5 * 365)
_NEVER = datetime.max.replace(tzinfo=UTC)
_INTERNAL_TYPE = "application/okta-internal-at+jwt"


Sign: TypeAlias = Callable[[TokenName, SigningKey, Mapping[str, Any], str | None], Awaitable[str]]
"""Signs a token's claims with a key; the last argument is the header's `typ`, if any."""
_Epoch = Annotated[int, Meta(ge=0, le=253_402_300_799)]  # to the end of the year 9999


class Tokens(Struct, frozen=True, kw_only=True):
    """Makes, rotates, revokes and verifies the tokens of one org."""

    world: World
    claims: TokenClaims
    sign: Sign

    async def access_token(self, granted: Granted, token_id: str | None = None) -> str:
        """Return a signed access token; `token_id`: its `jti`, a new one by default."""
        key = await self.world.keys.for_access_tokens(granted.server.id)
        claims = await self.claims.access(granted, token_id or self.new_token_id())
        await note_issued(self.world.storage, claims)
        return await self.sign("access_token", key, claims, access_token_type(granted.server))

    async def id_token(
        self, granted: Granted, *, access_token: str | None = None, code: str | None = None
    ) -> str:
        """Return a signed ID token; thin if it comes with an access token (facts/oauth F.5)."""
        key = await self.world.keys.active(granted.server.id)
        claims = await self.claims.id(granted, access_token, code)
        return await self.sign("id_token", key, claims, None)

    def new_family(self) -> str:
        """Return the id of a new refresh family; the `jti` of its access tokens ends in it."""
        return self.world.ids.object_id("oar")

    def new_token_id(self, family: str | None = None) -> str:
        """Return the `jti` of a new access token; `family`: that of its refresh token, if any."""
        return "AT." + self.world.ids.opaque() + (f".{family}" if family else "")

    async def refresh_token(self, granted: Granted, family: str) -> str:
        """Return a new refresh token."""
        if granted.user is None or granted.authenticated_at is None:
            raise AssertionError("a refresh token needs a user who signed in")
        lifetime = granted.lifetimes.refresh_token
        ends_at = None if lifetime is None else self.world.clock.now() + lifetime
        token = RefreshToken(
            family=family,
            server_id=granted.server.id,
            client_id=granted.client.client_id,
            user_id=granted.user.id,
            scopes=granted.scopes,
            nonce=granted.nonce,
            acr=granted.acr,
            amr=granted.amr,
            authenticated_at=granted.authenticated_at,
            ends_at=ends_at,
            expires_at=self._refresh_expiry(granted.lifetimes, ends_at),
            jkt=granted.jkt if granted.client.is_public else None,
            idp_id=granted.idp_id,
        )
        value = self.world.ids.opaque()
        await self.world.storage.refresh_tokens.put(value, token)
        return value

    async def redeemable_refresh_token(
        self, value: str, server: AuthorizationServer, client: Client
    ) -> tuple[RefreshToken, User]:
        """Return the record of the client's refresh token, and its user; raise SpentOrExpired.

        A rotated token still works during the client's leeway; its use after that ends the whole
        family (facts/oauth D.6).
        """
        token = await self.world.storage.refresh_tokens.get(value)
        if token is None or (token.server_id, token.client_id) != (server.id, client.client_id):
            raise SpentOrExpired(value)
        if await self._is_revoked(token.family):
            raise SpentOrExpired(value)
        now = self.world.clock.now()
        leeway = timedelta(seconds=client.refresh_token.leeway)
        if token.rotated_at is not None and now - token.rotated_at > leeway:
            await self.world.storage.refresh_tokens.update(
                value, lambda kept: msgspec.structs.replace(kept, reused_at=now)
            )
            await self.revoke_family(token.family)
            raise SpentOrExpired(value)
        user = await usable_user(self.world.storage, token.user_id)
        if user is None:
            raise SpentOrExpired(value)
        return token, user

    async def next_refresh_token(
        self, value: str, token: RefreshToken, client: Client, lifetimes: Lifetimes
    ) -> str:
        """Return the next refresh token: the same for STATIC, its successor for ROTATE.

        Its idle time starts again; it never lasts beyond the end of its family.
        """
        expires_at = self._refresh_expiry(lifetimes, token.ends_at)
        if client.refresh_token.rotation_type == "ROTATE":
            return await self._rotated(value, expires_at)
        await self.world.storage.refresh_tokens.update(
            value, lambda kept: msgspec.structs.replace(kept, expires_at=expires_at)
        )
        return value

    def _refresh_expiry(self, lifetimes: Lifetimes, ends_at: datetime | None) -> datetime:
        idle = lifetimes.refresh_token_idle
        idle_at = None if idle is None else self.world.clock.now() + idle
        return min(at for at in (idle_at, ends_at, _NEVER) if at is not None)

    async def _rotated(self, value: str, expires_at: datetime) -> str:
        now, fresh = self.world.clock.now(), self.world.ids.opaque()

        def rotated(kept: RefreshToken) -> RefreshToken:
            if kept.successor is not None:
                return kept
            return msgspec.structs.replace(kept, successor=fresh, rotated_at=now)

        kept = await self.world.storage.refresh_tokens.update(value, rotated)
        if kept is None or kept.successor is None:
            raise SpentOrExpired(value)
        if kept.successor == fresh:
            successor = msgspec.structs.replace(
                kept, successor=None, rotated_at=None, expires_at=expires_at
            )
            await self.world.storage.refresh_tokens.put(fresh, successor)
        return kept.successor

    async def revoke_family(self, family: str) -> None:
        """End a refresh token with all its successors and the access tokens issued with them."""
        until = self.world.clock.now() + LONGEST_REFRESH_TOKEN_IDLE
        await self.world.storage.revocations.put(family, Revocation(expires_at=until))

    async def revoke_access_token(self, token_id: str, expires_at: datetime) -> None:
        """End one access token; its refresh token stays valid (facts/oauth E.2)."""
        await self.world.storage.revocations.put(token_id, Revocation(expires_at=expires_at))

    async def verified(
        self, token: str, server: AuthorizationServer, *, even_expired: bool = False
    ) -> dict[str, Any] | None:
        """Return the claims of a valid token that this server signed; otherwise None.

        Its issuer must be the one that the server has for the client at the requested name: a token
        from another name of the org has another issuer. What Okta does with it is unverified.
        """
        for key in await self.world.keys.verifying(server.id):
            claims = _decoded(token, key)
            if claims is not None and _are_as_issued(claims):
                if claims.get("iss") != await self._issuer_for(server, claims):
                    return None
                now = self.world.clock.epoch()
                is_good = claims.get("nbf", 0) <= now and (even_expired or now < claims["exp"])
                return claims if is_good else None
        return None

    async def _issuer_for(self, server: AuthorizationServer, claims: Mapping[str, Any]) -> str:
        if self.world.issuers.has_one_name or not server.is_org:
            return self.world.issuers.seen(server).issuer
        client = await self.world.storage.clients.get(claims.get("cid", claims["aud"]))
        return self.world.issuers.seen(server, client).issuer

    async def live_access_token(
        self, token: str, server: AuthorizationServer
    ) -> dict[str, Any] | None:
        """Return the claims of an access token that is not expired or revoked; otherwise None."""
        claims = await self.verified(token, server)
        if claims is None or not claims["jti"].startswith("AT."):
            return None
        names = [name for name in (claims["jti"], family_of(claims["jti"])) if name is not None]
        if any(await self.world.storage.revocations.get_many(names)):
            return None
        return None if await is_ended(self.world.storage, claims) else claims

    async def live_refresh_token(self, value: str) -> RefreshToken | None:
        """Return the refresh token if it can still be redeemed; it is not rotated."""
        token = await self.world.storage.refresh_tokens.get(value)
        if token is None:
            return None
        if token.successor is not None or await self._is_revoked(token.family):
            return None
        return token

    async def _is_revoked(self, name: str) -> bool:
        return await self.world.storage.revocations.get(name) is not None


def family_of(token_id: str) -> str | None:
    """Return the refresh family that the `jti` of an access token ends in, if any."""
    return token_id.removeprefix("AT.").partition(".")[2] or None


def access_token_type(server: AuthorizationServer) -> str | None:
    """Return the header's `typ`: the org server's tokens are only for Okta (facts/oauth A.1)."""
    return _INTERNAL_TYPE if server.is_org else None


def _decoded(token: str, key: SigningKey) -> dict[str, Any] | None:
    """Check only the signature: times are compared with the org's clock, not the machine's."""
    import jwt  # noqa: PLC0415 -- a tenth of the imports; no sign-in needs it

    try:
        return jwt.decode(
            token,
            key.private_key.public_key(),
            algorithms=["RS256"],
            options={
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
                "verify_aud": False,
            },
        )
    except (jwt.InvalidTokenError, RecursionError):  # PyJWT before 2.15 does not catch the latter
        return None


class _IdClaims(Struct, frozen=True, kw_only=True):
    jti: str
    sub: str
    aud: str
    exp: _Epoch
    nbf: _Epoch = 0


class _AccessClaims(Struct, frozen=True, kw_only=True):
    jti: str
    sub: str
    cid: str
    aud: Any
    iat: _Epoch
    exp: _Epoch
    scp: list[str]
    uid: str | None = None
    auth_time: _Epoch | None = None
    nbf: _Epoch = 0


def _are_as_issued(claims: Mapping[str, Any]) -> bool:
    """Return whether all these claims are there, with the org's types."""
    is_access_token = str(claims.get("jti")).startswith("AT.")
    try:
        msgspec.convert(dict(claims), _AccessClaims if is_access_token else _IdClaims)
    except msgspec.ValidationError:
        return False
    return True
