"""Sign-ins in progress, stored between requests."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.model.failures import Overtaken, SpentOrExpired
from mock_okta.model.progress import KeptProgress
from mock_okta.storage import Collection

__all__ = ["Transactions"]

_TRANSACTION_LIFETIME = timedelta(minutes=5)
"""It starts again with each request (facts/classic C.0, 9)."""

T = TypeVar("T", bound=KeptProgress)


class Transactions(Struct, Generic[T], frozen=True, kw_only=True):
    """Stores an engine's transactions; of two changes to the same version, one raises Overtaken.

    `kept`: their collection. `record`: the engine's own type of record. `new_handle`: makes the
    handle by which clients name a transaction.
    """

    kept: Collection[T]
    record: type[T]
    new_handle: Callable[[], str]
    clock: Clock

    def new(self, **facts: Any) -> T:
        """Return a new transaction; it is stored when it first advances."""
        until = self.clock.now() + _TRANSACTION_LIFETIME
        return self.record(handle=self.new_handle(), expires_at=until, **facts)

    async def load(self, handle: str) -> T:
        """Return the transaction, and restart its lifetime; raise SpentOrExpired."""
        now = self.clock.now()

        def slid(kept: T) -> T:
            if kept.is_claimed:
                raise SpentOrExpired("the transaction is in use")
            until = max(kept.expires_at, now + _TRANSACTION_LIFETIME)
            return msgspec.structs.replace(kept, expires_at=until)

        transaction = await self.kept.update(handle, slid)
        if transaction is None:
            raise SpentOrExpired("the transaction is unknown, used or expired")
        return transaction

    async def advance(self, transaction: T, **changes: Any) -> T:
        """Store the transaction with the changes; raise Overtaken if it changed meanwhile.

        Deviation: it lives longer than its challenge. The user of a late passcode or push then gets
        the right error, even if a test moved the clock past both.
        """
        changed = msgspec.structs.replace(transaction, version=transaction.version + 1, **changes)
        if changed.challenge is not None:
            until = changed.challenge.expires_at + _TRANSACTION_LIFETIME
            changed = msgspec.structs.replace(changed, expires_at=max(changed.expires_at, until))
        if transaction.version == 0 and await self.kept.add(transaction.handle, changed):
            return changed

        def claimed(kept: T) -> T:
            if kept.version != transaction.version:
                raise Overtaken(kept.handle)
            return changed

        if await self.kept.update(transaction.handle, claimed) is None:
            raise Overtaken(transaction.handle)
        return changed

    async def claim(self, transaction: T) -> T:
        """Reserve the transaction until it is advanced; raise Overtaken as `advance` does.

        Other requests cannot load it meanwhile. For effects that must happen once, and before the
        next state is known. If they fail, the transaction is over.
        """
        claimed = await self.advance(transaction, is_claimed=True)
        return msgspec.structs.replace(transaction, version=claimed.version)

    async def finish(self, transaction: T) -> None:
        """End the transaction; raise Overtaken if it changed meanwhile, or is over."""
        if transaction.version > 0:
            await self.claim(transaction)
            await self.kept.take(transaction.handle)
