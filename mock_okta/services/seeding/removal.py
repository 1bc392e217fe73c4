"""Takes out of an org what a seed put into it, with all that depended on it."""

from msgspec import Struct, structs

from mock_okta.services.directory.lookup import user_named
from mock_okta.services.tokens.revocation import Revocations
from mock_okta.services.users.user_revocation import UserRevocations
from mock_okta.storage import Storage

__all__ = ["Removals"]


class Removals(Struct, frozen=True, kw_only=True):
    """Each tells whether there was such a one.

    What was handed out stays dead when the same one is seeded again.
    """

    storage: Storage
    revocations: Revocations
    user_revocations: UserRevocations

    async def remove_user(self, name: str) -> bool:
        """Remove a user by id or login, signed out everywhere and forgotten.

        What a seed assigned to the login stays assigned, should the user be seeded again.
        """
        user = await user_named(self.storage, name)
        if user is None:
            return False
        await self.storage.users.take(user.id)
        await self.storage.logins.take(user.login.lower())
        await self.user_revocations.end_everything(user.id)
        for collection in (
            self.storage.transactions,
            self.storage.known_devices,
            self.storage.remembered_devices,
            self.storage.push_requests,
            self.storage.recovery_tokens,
            self.storage.consents,
            self.storage.api_tokens,
        ):
            await collection.remove_by("user_id", user.id)
        return True

    async def remove_client(self, client_id: str) -> bool:
        """Remove a client; origins that came with it stay trusted."""
        if await self.storage.clients.take(client_id) is None:
            return False
        await self.revocations.end_tokens(client_id=client_id)
        await self.storage.pushed_authorizations.remove_by("client_id", client_id)
        await self.storage.consents.remove_by("client_id", client_id)
        await self.storage.assignments.remove_by("app_id", client_id)
        return True

    async def remove_authentication_policy(self, name: str) -> bool:
        """Remove an authentication policy; its apps have the org's default one from now on."""
        policy = await self.storage.authentication_policies.one_by("name", name)
        if policy is None:
            return False
        await self.storage.authentication_policies.take(policy.id)
        for client in await self.storage.clients.values():
            if client.authentication_policy_id == policy.id:
                await self.storage.clients.update(
                    client.client_id,
                    lambda kept: structs.replace(kept, authentication_policy_id=None),
                )
        return True

    async def remove_authorization_server(self, server_id: str) -> bool:
        """Remove a custom authorization server; the org's own stays."""
        server = await self.storage.authorization_servers.get(server_id)
        if server is None or server.is_org:
            return False
        await self.storage.authorization_servers.take(server_id)
        for collection in (
            self.storage.parked_authorizations,
            self.storage.pushed_authorizations,
            self.storage.authorization_codes,
            self.storage.device_authorizations,
            self.storage.refresh_tokens,
            self.storage.consents,
        ):
            await collection.remove_by("server_id", server_id)
        return True
