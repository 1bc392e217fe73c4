"""`/_mock/keys`: rotation of signing keys."""

from aiohttp import web
from msgspec import Struct

from mock_okta.control import schema
from mock_okta.control.operations import Operation, body_as
from mock_okta.services.world.key_ring import KeyRing
from mock_okta.storage import Storage
from mock_okta.web.errors import NotFound

__all__ = ["KeysResource"]


class KeysResource(Struct, frozen=True, kw_only=True):
    """Rotates the keys of authorization servers."""

    storage: Storage
    keys: KeyRing

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/keys/rotate."""
        return (
            Operation(
                method="POST",
                path=schema.Path.ROTATE_KEYS,
                summary="Replace the active signing key of an authorization server; show its JWKS.",
                handler=self.rotate,
                body=schema.KeyRotation,
                body_is_optional=True,
                answer=schema.PublishedKeys,
            ),
        )

    async def rotate(self, request: web.Request) -> schema.PublishedKeys:
        """Replace the active signing key of an authorization server; show its new JWKS."""
        wanted = await body_as(request, schema.KeyRotation, default=schema.KeyRotation())
        server_id = wanted.authorization_server
        if await self.storage.authorization_servers.get(server_id) is None:
            raise NotFound(server_id, "AuthorizationServer")
        await self.keys.rotate(server_id)
        return schema.PublishedKeys(
            keys=tuple(dict(key.jwk) for key in await self.keys.published(server_id))
        )
