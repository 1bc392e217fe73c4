"""The backend in memory: one event loop, one org."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from mock_okta.clock import Clock
from mock_okta.domain.directory import AuthorizationServer, Client, User
from mock_okta.domain.records import (
    Activation,
    ApiToken,
    AuthorizationCode,
    DeviceAuthorization,
    Message,
    ParkedAuthorization,
    PushedAuthorization,
    RateLimit,
    RefreshToken,
    Reissue,
    RequestCount,
    Revocation,
    Session,
    SessionToken,
    UsedId,
    UserCode,
    UserRevocation,
)

__all__ = ["MemoryCollection", "MemoryStorage"]

T = TypeVar("T")


class MemoryCollection(Generic[T]):
    """A dict; atomic because no method awaits anything.

    Expired records are swept out whenever the collection has doubled since the last sweep, so that
    it holds at most about twice what is alive, at a constant cost a record.
    """

    _SMALLEST_SWEEP = 1024

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._records: dict[str, T] = {}
        self._sweep_at = self._SMALLEST_SWEEP

    async def get(self, key: str) -> T | None:
        return self._records.get(key)

    async def put(self, key: str, record: T) -> None:
        self._records[key] = record
        if len(self._records) >= self._sweep_at:
            self._sweep()

    async def add(self, key: str, record: T) -> bool:
        if key in self._records:
            return False
        await self.put(key, record)
        return True

    async def take(self, key: str) -> T | None:
        return self._records.pop(key, None)

    async def update(self, key: str, change: Callable[[T], T]) -> T | None:
        record = self._records.get(key)
        if record is None:
            return None
        changed = self._records[key] = change(record)
        return changed

    async def values(self) -> Sequence[T]:
        return tuple(self._records.values())

    async def remove(self, where: Callable[[T], bool]) -> None:
        self._records = {key: each for key, each in self._records.items() if not where(each)}

    async def clear(self) -> None:
        self._records.clear()
        self._sweep_at = self._SMALLEST_SWEEP

    def _sweep(self) -> None:
        now = self._clock.now()
        self._records = {
            key: record for key, record in self._records.items() if not _is_expired(record, now)
        }
        self._sweep_at = max(self._SMALLEST_SWEEP, 2 * len(self._records))


def _is_expired(record: object, now: datetime) -> bool:
    expires_at: datetime | None = getattr(record, "expires_at", None)
    return expires_at is not None and expires_at <= now


class MemoryStorage:
    """Everything that one org keeps, in memory."""

    def __init__(self, clock: Clock) -> None:
        self.users = MemoryCollection[User](clock)
        self.user_ids = MemoryCollection[str](clock)
        self.clients = MemoryCollection[Client](clock)
        self.authorization_servers = MemoryCollection[AuthorizationServer](clock)
        self.trusted_origins = MemoryCollection[str](clock)
        self.sessions = MemoryCollection[Session](clock)
        self.session_tokens = MemoryCollection[SessionToken](clock)
        self.parked_authorizations = MemoryCollection[ParkedAuthorization](clock)
        self.pushed_authorizations = MemoryCollection[PushedAuthorization](clock)
        self.consents = MemoryCollection[str](clock)
        self.authorization_codes = MemoryCollection[AuthorizationCode](clock)
        self.device_authorizations = MemoryCollection[DeviceAuthorization](clock)
        self.user_codes = MemoryCollection[UserCode](clock)
        self.activations = MemoryCollection[Activation](clock)
        self.refresh_tokens = MemoryCollection[RefreshToken](clock)
        self.revocations = MemoryCollection[Revocation](clock)
        self.user_revocations = MemoryCollection[UserRevocation](clock)
        self.reissues = MemoryCollection[Reissue](clock)
        self.used_ids = MemoryCollection[UsedId](clock)
        self.api_tokens = MemoryCollection[ApiToken](clock)
        self.rate_limits = MemoryCollection[RateLimit](clock)
        self.request_counts = MemoryCollection[RequestCount](clock)
        self.known_devices = MemoryCollection[str](clock)
        self.outbox = MemoryCollection[Message](clock)

    async def clear(self) -> None:
        collections: list[MemoryCollection[object]] = list(vars(self).values())
        for collection in collections:
            await collection.clear()
