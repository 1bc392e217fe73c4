"""Ends everything that a user has: sessions, codes, refresh tokens and access tokens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from mock_okta.clock import Clock
from mock_okta.domain.records import Reissue, UserRevocation
from mock_okta.ids import Ids
from mock_okta.storage import Storage

__all__ = ["UserRevocations", "is_ended_with_user", "note_issued_to_user"]

_LONGEST_ACCESS_TOKEN_LIFE = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class UserRevocations:
    """What was handed out before a revocation is dead; what is handed out after it is not."""

    storage: Storage
    clock: Clock
    ids: Ids

    async def end_everything(self, user_id: str) -> None:
        """End what the user has, and what would become a session or a token of theirs.

        ID tokens stay good: they say who signed in, and give no access.
        """
        now = self.clock.now()
        revocation = UserRevocation(
            id=self.ids.opaque(), revoked_at=now, expires_at=now + _LONGEST_ACCESS_TOKEN_LIFE
        )
        await self.storage.user_revocations.put(user_id, revocation)
        for collection in (
            self.storage.sessions,
            self.storage.session_tokens,
            self.storage.authorization_codes,
            self.storage.device_authorizations,
            self.storage.refresh_tokens,
        ):
            await collection.remove(lambda record: record.user_id == user_id)


async def note_issued_to_user(storage: Storage, claims: Mapping[str, Any]) -> None:
    """Name an access token just issued, if by its `iat` a revocation would seem to cover it."""
    revocation = await storage.user_revocations.get(claims.get("uid", ""))
    if revocation is not None and _seems_covered(claims, revocation):
        expires_at = datetime.fromtimestamp(claims["exp"], UTC)
        reissue = Reissue(revocation_id=revocation.id, expires_at=expires_at)
        await storage.reissues.put(claims["jti"], reissue)


async def is_ended_with_user(storage: Storage, claims: Mapping[str, Any]) -> bool:
    """Tell whether the access token was issued to a user before all of theirs were revoked."""
    revocation = await storage.user_revocations.get(claims.get("uid", ""))
    if revocation is None or not _seems_covered(claims, revocation):
        return False
    reissue = await storage.reissues.get(claims["jti"])
    return reissue is None or reissue.revocation_id != revocation.id


def _seems_covered(claims: Mapping[str, Any], revocation: UserRevocation) -> bool:
    return bool(claims["iat"] <= int(revocation.revoked_at.timestamp()))
