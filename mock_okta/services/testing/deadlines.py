"""What of an org ends next."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from mock_okta.model.factors import PushAnswer
from mock_okta.model.insight import Deadline
from mock_okta.services.world import World
from mock_okta.storage import Storage

__all__ = ["Ends"]

_Read = Callable[[Storage], Callable[[], Awaitable[Sequence[Any]]]]
_ENDING: tuple[tuple[str, _Read], ...] = (
    ("session", lambda kept: kept.sessions.values),
    ("session token", lambda kept: kept.session_tokens.values),
    ("sign-in in progress", lambda kept: kept.transactions.values),
    ("sign-in in progress", lambda kept: kept.identity_transactions.values),
    ("authorization code", lambda kept: kept.authorization_codes.values),
    ("interaction code", lambda kept: kept.interaction_codes.values),
    ("refresh token", lambda kept: kept.refresh_tokens.values),
    ("recovery link", lambda kept: kept.recovery_tokens.values),
    ("device code", lambda kept: kept.device_authorizations.values),
    ("remembered device", lambda kept: kept.remembered_devices.values),
    ("push", lambda kept: kept.push_requests.values),
)
"""What has an end, and where it is kept."""


class Ends(Struct, frozen=True, kw_only=True):
    """Lists what will end, by the org's clock."""

    world: World

    async def next(self) -> tuple[Deadline, ...]:
        """Return what ends, the next one first."""
        now = self.world.clock.now()
        found = [each async for each in self._all() if each.at > now]
        return tuple(sorted(found, key=lambda each: each.at))

    async def _all(self) -> AsyncIterator[Deadline]:
        storage = self.world.storage
        found = [
            (what, getattr(record, "user_id", None) or "", record)
            for what, read in _ENDING
            for record in await read(storage)()
            if _is_open(record)
        ]
        ids = list({user_id for _, user_id, _ in found})
        users = await storage.users.get_many(ids)
        logins = {user.id: user.login for user in users if user is not None}
        for what, user_id, record in found:
            whose = logins.get(user_id) or getattr(record, "client_id", None) or ""
            yield Deadline(what=what, whose=whose, at=_end_of(record))
        for server in await storage.authorization_servers.values():
            at = await self.world.keys.next_rotation_at(server.id)
            yield Deadline(what="signing key", whose=server.id, at=at)


def _is_open(record: Any) -> bool:
    """Leave out what is over already: used links and codes, answered pushes, rotated tokens."""
    is_used = getattr(record, "used", False) or getattr(record, "redemption", None) is not None
    is_rotated = getattr(record, "successor", None) is not None
    return not is_used and not is_rotated and getattr(record, "answer", _WAITING) == _WAITING


_WAITING = PushAnswer.WAITING


def _end_of(record: Any) -> datetime:
    """Return the end; what is kept for late callers has it in `ends_at`."""
    ends_at, expires_at = getattr(record, "ends_at", None), record.expires_at
    end: datetime = expires_at if ends_at is None else min(ends_at, expires_at)
    return end
