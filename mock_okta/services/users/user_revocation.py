"""Ends all sessions and tokens of a user."""

from msgspec import Struct

from mock_okta.services.tokens.revocation import Revocations
from mock_okta.services.world import World

__all__ = ["UserRevocations"]


class UserRevocations(Struct, frozen=True, kw_only=True):
    """Ends what was issued before; sessions and tokens that are issued afterwards work."""

    world: World
    revocations: Revocations

    async def end_everything(self, user_id: str) -> None:
        """End the user's sessions, tokens, and the codes that could become one.

        ID tokens stay valid: they say who signed in, and give no access.
        """
        for collection in (self.world.storage.sessions, self.world.storage.session_tokens):
            await collection.remove_by("user_id", user_id)
        await self.revocations.end_tokens(user_id=user_id)
