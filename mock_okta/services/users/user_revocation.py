"""Ends everything that a user has: sessions, codes, refresh tokens and access tokens."""

from msgspec import Struct

from mock_okta.services.tokens.revocation import Revocations
from mock_okta.services.world import World

__all__ = ["UserRevocations"]


class UserRevocations(Struct, frozen=True, kw_only=True):
    """What was handed out before is dead; what is handed out after it is not."""

    world: World
    revocations: Revocations

    async def end_everything(self, user_id: str) -> None:
        """End what the user has, and what would become a session or a token of theirs.

        ID tokens stay good: they say who signed in, and give no access.
        """
        for collection in (self.world.storage.sessions, self.world.storage.session_tokens):
            await collection.remove_by("user_id", user_id)
        await self.revocations.end_tokens(user_id=user_id)
