"""Takes out of an org what a seed put into it, with all that depended on it."""

from msgspec import Struct

from mock_okta.services.directory.lookup import user_named
from mock_okta.services.tokens.revocation import Revocations
from mock_okta.services.users.user_revocation import UserRevocations
from mock_okta.services.world import World

__all__ = ["Removals"]


class Removals(Struct, frozen=True, kw_only=True):
    """Each tells whether there was such a one.

    What was handed out stays dead when the same one is seeded again.
    """

    world: World
    revocations: Revocations
    user_revocations: UserRevocations

    async def remove_user(self, name: str) -> bool:
        """Remove a user by id or login, signed out everywhere and forgotten.

        What a seed assigned to the login stays assigned, should the user be seeded again.
        """
        storage = self.world.storage
        user = await user_named(storage, name)
        if user is None:
            return False
        await storage.users.take(user.id)
        await storage.logins.take(user.login.lower())
        await self.user_revocations.end_everything(user.id)
        for collection in (
            storage.transactions,
            storage.known_devices,
            storage.remembered_devices,
            storage.push_requests,
            storage.recovery_tokens,
            storage.consents,
            storage.api_tokens,
        ):
            await collection.remove_by("user_id", user.id)
        return True

    async def remove_client(self, client_id: str) -> bool:
        """Remove a client; origins that came with it stay trusted."""
        storage = self.world.storage
        if await storage.clients.take(client_id) is None:
            return False
        await self.revocations.end_tokens(client_id=client_id)
        await storage.pushed_authorizations.remove_by("client_id", client_id)
        await storage.consents.remove_by("client_id", client_id)
        await storage.assignments.remove_by("app_id", client_id)
        return True

    async def remove_authorization_server(self, server_id: str) -> bool:
        """Remove a custom authorization server; the org's own stays."""
        storage = self.world.storage
        server = await storage.authorization_servers.get(server_id)
        if server is None or server.is_org:
            return False
        await storage.authorization_servers.take(server_id)
        for collection in (
            storage.parked_authorizations,
            storage.pushed_authorizations,
            storage.authorization_codes,
            storage.device_authorizations,
            storage.refresh_tokens,
            storage.consents,
        ):
            await collection.remove_by("server_id", server_id)
        return True
