"""Issues and verifies tokens (facts/oauth F: recorded traffic, OIDC Core 2 and 3.1.3.6)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import jwt
import msgspec
from msgspec import Struct

from mock_okta.jose import half_hash
from mock_okta.model.directory import AuthorizationServer, Client, Lifetimes, User
from mock_okta.model.failures import SpentOrExpired
from mock_okta.model.faults import TokenName
from mock_okta.model.records import RefreshToken, Revocation
from mock_okta.services.directory.lookup import group_names, the_org, usable_user
from mock_okta.services.tokens.claim_types import are_as_issued
from mock_okta.services.tokens.claims import custom_claims, groups_claim, lists_groups, user_claims
from mock_okta.services.tokens.revocation import is_ended, note_issued
from mock_okta.services.world import World
from mock_okta.services.world.key_ring import SigningKey

__all__ = [
    "Granted",
    "Sign",
    "Tokens",
    "access_token_type",
    "family_of",
    "sign_as_is",
]

ID_TOKEN_LIFETIME = timedelta(hours=1)
LONGEST_REFRESH_TOKEN_IDLE = timedelta(days=5 * 365)
_NEVER = datetime.max.replace(tzinfo=UTC)
_INTERNAL_TYPE = "application/okta-internal-at+jwt"


Sign: TypeAlias = Callable[[TokenName, SigningKey, Mapping[str, Any], str | None], Awaitable[str]]
"""Signs a token's claims with a key; the last argument is the header's `typ`, if any."""


async def sign_as_is(
    _: TokenName, key: SigningKey, claims: Mapping[str, Any], token_type: str | None
) -> str:
    """Sign the claims unchanged: the `Sign` for tokens without planned faults."""
    return key.sign(claims, token_type)


class Granted(Struct, frozen=True, kw_only=True):
    """What is granted, and to whom; `user` and `authenticated_at` are None for a service.

    `jkt`: the thumbprint of the key that the access token is bound to (RFC 9449 6.1). `idp_id`: the
    identity provider that signed the user in, None for the org itself.
    """

    server: AuthorizationServer
    client: Client
    user: User | None
    scopes: tuple[str, ...]
    lifetimes: Lifetimes
    acr: str | None = None
    amr: tuple[str, ...] = ()
    authenticated_at: datetime | None = None
    nonce: str | None = None
    jkt: str | None = None
    idp_id: str | None = None


class Tokens(Struct, frozen=True, kw_only=True):
    """Makes, rotates, revokes and verifies the tokens of one org."""

    world: World
    sign: Sign

    async def access_token(self, granted: Granted, token_id: str | None = None) -> str:
        """Return a signed access token; `token_id`: its `jti`, a new one by default."""
        key = await self.world.keys.for_access_tokens(granted.server.id)
        claims = await self.access_claims(granted, token_id)
        await note_issued(self.world.storage, claims)
        return await self.sign("access_token", key, claims, access_token_type(granted.server))

    async def access_claims(self, granted: Granted, token_id: str | None = None) -> dict[str, Any]:
        """Return the claims in the order of recorded traffic; it depends on the kind of server."""
        server, user, now = granted.server, granted.user, self.world.clock.epoch()
        times: dict[str, Any] = {
            "iat": now,
            "exp": now + int(granted.lifetimes.access_token.total_seconds()),
        }
        if granted.jkt is not None:
            times["cnf"] = {"jkt": granted.jkt}
        if granted.acr is not None:
            times["acr"] = granted.acr
        subject = {"sub": user.login if user else granted.client.client_id}
        claims: dict[str, Any] = {
            "ver": 1,
            "jti": token_id or self.new_token_id(),
            "iss": server.issuer,
            "aud": server.audience,
        }
        claims |= subject | times if server.is_org else times
        claims["cid"] = granted.client.client_id
        if user is not None:
            claims["uid"] = user.id
        claims["scp"] = list(granted.scopes)
        if granted.authenticated_at is not None:
            claims["auth_time"] = int(granted.authenticated_at.timestamp())
        claims |= {} if server.is_org else subject
        groups = await self._groups(server, granted.client, user)
        extra = custom_claims(
            server, "access_token", user, granted.scopes, thin=False, groups=groups
        )
        return claims | {name: value for name, value in extra.items() if name not in claims}

    async def id_token(
        self, granted: Granted, *, access_token: str | None = None, code: str | None = None
    ) -> str:
        """Return a signed ID token; thin if it comes with an access token (facts/oauth F.5)."""
        key = await self.world.keys.active(granted.server.id)
        claims = await self.id_claims(granted, access_token, code)
        return await self.sign("id_token", key, claims, None)

    async def id_claims(
        self, granted: Granted, access_token: str | None, code: str | None = None
    ) -> dict[str, Any]:
        """Return the claims in the order of recorded traffic."""
        user, now, thin = granted.user, self.world.clock.epoch(), access_token is not None
        if user is None or granted.authenticated_at is None:
            raise AssertionError("an ID token needs a user who signed in")
        profile = user_claims(user, granted.scopes, thin=thin)
        first: dict[str, Any] = {
            name: profile.pop(name) for name in ("name", "email") if name in profile
        }
        claims: dict[str, Any] = {
            "sub": user.id,
            **first,
            "ver": 1,
            "iss": granted.server.issuer,
            "aud": granted.client.client_id,
            "iat": now,
            "exp": now + int(ID_TOKEN_LIFETIME.total_seconds()),
            "jti": "ID." + self.world.ids.opaque(),
            "amr": list(granted.amr),
            "acr": granted.acr,
            "idp": granted.idp_id or (await the_org(self.world.storage)).id,
            "nonce": granted.nonce,
            **profile,
            "auth_time": int(granted.authenticated_at.timestamp()),
            "at_hash": None if access_token is None else half_hash(access_token),
            "c_hash": None if code is None else half_hash(code),
        }
        server, client, scopes = granted.server, granted.client, granted.scopes
        groups = await self._groups(server, client, user)
        extra = groups_claim(server, client, groups, scopes)
        extra |= custom_claims(server, "id_token", user, scopes, thin=thin, groups=groups)
        claims |= {name: value for name, value in extra.items() if name not in claims}
        return {name: value for name, value in claims.items() if value is not None}

    async def userinfo(
        self, server: AuthorizationServer, client: Client | None, user: User, scopes: list[str]
    ) -> dict[str, Any]:
        """Return all claims of the scopes; `sub` is the user's id (facts/oauth E.3).

        `client`: the client of the token; None if it was removed.
        """
        claims = {"sub": user.id, **user_claims(user, scopes)}
        groups = await self._groups(server, client, user)
        extra = groups_claim(server, client, groups, scopes)
        extra |= custom_claims(server, "id_token", user, scopes, thin=False, groups=groups)
        return claims | {name: value for name, value in extra.items() if name not in claims}

    async def _groups(
        self, server: AuthorizationServer, client: Client | None, user: User | None
    ) -> Sequence[str]:
        """Return the names of the user's groups, if a claim may list them; else read nothing."""
        if user is None or not lists_groups(server, client):
            return ()
        return await group_names(self.world.storage, user)

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
            if claims is not None and are_as_issued(claims):
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
