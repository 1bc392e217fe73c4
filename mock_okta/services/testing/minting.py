"""Mints access and ID tokens without a sign-in: valid ones, and ones that are broken on purpose.

A user or client that is not in the org is made up. Everything else is as the org issues it: claims,
their order, header and key (facts/oauth F).
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from mock_okta.ids import derived_id
from mock_okta.model.authorization_servers import Lifetimes
from mock_okta.model.clients import Client, ClientType
from mock_okta.model.directory import User
from mock_okta.model.failures import PolicyRefused
from mock_okta.model.minting import Minted, TokenOrder
from mock_okta.model.seed import SeedClient, SeedUser
from mock_okta.services.directory.lookup import user_named
from mock_okta.services.seeding.clients import client_of
from mock_okta.services.seeding.seeding import BUILT_IN_SCOPES
from mock_okta.services.seeding.users import user_of
from mock_okta.services.tokens.access import lifetimes_for
from mock_okta.services.tokens.broken import broken_claims, needs_other_key, signed
from mock_okta.services.tokens.revocation import note_issued
from mock_okta.services.tokens.token_claims import Granted
from mock_okta.services.tokens.tokens import Tokens, access_token_type
from mock_okta.services.world import World
from mock_okta.services.world.signing_key import SigningKey

__all__ = ["Minting", "UnknownServer"]

_SOMEBODY, _SOME_CLIENT = "tester@example.com", "0oamint00000000000h7"


class UnknownServer(LookupError):
    """The org has no such authorization server."""


class Minting(Struct, frozen=True, kw_only=True):
    """Mints tokens of one org."""

    world: World
    tokens: Tokens

    async def mint(self, order: TokenOrder) -> Minted:
        """Return the tokens; raise UnknownServer."""
        granted = await self._granted(order)
        access_token = await self._access_token(granted, order)
        id_token = None
        if granted.user is not None and "openid" in granted.scopes:
            id_token = await self._id_token(granted, order, access_token)
        keys = await self.world.keys.published(granted.server.id)
        return Minted(
            access_token=access_token,
            id_token=id_token,
            issuer=granted.server.issuer,
            jwks={"keys": [key.jwk for key in keys]},
        )

    async def _granted(self, order: TokenOrder) -> Granted:
        server = await self.world.storage.authorization_servers.get(order.authorization_server)
        if server is None:
            raise UnknownServer(order.authorization_server)
        client = await self._client(order.client_id)
        server = self.world.issuers.seen(server, client)
        user = await self._user(order.user, client)
        scopes = order.scopes
        if scopes is None and user is not None:
            scopes = ("openid", "profile", "email")
        elif scopes is None:
            scopes = tuple(name for name in server.scopes if name not in BUILT_IN_SCOPES)
        grant_type = "client_credentials" if user is None else "authorization_code"
        try:
            lifetimes = lifetimes_for(server, client, grant_type, user, scopes)
        except PolicyRefused:
            lifetimes = Lifetimes()
        return Granted(
            server=server,
            client=client,
            user=user,
            scopes=scopes,
            lifetimes=lifetimes,
            amr=("pwd",),
            authenticated_at=None if user is None else self.world.clock.now(),
            nonce=order.nonce,
        )

    async def _client(self, client_id: str | None) -> Client:
        if client_id is None:
            found = next(iter(await self.world.storage.clients.values()), None)
        else:
            found = await self.world.storage.clients.get(client_id)
        unknown = client_id or _SOME_CLIENT
        return found or client_of(SeedClient(name=unknown, client_id=unknown, type="spa"))

    async def _user(self, name: str | None, client: Client) -> User | None:
        if name is not None:
            found = await user_named(self.world.storage, name)
        elif client.type is ClientType.SERVICE:
            return None
        else:
            found = next(iter(await self.world.storage.users.values()), None)
        login = name or _SOMEBODY
        made_up = SeedUser(login=login, password=login)
        return found or user_of(
            made_up, derived_id("00u", login.lower()), None, self.world.clock.now()
        )

    async def _access_token(self, granted: Granted, order: TokenOrder) -> str:
        issued = await self.tokens.claims.access(granted, self.tokens.new_token_id())
        claims = _lasting(issued, order)
        await note_issued(self.world.storage, claims)
        key = await self.world.keys.for_access_tokens(granted.server.id)
        return signed(
            _as_ordered(claims, order.claims, order),
            order.broken,
            key=key,
            unpublished=await self._unpublished(order),
            token_type=access_token_type(granted.server),
        )

    async def _id_token(self, granted: Granted, order: TokenOrder, access_token: str) -> str:
        claims = _lasting(await self.tokens.claims.id(granted, access_token), order)
        return signed(
            _as_ordered(claims, order.id_token_claims, order),
            order.broken,
            key=await self.world.keys.active(granted.server.id),
            unpublished=await self._unpublished(order),
        )

    async def _unpublished(self, order: TokenOrder) -> SigningKey | None:
        return await self.world.keys.unpublished() if needs_other_key(order.broken) else None


def _lasting(claims: dict[str, Any], order: TokenOrder) -> dict[str, Any]:
    if order.lifetime_seconds is None:
        return claims
    return claims | {"exp": claims["iat"] + order.lifetime_seconds}


def _as_ordered(
    claims: Mapping[str, Any], own: Mapping[str, Any], order: TokenOrder
) -> dict[str, Any]:
    """Return the token's claims: broken ones replace the given ones, which replace the org's."""
    said = {**claims, **own, **broken_claims(claims, order.broken)}
    return {name: value for name, value in said.items() if name not in order.without}
