"""Ends tokens: those of a user, of a client, of a user at a client, or all; sessions, too."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct

from mock_okta.model.grants import LastRevocation, Reissue, TokenRevocation
from mock_okta.services.directory.lookup import ORG_KEY
from mock_okta.services.world import World
from mock_okta.storage import Key, Storage

__all__ = ["Revocations", "UserRevocations", "is_ended", "note_issued"]

_LONGEST_ACCESS_TOKEN_LIFE = timedelta(days=1)
_NOTED_AHEAD = timedelta(minutes=1)
_ANY = "*"


class Revocations(Struct, frozen=True, kw_only=True):
    """Ends tokens that were issued before a revocation; later ones work."""

    world: World

    async def end_tokens(self, *, user_id: str | None = None, client_id: str | None = None) -> None:
        """End tokens, and the codes that could become one; None means any user or client.

        ID tokens stay valid: they say who signed in, and give no access.
        """
        now = self.world.clock.now()
        revocation = TokenRevocation(
            id=self.world.ids.opaque(), revoked_at=now, expires_at=now + _LONGEST_ACCESS_TOKEN_LIFE
        )
        await self._note_last(now)
        await self.world.storage.token_revocations.put(_key(user_id, client_id), revocation)
        for collection in (
            self.world.storage.authorization_codes,
            self.world.storage.interaction_codes,
            self.world.storage.device_authorizations,
            self.world.storage.refresh_tokens,
        ):
            if user_id is not None and client_id is not None:
                await collection.remove_by("user_at_client", (user_id, client_id))
            elif user_id is not None:
                await collection.remove_by("user_id", user_id)
            elif client_id is not None:
                await collection.remove_by("client_id", client_id)
            else:
                await collection.clear()

    async def _note_last(self, now: datetime) -> None:
        """Note that there is a revocation; one record serves for all within a minute.

        Each change of it empties what processes remember of set-up collections. Tokens of that
        minute cost one more read.
        """

        def noted(last: LastRevocation | None) -> LastRevocation:
            ahead = now + _NOTED_AHEAD
            at = ahead if last is None else max(ahead, last.revoked_at)  # a clock may be moved back
            return LastRevocation(revoked_at=at)

        last = await self.world.storage.last_revocations.get(ORG_KEY)
        if last is None or last.revoked_at < now:
            await self.world.storage.last_revocations.upsert(ORG_KEY, noted)


async def note_issued(storage: Storage, claims: Mapping[str, Any]) -> None:
    """Note a new access token if a revocation before it has the same `iat`, or a later one."""
    for revocation in await _revocations(storage, claims):
        expires_at = datetime.fromtimestamp(claims["exp"], UTC)
        await storage.reissues.put(_reissue_key(claims, revocation), Reissue(expires_at=expires_at))


async def is_ended(storage: Storage, claims: Mapping[str, Any]) -> bool:
    """Return whether a revocation covers the access token."""
    for revocation in await _revocations(storage, claims):
        if await storage.reissues.get(_reissue_key(claims, revocation)) is None:
            return True
    return False


async def _revocations(storage: Storage, claims: Mapping[str, Any]) -> list[TokenRevocation]:
    """Return the revocations that cover the token, judging by its `iat` in whole seconds."""
    last = await storage.last_revocations.get(ORG_KEY)
    if last is None or claims["iat"] > int(last.revoked_at.timestamp()):
        return []
    user_id, client_id = claims.get("uid"), claims["cid"]
    keys = {_key(user, client) for user in (user_id, None) for client in (client_id, None)}
    found = await storage.token_revocations.get_many(list(keys))
    return [
        revocation
        for revocation in found
        if revocation is not None and claims["iat"] <= int(revocation.revoked_at.timestamp())
    ]


def _key(user_id: str | None, client_id: str | None) -> Key:
    return user_id or _ANY, client_id or _ANY


def _reissue_key(claims: Mapping[str, Any], revocation: TokenRevocation) -> Key:
    return claims["jti"], revocation.id


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
