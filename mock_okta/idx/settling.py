"""Where every remediation ends: at what is due next, or signed in."""

from typing import Any

import msgspec
from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.ids import Ids
from mock_okta.idx.authenticators import enrolled_of
from mock_okta.idx.challenges import Challenges
from mock_okta.idx.needs import helping, is_proof_due
from mock_okta.idx.transactions import INTERACTION_CODE_LIFETIME
from mock_okta.model.directory import Client, User, UserStatus
from mock_okta.model.failures import LockedOut, NotSignable, PolicyRefused
from mock_okta.model.interactions import IdentityTransaction, InteractionCode, Screen
from mock_okta.model.progress import Step
from mock_okta.services.factors import Factors
from mock_okta.services.sign_in.next_step import Requirements, Situation, enrollable
from mock_okta.services.sign_in.transactions import Transactions
from mock_okta.services.tokens.access import user_is_assigned
from mock_okta.services.users.credentials import SIGNABLE
from mock_okta.storage import Storage

__all__ = ["CLEARED", "Settling"]

CLEARED: dict[str, Any] = {
    "factor_id": None,
    "enrolling": None,
    "challenge": None,
    "answer": None,
    "authenticator": None,
    "method": None,
}
"""What is forgotten of a transaction that leaves an authenticator."""

_SCREENS = {
    Step.RENEW_PASSWORD: Screen.PASSWORD_EXPIRED,
    Step.WARN_PASSWORD: Screen.PASSWORD_WARNING,
    Step.ENROLL_FACTOR: Screen.CHOOSE_ENROLMENT,
}


class Settling(Struct, frozen=True, kw_only=True):
    """Brings transactions on, as the policies have it."""

    storage: Storage
    clock: Clock
    ids: Ids
    factors: Factors
    requirements: Requirements
    challenges: Challenges
    transactions: Transactions[IdentityTransaction]

    async def settle(
        self, transaction: IdentityTransaction, user: User, **changes: Any
    ) -> IdentityTransaction:
        """Return the transaction, changed so, at what the user has to do next, or at its end.

        Raises Overtaken if somebody else moved it meanwhile; LockedOut or NotSignable for a user
        who may not sign in; NotAssigned; PolicyRefused if nothing they do would let them in.
        """
        if user.status is UserStatus.LOCKED_OUT:
            raise LockedOut(user.login, is_shown=True)
        if user.status not in SIGNABLE:
            raise NotSignable(f"{user.login} is {user.status}")
        facts = {**CLEARED, "user_id": user.id, "login": user.login, "message": None, **changes}
        changed = msgspec.structs.replace(transaction, **facts)
        client = await self.client_of(changed)
        if client is not None:
            await user_is_assigned(self.storage, client, user)
        situation = await self.requirements.situation(changed, user)
        if situation.rule.access == "DENY":
            raise PolicyRefused(
                f"the sign-on rule {situation.rule.name!r} denies {user.login} access"
            )
        if is_proof_due(situation, client):
            return await self._to_prove(changed, situation)
        due = await self.requirements.next(changed, user)
        if due is not None:
            return await self.transactions.advance(changed, screen=_SCREENS[due])
        return await self._finish(changed, user)

    async def client_of(self, transaction: IdentityTransaction) -> Client | None:
        """Return the app that the transaction is for; None for the org's own pages."""
        return await self.storage.clients.get(transaction.client_id or "")

    async def _to_prove(
        self, transaction: IdentityTransaction, situation: Situation
    ) -> IdentityTransaction:
        user = situation.user
        found = helping(situation, enrolled_of(user), self.factors)
        if len(found) == 1:
            return await self.challenges.offer(transaction, user, found[0])
        if found:
            return await self.transactions.advance(transaction, screen=Screen.CHOOSE_AUTHENTICATOR)
        if not transaction.amr or not enrollable(situation):
            raise PolicyRefused(f"{user.login} has no authenticator that would do")
        return await self.transactions.advance(transaction, screen=Screen.CHOOSE_ENROLMENT)

    async def _finish(self, transaction: IdentityTransaction, user: User) -> IdentityTransaction:
        """End the sign-in: with an interaction code for an app, or at the way into a session."""
        interaction = transaction.interaction
        if interaction is None:
            return await self.transactions.advance(transaction, screen=Screen.SUCCESS)
        claimed = await self.transactions.claim(transaction)
        value, now = self.ids.opaque(), self.clock.now()
        session = await self.storage.sessions.get(transaction.session_id or "")
        code = InteractionCode(
            interaction=interaction,
            user_id=user.id,
            amr=transaction.amr,
            authenticated_at=now if session is None else session.authenticated_at,
            expires_at=now + INTERACTION_CODE_LIFETIME,
            idp_id=transaction.idp_id,
        )
        await self.storage.interaction_codes.put(value, code)
        return await self.transactions.advance(
            claimed, screen=Screen.SUCCESS, draft={"interaction_code": value}, is_claimed=False
        )
