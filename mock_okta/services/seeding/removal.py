"""Removes users, clients and authorization servers from an org, with what depends on them."""

from msgspec import Struct, structs

from mock_okta.services.directory.lookup import user_named
from mock_okta.services.tokens.revocation import Revocations, UserRevocations
from mock_okta.services.world import World

__all__ = ["Removals"]


class Removals(Struct, frozen=True, kw_only=True):
    """Each method returns False if nothing has that name.

    Tokens and sessions that were ended stay ended when the same user or client is seeded again.
    """

    world: World
    revocations: Revocations
    user_revocations: UserRevocations

    async def remove_user(self, name: str) -> bool:
        """Remove a user by id or login: sign them out, end their tokens, drop their data.

        Apps are no longer assigned to the user, and their groups no longer have them: a user who is
        seeded again with the same login has neither.
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
            storage.identity_transactions,
            storage.known_devices,
            storage.remembered_devices,
            storage.asked_devices,
            storage.push_requests,
            storage.recovery_tokens,
            storage.consents,
            storage.api_tokens,
        ):
            await collection.remove_by("user_id", user.id)
        await storage.assignments.remove_by("principal_id", user.id)
        return True

    async def remove_client(self, client_id: str) -> bool:
        """Remove a client; its base URIs stay trusted origins."""
        storage = self.world.storage
        if await storage.clients.take(client_id) is None:
            return False
        await self.revocations.end_tokens(client_id=client_id)
        await storage.pushed_authorizations.remove_by("client_id", client_id)
        await storage.interactions.remove_by("client_id", client_id)
        await storage.consents.remove_by("client_id", client_id)
        await storage.assignments.remove_by("app_id", client_id)
        return True

    async def remove_authentication_policy(self, name: str) -> bool:
        """Remove an authentication policy; its apps have the org's default one from now on."""
        policy = await self.world.storage.authentication_policies.one_by("name", name)
        if policy is None:
            return False
        await self.world.storage.authentication_policies.take(policy.id)
        for client in await self.world.storage.clients.values():
            if client.authentication_policy_id == policy.id:
                await self.world.storage.clients.update(
                    client.client_id,
                    lambda kept: structs.replace(kept, authentication_policy_id=None),
                )
        return True

    async def remove_authorization_server(self, server_id: str) -> bool:
        """Remove a custom authorization server; the org authorization server cannot be removed."""
        storage = self.world.storage
        server = await storage.authorization_servers.get(server_id)
        if server is None or server.is_org:
            return False
        await storage.authorization_servers.take(server_id)
        for collection in (
            storage.parked_authorizations,
            storage.pushed_authorizations,
            storage.authorization_codes,
            storage.interactions,
            storage.interaction_codes,
            storage.device_authorizations,
            storage.refresh_tokens,
            storage.consents,
        ):
            await collection.remove_by("server_id", server_id)
        return True
