"""Asking a user to prove an authenticator, and asking again."""

from datetime import timedelta
from typing import Any

import msgspec
from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.ids import Ids
from mock_okta.idx.authenticators import EMAIL, OKTA_VERIFY, PHONE
from mock_okta.idx.enrolled import Enrolled
from mock_okta.model.directory import User
from mock_okta.model.factors import Factor, FactorKey
from mock_okta.model.interactions import IdentityTransaction, MagicLink, Screen
from mock_okta.model.progress import Challenge
from mock_okta.services.directory.outbox import Outbox
from mock_okta.services.directory.policies import Policies
from mock_okta.services.factors import Factors
from mock_okta.services.sign_in.transactions import Transactions
from mock_okta.storage import Storage
from mock_okta.web.hosted_pages import MAGIC_LINK

__all__ = ["Challenges"]

_REMEMBERED = timedelta(days=1)
_ASKS_FIRST = (EMAIL, PHONE, OKTA_VERIFY)
"""What is sent to the user is sent once they ask for it."""


class Challenges(Struct, frozen=True, kw_only=True):
    """Begins challenges; `url` is the org's."""

    storage: Storage
    clock: Clock
    ids: Ids
    outbox: Outbox
    factors: Factors
    policies: Policies
    transactions: Transactions[IdentityTransaction]
    url: str

    async def offer(
        self, transaction: IdentityTransaction, user: User, enrolled: Enrolled, **changes: Any
    ) -> IdentityTransaction:
        """Ask for the authenticator: at once if nothing has to be sent, else by which method.

        A push is sent at once if the user wanted that. What was sent before is remembered, so that
        it is not sent again at once.
        """
        push = enrolled.push
        if push is not None and push.auto_push and transaction.factor_id != push.id:
            return await self.begin(transaction, user, enrolled, "push", **changes)
        if enrolled.authenticator.key in _ASKS_FIRST:
            is_same = transaction.factor_id == enrolled.id
            facts = {
                "screen": Screen.CHOOSE_METHOD,
                "authenticator": enrolled.authenticator.key,
                "method": None,
                "factor_id": enrolled.id,
                "challenge": transaction.challenge if is_same else None,
                "answer": None,
                "message": None,
            }
            return await self.transactions.advance(transaction, **{**facts, **changes})
        return await self.begin(transaction, user, enrolled, enrolled.methods[0].type, **changes)

    async def begin(
        self,
        transaction: IdentityTransaction,
        user: User,
        enrolled: Enrolled,
        method: str,
        **changes: Any,
    ) -> IdentityTransaction:
        """Challenge the user by that method; raise SentRecently."""
        factor = enrolled.factors[method]
        before = transaction.challenge if transaction.factor_id == factor.id else None
        challenge = await self.factors.kind(factor.key).challenge(user, factor, before)
        facts = {
            "screen": Screen.CHALLENGE,
            "authenticator": enrolled.authenticator.key,
            "method": method,
            "factor_id": factor.id,
            "challenge": challenge,
            "answer": None,
        }
        moved = await self.transactions.advance(transaction, **{**facts, **changes})
        if challenge is not None:
            await self.send(moved, user, factor, challenge)
        return moved

    async def send_at_once(self, user: User, factor: Factor, *, wanted: bool) -> User:
        """Remember whether this push is sent without asking the user first; return the user."""
        changed = msgspec.structs.replace(factor, auto_push=wanted)

        def remembered(kept: User) -> User:
            factors = tuple(changed if each.id == factor.id else each for each in kept.factors)
            return msgspec.structs.replace(kept, factors=factors)

        return await self.storage.users.update(user.id, remembered) or user

    async def send(
        self, transaction: IdentityTransaction, user: User, factor: Factor, challenge: Challenge
    ) -> None:
        """Bring the challenge to the user; an e-mail has a link beside the passcode.

        The org may do without the link.
        """
        known = await self.policies.authenticators()
        if factor.key is not FactorKey.EMAIL or not known[EMAIL].settings.uses_magic_link:
            await self.factors.kind(factor.key).send(user, factor, challenge)
            return
        token = self.ids.link_token()
        link = MagicLink(
            state_handle=transaction.handle,
            passcode=challenge.value,
            ends_at=challenge.expires_at,
            expires_at=challenge.expires_at + _REMEMBERED,
        )
        await self.storage.magic_links.put(token, link)
        url = self.url + MAGIC_LINK.format(token=token)
        text = f"Your verification code is {challenge.value}. Or open this link: {url}"
        await self.outbox.send_passcode(
            "email", str(factor.profile["email"]), challenge.value, text, link=url
        )
