"""`/_mock/tokens` and `/_mock/keys`: minting and revoking tokens, and key rotation."""

from aiohttp import web
from msgspec import Struct

from mock_okta.control import schema
from mock_okta.control.operations import Operation, body_as, query_as
from mock_okta.control.paths import Path
from mock_okta.control.users import user_or_none
from mock_okta.model.insight import DecodedToken
from mock_okta.model.minting import Minted, TokenOrder
from mock_okta.services.testing.decoding import Decoding
from mock_okta.services.testing.minting import Minting, UnknownServer
from mock_okta.services.tokens.revocation import Revocations
from mock_okta.services.world.key_ring import KeyRing
from mock_okta.storage import Storage
from mock_okta.web.errors import NotFound

__all__ = ["TokensResource"]


class TokensResource(Struct, frozen=True, kw_only=True):
    """Mints and revokes tokens, and rotates the keys that sign them.

    Minted tokens are signed with the org's keys: the unbroken ones are valid at its endpoints.
    """

    storage: Storage
    minting: Minting
    revocations: Revocations
    keys: KeyRing
    decoding: Decoding

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/tokens and /_mock/keys/rotate."""
        return (
            Operation(
                "DELETE",
                Path.TOKENS,
                "Revoke all tokens and codes, or those of a user, of a client, or of both. "
                "Sessions stay.",
                self._revoke,
                query=schema.OfUserAndClient,
            ),
            Operation(
                "POST",
                Path.TOKENS,
                "Mint an access token, and an ID token for a user; broken ones if asked.",
                self._mint,
                body=TokenOrder,
                body_is_optional=True,
                answer=Minted,
            ),
            Operation(
                "POST",
                Path.DECODE,
                "Show what is in a token, and which checks it passes and why.",
                self._decode,
                body=schema.TokenToDecode,
                answer=DecodedToken,
            ),
            Operation(
                "POST",
                Path.ROTATE_KEYS,
                "Replace the active signing key of an authorization server; show its JWKS.",
                self._rotate,
                body=schema.KeyRotation,
                body_is_optional=True,
                answer=schema.PublishedKeys,
            ),
        )

    async def _revoke(self, request: web.Request) -> None:
        query = query_as(request, schema.OfUserAndClient)
        user = await user_or_none(self.storage, query.user)
        client_id = query.client_id
        if client_id is not None and await self.storage.clients.get(client_id) is None:
            raise NotFound(client_id, "AppInstance")
        user_id = None if user is None else user.id
        await self.revocations.end_tokens(user_id=user_id, client_id=client_id)

    async def _mint(self, request: web.Request) -> Minted:
        order = await body_as(request, TokenOrder, default=TokenOrder())
        try:
            return await self.minting.mint(order)
        except UnknownServer as unknown:
            raise NotFound(order.authorization_server, "AuthorizationServer") from unknown

    async def _decode(self, request: web.Request) -> DecodedToken:
        given = await body_as(request, schema.TokenToDecode)
        return await self.decoding.decoded(given.token.strip())

    async def _rotate(self, request: web.Request) -> schema.PublishedKeys:
        wanted = await body_as(request, schema.KeyRotation, default=schema.KeyRotation())
        server_id = wanted.authorization_server
        if await self.storage.authorization_servers.get(server_id) is None:
            raise NotFound(server_id, "AuthorizationServer")
        await self.keys.rotate(server_id)
        published = await self.keys.published(server_id)
        return schema.PublishedKeys(keys=tuple(dict(key.jwk) for key in published))
