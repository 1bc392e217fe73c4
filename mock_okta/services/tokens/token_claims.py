"""What was granted, and the claims of tokens and userinfo for it (facts/oauth E.3, F)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from mock_okta.jose import half_hash
from mock_okta.model.authorization_servers import AuthorizationServer, Lifetimes
from mock_okta.model.clients import Client
from mock_okta.model.directory import User
from mock_okta.services.directory.lookup import group_names, the_org
from mock_okta.services.tokens.claims import custom_claims, groups_claim, lists_groups, user_claims
from mock_okta.services.world import World

__all__ = ["Granted", "TokenClaims"]

_ID_TOKEN_LIFETIME = timedelta(hours=1)


class Granted(Struct, frozen=True, kw_only=True):
    """What was granted, and to whom; `user` and `authenticated_at` are None for a service.

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


class TokenClaims(Struct, frozen=True, kw_only=True):
    """Makes the claims of one org's tokens (OIDC Core 2 and 3.1.3.6)."""

    world: World

    async def access(self, granted: Granted, token_id: str) -> dict[str, Any]:
        """Return an access token's claims; `token_id` is its `jti`.

        Their order is that of recorded traffic; it depends on the kind of server.
        """
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
            "jti": token_id,
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

    async def id(
        self, granted: Granted, access_token: str | None, code: str | None = None
    ) -> dict[str, Any]:
        """Return an ID token's claims, in the order of recorded traffic.

        It is thin if it comes with an access token (facts/oauth F.5).
        """
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
            "exp": now + int(_ID_TOKEN_LIFETIME.total_seconds()),
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
        """Return the names of the user's groups if a claim may list them; else read nothing."""
        if user is None or not lists_groups(server, client):
            return ()
        return await group_names(self.world.storage, user)
