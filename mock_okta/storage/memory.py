"""The backend in memory: one event loop, one org."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from mock_okta.clock import Clock
from mock_okta.domain.directory import AuthorizationServer, Client, User
from mock_okta.domain.identity_providers import IdentityProvider, RoutingRule
from mock_okta.domain.policies import EnrollmentPolicy, PasswordPolicy, SignOnPolicy
from mock_okta.domain.pushes import PushRequest
from mock_okta.domain.records import (
    Activation,
    ApiToken,
    AuthorizationCode,
    DeviceAuthorization,
    Guesses,
    Message,
    ParkedAuthorization,
    PushedAuthorization,
    RateLimit,
    RecoveryToken,
    Redemption,
    RefreshToken,
    Reissue,
    RememberedDevice,
    RequestCount,
    Revocation,
    Session,
    SessionToken,
    TokenRevocation,
    UsedId,
    UserCode,
)
from mock_okta.domain.registration import RegistrationPolicy
from mock_okta.domain.transactions import Transaction
from mock_okta.storage.ports import StoredRecords

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
        self.restore({})

    def records(self) -> Mapping[str, T]:
        """Return the records by key, as they are now."""
        return self._records.copy()

    def restore(self, records: Mapping[str, T]) -> None:
        """Keep these records alone."""
        self._records = dict(records)
        self._sweep_at = max(self._SMALLEST_SWEEP, 2 * len(records))

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
        self.redemptions = MemoryCollection[Redemption](clock)
        self.device_authorizations = MemoryCollection[DeviceAuthorization](clock)
        self.user_codes = MemoryCollection[UserCode](clock)
        self.user_code_guesses = MemoryCollection[Guesses](clock)
        self.activations = MemoryCollection[Activation](clock)
        self.refresh_tokens = MemoryCollection[RefreshToken](clock)
        self.revocations = MemoryCollection[Revocation](clock)
        self.token_revocations = MemoryCollection[TokenRevocation](clock)
        self.reissues = MemoryCollection[Reissue](clock)
        self.used_ids = MemoryCollection[UsedId](clock)
        self.api_tokens = MemoryCollection[ApiToken](clock)
        self.rate_limits = MemoryCollection[RateLimit](clock)
        self.request_counts = MemoryCollection[RequestCount](clock)
        self.known_devices = MemoryCollection[str](clock)
        self.remembered_devices = MemoryCollection[RememberedDevice](clock)
        self.transactions = MemoryCollection[Transaction](clock)
        self.recovery_tokens = MemoryCollection[RecoveryToken](clock)
        self.password_policies = MemoryCollection[PasswordPolicy](clock)
        self.sign_on_policies = MemoryCollection[SignOnPolicy](clock)
        self.enrollment_policies = MemoryCollection[EnrollmentPolicy](clock)
        self.registration_policies = MemoryCollection[RegistrationPolicy](clock)
        self.push_requests = MemoryCollection[PushRequest](clock)
        self.identity_providers = MemoryCollection[IdentityProvider](clock)
        self.routing_rules = MemoryCollection[RoutingRule](clock)
        self.outbox = MemoryCollection[Message](clock)

    async def records(self) -> StoredRecords:
        return {name: collection.records() for name, collection in self._collections().items()}

    async def restore(self, records: StoredRecords) -> None:
        for name, collection in self._collections().items():
            collection.restore(records.get(name, {}))

    async def clear(self) -> None:
        await self.restore({})

    def _collections(self) -> Mapping[str, MemoryCollection[object]]:
        return vars(self)
