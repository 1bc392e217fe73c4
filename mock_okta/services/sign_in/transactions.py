"""Sign-ins in progress, kept under their state tokens."""

from datetime import timedelta
from typing import Any

import msgspec
from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.ids import Ids
from mock_okta.model.failures import Overtaken, SpentOrExpired
from mock_okta.model.transactions import Status, Transaction
from mock_okta.storage import Storage

__all__ = ["TRANSACTION_LIFETIME", "Transactions"]

TRANSACTION_LIFETIME = timedelta(minutes=5)
"""facts/classic C.0, 9: it slides with each request."""


class Transactions(Struct, frozen=True, kw_only=True):
    """Keeps transactions; of two changes to the same state, one is refused as Overtaken."""

    storage: Storage
    clock: Clock
    ids: Ids

    def new(self, status: Status, **facts: Any) -> Transaction:
        """Return a transaction that is not kept yet: what is over at once need not be."""
        return Transaction(
            state_token=self.ids.state_token(),
            status=status,
            expires_at=self.clock.now() + TRANSACTION_LIFETIME,
            **facts,
        )

    async def load(self, state_token: str) -> Transaction:
        """Return the transaction, its lifetime begun anew; raise SpentOrExpired."""
        now = self.clock.now()

        def slid(kept: Transaction) -> Transaction:
            if kept.is_claimed:
                raise SpentOrExpired("the stateToken is in use")
            until = max(kept.expires_at, now + TRANSACTION_LIFETIME)
            return msgspec.structs.replace(kept, expires_at=until)

        transaction = await self.storage.transactions.update(state_token, slid)
        if transaction is None:
            raise SpentOrExpired("the stateToken is unknown, used or expired")
        return transaction

    async def advance(self, transaction: Transaction, **changes: Any) -> Transaction:
        """Keep the transaction with the changes; raise Overtaken if it changed meanwhile.

        Deviation: it outlasts its challenge, so that whose passcode or push is too late is told so,
        also by a clock that was moved past both at once.
        """
        changed = msgspec.structs.replace(transaction, version=transaction.version + 1, **changes)
        if changed.challenge is not None:
            until = changed.challenge.expires_at + TRANSACTION_LIFETIME
            changed = msgspec.structs.replace(changed, expires_at=max(changed.expires_at, until))
        if transaction.version == 0 and await self.storage.transactions.add(
            transaction.state_token, changed
        ):
            return changed

        def claimed(kept: Transaction) -> Transaction:
            if kept.version != transaction.version:
                raise Overtaken(kept.state_token)
            return changed

        if await self.storage.transactions.update(transaction.state_token, claimed) is None:
            raise Overtaken(transaction.state_token)
        return changed

    async def claim(self, transaction: Transaction) -> Transaction:
        """Take the transaction for oneself until it is advanced; raise Overtaken as `advance` does.

        To everybody else it is as good as gone meanwhile: for effects that must come before the
        next state is known, and once. If they fail, the transaction is over.
        """
        claimed = await self.advance(transaction, is_claimed=True)
        return msgspec.structs.replace(transaction, version=claimed.version)

    async def finish(self, transaction: Transaction) -> None:
        """End the transaction; raise Overtaken if it changed meanwhile or is over already."""
        if transaction.version > 0:
            await self.claim(transaction)
            await self.storage.transactions.take(transaction.state_token)
