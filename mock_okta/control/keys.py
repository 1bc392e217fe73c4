"""`/_mock/keys`: the keys that sign tokens."""

from aiohttp import web
from msgspec import Struct

from mock_okta.control import schema
from mock_okta.control.operations import Operation
from mock_okta.control.paths import Path
from mock_okta.services.world.key_ring import KeyRing
from mock_okta.storage import Storage

__all__ = ["KeysResource"]


class KeysResource(Struct, frozen=True, kw_only=True):
    """Shows the published keys of every authorization server, the active one first."""

    storage: Storage
    keys: KeyRing

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/keys."""
        return (
            Operation(
                "GET",
                Path.KEYS,
                "Show the keys of each authorization server's JWKS, the active one first.",
                self._show,
                answer=schema.SigningKeys,
            ),
        )

    async def _show(self, _: web.Request) -> schema.SigningKeys:
        servers = await self.storage.authorization_servers.values()
        return schema.SigningKeys(servers=tuple([await self._of(each.id) for each in servers]))

    async def _of(self, server_id: str) -> schema.ServerKeys:
        published = await self.keys.published(server_id)
        return schema.ServerKeys(
            authorization_server=server_id,
            keys=tuple(dict(key.jwk) for key in published),
            next_rotation_at=await self.keys.next_rotation_at(server_id),
        )
