"""`/_mock/tokens`: tokens without a sign-in, good ones and broken ones."""

from aiohttp import web
from msgspec import Struct

from mock_okta.control import schema
from mock_okta.control.operations import Operation, body_as
from mock_okta.services.testing.minting import Minting, UnknownServer
from mock_okta.web.errors import NotFound

__all__ = ["MintingResource"]


class MintingResource(Struct, frozen=True, kw_only=True):
    """Mints tokens with the org's keys: its own endpoints and its JWKS know the good ones."""

    minting: Minting

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/tokens."""
        return (
            Operation(
                method="POST",
                path=schema.Path.TOKENS,
                summary="Mint an access token, and an ID token for a user; broken ones if asked.",
                handler=self.mint,
                body=schema.TokenOrder,
                body_is_optional=True,
                answer=schema.Minted,
            ),
        )

    async def mint(self, request: web.Request) -> schema.Minted:
        """Mint tokens; who is not in the org is made up for them."""
        order = await body_as(request, schema.TokenOrder, default=schema.TokenOrder())
        try:
            return await self.minting.mint(order)
        except UnknownServer as unknown:
            raise NotFound(order.authorization_server, "AuthorizationServer") from unknown
