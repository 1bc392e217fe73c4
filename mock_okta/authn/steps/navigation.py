"""Showing a transaction, going back, skipping and cancelling."""

from typing import Any

from mock_okta.authn.requests import Call
from mock_okta.authn.statuses import STEP_OF
from mock_okta.authn.steps.settling import Steps
from mock_okta.model.transactions import Status, Transaction

__all__ = ["NavigationSteps"]

_BEFORE = {
    Status.MFA_CHALLENGE: Status.MFA_REQUIRED,
    Status.MFA_ENROLL_ACTIVATE: Status.MFA_ENROLL,
}


class NavigationSteps(Steps, frozen=True, kw_only=True):
    """Moves through a transaction without proving anything."""

    async def introspect(self, transaction: Transaction, _: Call) -> dict[str, Any]:
        """Show where the transaction stands."""
        user = None if transaction.user_id is None else await self.user_of(transaction)
        return await self.responses.standing(transaction, user)

    async def previous(self, transaction: Transaction, _: Call) -> dict[str, Any]:
        """Go back to the list of factors; a challenge or an unfinished enrolment is dropped."""
        user = await self.user_of(transaction)
        before = Status.UNAUTHENTICATED if transaction.is_anonymous else _BEFORE[transaction.status]
        return await self.move(
            transaction,
            user,
            status=before,
            factor_id=None,
            enrolling=None,
            challenge=None,
            answer=None,
        )

    async def skip(self, transaction: Transaction, _: Call) -> dict[str, Any]:
        """Skip an optional step.

        A required one comes back at once: `settle` works out what is due.
        """
        user = await self.user_of(transaction)
        skipped = transaction.skipped | {STEP_OF[transaction.status]}
        return await self.settle(transaction, user, skipped=skipped)

    async def cancel(self, transaction: Transaction, _: Call) -> dict[str, Any]:
        """End the transaction without a sign-in."""
        await self.transactions.finish(transaction)
        return {} if transaction.relay_state is None else {"relayState": transaction.relay_state}
