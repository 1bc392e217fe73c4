"""What all classes of steps share: above all `settle`, where a step ends."""

from typing import Any

import msgspec
from msgspec import Struct

from mock_okta.authn.responses import Responses
from mock_okta.authn.statuses import STATUS_OF
from mock_okta.model.directory import User, UserStatus
from mock_okta.model.failures import LockedOut, NotSignable, SpentOrExpired
from mock_okta.model.progress import RecoveryType
from mock_okta.model.transactions import Status, Transaction
from mock_okta.services.sign_in.next_step import Requirements
from mock_okta.services.sign_in.sessions import Sessions
from mock_okta.services.sign_in.transactions import Transactions
from mock_okta.services.users.credentials import SIGNABLE
from mock_okta.storage import Collection

__all__ = ["Steps", "proved_with"]

_NOT_ACTIVATED = (UserStatus.STAGED, UserStatus.PROVISIONED)


class Steps(Struct, frozen=True, kw_only=True):
    """Finds the user of a transaction, moves it on, and ends it; its subclasses say when."""

    users: Collection[User]
    requirements: Requirements
    transactions: Transactions[Transaction]
    sessions: Sessions
    responses: Responses

    async def user_of(self, transaction: Transaction) -> User:
        """Return the user of the transaction.

        Raises SpentOrExpired if they were removed, NotSignable if they were suspended, for example.
        """
        user = await self.users.get(transaction.user_id or "")
        if user is None:
            raise SpentOrExpired("the user of this stateToken was removed")
        is_activation = transaction.recovery_type is RecoveryType.ACCOUNT_ACTIVATION
        if not user.is_usable and not (is_activation and user.status in _NOT_ACTIVATED):
            raise NotSignable(f"{user.login} is {user.status}")
        return user

    async def prover_of(self, transaction: Transaction) -> User:
        """Return the user of the transaction; raise LockedOut for one who may prove nothing now."""
        user = await self.user_of(transaction)
        if user.status is UserStatus.LOCKED_OUT:
            raise LockedOut(user.login, is_shown=True)
        return user

    async def move(
        self, transaction: Transaction, user: User | None, **changes: Any
    ) -> dict[str, Any]:
        """Store the transaction with the changes, and return its body; raise Overtaken."""
        moved = await self.transactions.advance(transaction, **changes)
        return await self.responses.standing(moved, user)

    async def settle(self, transaction: Transaction, user: User, **changes: Any) -> dict[str, Any]:
        """Make the changes, then move on to what is due next; if nothing is, end in SUCCESS.

        A step-up stays in SUCCESS until its link is followed. Any other sign-in gives a session
        token.

        Raises Overtaken if another request moved the transaction first: only one of them gets a
        session token. Raises LockedOut or NotSignable for a user who may not sign in any more.
        """
        if user.status is UserStatus.LOCKED_OUT:
            raise LockedOut(user.login, is_shown=True)
        if user.status not in SIGNABLE:
            raise NotSignable(f"{user.login} is {user.status}")
        changed = msgspec.structs.replace(
            transaction,
            user_id=user.id,
            factor_id=None,
            enrolling=None,
            challenge=None,
            answer=None,
            **changes,
        )
        due = await self.requirements.next(changed, user)
        if due is not None:
            return await self.move(changed, user, status=STATUS_OF[due])
        if changed.is_step_up:
            return await self.move(changed, user, status=Status.SUCCESS)
        await self.transactions.finish(changed)
        value, token = await self.sessions.make_session_token(
            user, amr=changed.amr, idp_id=changed.idp_id, fingerprint=changed.fingerprint
        )
        return self.responses.success(value, token, user, changed)


def proved_with(amr: tuple[str, ...], *proofs: str) -> tuple[str, ...]:
    """Return `amr` with the new proofs; two different proofs make `mfa` (facts/oauth F.6)."""
    proved = {*amr, *proofs} - {"mfa"}
    return ("mfa", *sorted(proved)) if len(proved) > 1 else tuple(proved)
