"""`DELETE /_mock/tokens`: ending tokens that were handed out."""

from aiohttp import web
from msgspec import Struct

from mock_okta.control import schema
from mock_okta.control.operations import Operation, query_as
from mock_okta.services.directory.lookup import user_named
from mock_okta.services.tokens.revocation import Revocations
from mock_okta.storage import Storage
from mock_okta.web.errors import NotFound

__all__ = ["RevocationResource"]


class RevocationResource(Struct, frozen=True, kw_only=True):
    """Ends access tokens, refresh tokens, and codes that would become some; sessions live on."""

    storage: Storage
    revocations: Revocations

    def operations(self) -> tuple[Operation, ...]:
        """Serve DELETE /_mock/tokens."""
        return (
            Operation(
                method="DELETE",
                path=schema.Path.TOKENS,
                summary="End all tokens and codes, or those of a user, of a client, or of both; "
                "sessions live on.",
                handler=self.revoke,
                query=schema.OfUserAndClient,
            ),
        )

    async def revoke(self, request: web.Request) -> None:
        """End what was handed out so far."""
        query = query_as(request, schema.OfUserAndClient)
        user = None if query.user is None else await user_named(self.storage, query.user)
        if query.user is not None and user is None:
            raise NotFound(query.user, "User")
        client_id = query.client_id
        if client_id is not None and await self.storage.clients.get(client_id) is None:
            raise NotFound(client_id, "AppInstance")
        await self.revocations.end_tokens(
            user_id=None if user is None else user.id, client_id=client_id
        )
