"""Looking at a transaction, going back, putting off and giving up."""

from typing import Any

from mock_okta.authn.parts import Parts
from mock_okta.authn.requests import Call
from mock_okta.authn.statuses import STEP_OF
from mock_okta.authn.steps.settling import settle
from mock_okta.model.transactions import Status, Transaction

__all__ = ["cancel", "introspect", "previous", "skip"]

_BEFORE = {
    Status.MFA_CHALLENGE: Status.MFA_REQUIRED,
    Status.MFA_ENROLL_ACTIVATE: Status.MFA_ENROLL,
}


async def introspect(parts: Parts, transaction: Transaction, _: Call) -> dict[str, Any]:
    """Show where the transaction stands."""
    user = None if transaction.user_id is None else await parts.user_of(transaction)
    return await parts.responses.standing(transaction, user)


async def previous(parts: Parts, transaction: Transaction, _: Call) -> dict[str, Any]:
    """Go back to the list of factors; what was sent or half enrolled counts no more."""
    user = await parts.user_of(transaction)
    before = Status.UNAUTHENTICATED if transaction.is_anonymous else _BEFORE[transaction.status]
    moved = await parts.transactions.advance(
        transaction,
        status=before,
        factor_id=None,
        enrolling=None,
        challenge=None,
        answer=None,
    )
    return await parts.responses.standing(moved, user)


async def skip(parts: Parts, transaction: Transaction, _: Call) -> dict[str, Any]:
    """Skip an optional step. A required one comes back at once: `settle` works out what is due."""
    user = await parts.user_of(transaction)
    skipped = transaction.skipped | {STEP_OF[transaction.status]}
    return await settle(parts, transaction, user, skipped=skipped)


async def cancel(parts: Parts, transaction: Transaction, _: Call) -> dict[str, Any]:
    """End the transaction without a sign-in."""
    await parts.transactions.finish(transaction)
    return {} if transaction.relay_state is None else {"relayState": transaction.relay_state}
