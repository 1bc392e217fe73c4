"""Enrolling authenticators: from the choice to the proof that one works (facts/identity C14)."""

from collections.abc import Container
from typing import Any

from msgspec import Struct, structs

from mock_okta.idx.authenticators import AUTHENTICATORS, PHONE, Method
from mock_okta.idx.settling import CLEARED, Settling
from mock_okta.model.directory import User, UserStatus
from mock_okta.model.factors import Factor, FactorKey, FactorStatus
from mock_okta.model.failures import NotSignable, Overtaken, Unsuitable
from mock_okta.model.interactions import IdentityTransaction, Screen
from mock_okta.services.factors import Factors, Given
from mock_okta.services.sign_in.next_step import enrollable
from mock_okta.services.sign_in.proving import Proving
from mock_okta.services.users.passwords import Passwords
from mock_okta.storage import Storage

__all__ = ["Enrolments"]


class Enrolments(Struct, frozen=True, kw_only=True):
    """Begins enrolments, asks again, and adds what was enrolled."""

    storage: Storage
    factors: Factors
    proving: Proving
    passwords: Passwords
    settling: Settling

    async def ask(
        self, transaction: IdentityTransaction, authenticator: str, **changes: Any
    ) -> IdentityTransaction:
        """Ask for what is needed before the authenticator can be reached: a number, an address."""
        return await self._move(
            transaction, screen=Screen.ENROLMENT_DATA, authenticator=authenticator, **changes
        )

    async def answer(
        self, transaction: IdentityTransaction, authenticator: str, method: str
    ) -> IdentityTransaction:
        """Ask for what is known or chosen: nothing is made until it is given."""
        return await self._move(
            transaction, screen=Screen.ENROL, authenticator=authenticator, method=method
        )

    async def begin(
        self,
        transaction: IdentityTransaction,
        user: User,
        authenticator: str,
        method: Method,
        given: Given,
        **changes: Any,
    ) -> IdentityTransaction:
        """Make a factor that waits for its activation, and send its challenge; raise Unsuitable."""
        kind = self.factors.kind(method.factor)
        factor = await kind.enroll(user, given)
        challenge = await kind.challenge(user, factor, None)
        moved = await self._move(
            transaction,
            screen=Screen.ENROL,
            authenticator=authenticator,
            method=method.type,
            enrolling=factor,
            challenge=challenge,
            **changes,
        )
        if challenge is not None:
            await self.settling.challenges.send(moved, user, factor, challenge)
        return moved

    async def ask_again(
        self, transaction: IdentityTransaction, user: User, factor: Factor, **changes: Any
    ) -> IdentityTransaction:
        """Send a new challenge for what is being enrolled; raise SentRecently."""
        kind = self.factors.kind(factor.key)
        before = None if kind.polls else transaction.challenge
        challenge = await kind.challenge(user, factor, before)
        moved = await self.settling.transactions.advance(
            transaction, challenge=challenge, answer=None, message=None, **changes
        )
        if challenge is not None:
            await self.settling.challenges.send(moved, user, factor, challenge)
        return moved

    async def add(
        self,
        transaction: IdentityTransaction,
        user: User,
        factor: Factor,
        *,
        verifies_user: bool = False,
    ) -> IdentityTransaction:
        """Give the user the factor, which was proved to work, and go on to what is due next.

        The transaction is claimed first: of two activations, one alone adds the factor. Of two
        transactions too: the later one goes on to what is due now, without the factor.
        """
        kind = self.factors.kind(factor.key)
        offered = enrollable(await self.settling.needs.requirements.situation(transaction, user))
        if user.status is UserStatus.PROVISIONED and factor.key not in offered:
            # A new user proves an address that no policy has them enrol.
            return await self.settling.proved(transaction, user, factor.key)
        more = self._other_method(factor, offered)
        claimed = await self.settling.transactions.claim(transaction)
        try:
            enrolled = await self.proving.add(user, kind, factor, *more)
        except (Unsuitable, Overtaken):
            return await self.settling.settle(claimed, await self._as_kept(user), draft={})
        return await self._enrolled(claimed, enrolled, factor.key, verifies_user=verifies_user)

    async def set_password(
        self, transaction: IdentityTransaction, user: User, password: str
    ) -> IdentityTransaction:
        """Give the user their first password; raise PasswordRefused."""
        await self.passwords.check_new(user, password)
        claimed = await self.settling.transactions.claim(transaction)
        if (await self._as_kept(user)).password:
            return await self.settling.settle(claimed, await self._as_kept(user), draft={})
        is_new = user.status is UserStatus.PROVISIONED  # and has to prove the address, too
        user = await self.passwords.set(user, password, activates=not is_new)
        return await self._enrolled(claimed, user, FactorKey.PASSWORD)

    async def _move(self, transaction: IdentityTransaction, **changes: Any) -> IdentityTransaction:
        """Leave what was being enrolled before."""
        moved = {**CLEARED, "draft": {}, "message": None, **changes}
        return await self.settling.transactions.advance(transaction, **moved)

    async def _enrolled(
        self,
        transaction: IdentityTransaction,
        user: User,
        key: FactorKey,
        *,
        verifies_user: bool = False,
    ) -> IdentityTransaction:
        """Go on: what is enrolled is proved, and what else may be enrolled is offered again."""
        return await self.settling.settle(
            transaction,
            user,
            **self.settling.needs.with_proof(transaction, key, verifies_user=verifies_user),
            enrolled=True,
            wants_more_factors=True,
            draft={},
        )

    async def _as_kept(self, user: User) -> User:
        kept = await self.storage.users.get(user.id)
        if kept is None:
            raise NotSignable(f"{user.login} was removed")
        return kept

    def _other_method(self, factor: Factor, offered: Container[FactorKey]) -> tuple[Factor, ...]:
        """Return the phone's other method, for the same number, where the policy offers it too.

        In the Identity Engine a phone is a number: Okta's API enrols it without a method, and lists
        it with all methods of the org. A number with an extension gets no text messages.
        """
        if factor.key not in (FactorKey.SMS, FactorKey.CALL) or "phone_extension" in factor.profile:
            return ()
        return tuple(
            structs.replace(
                self.factors.kind(method.factor).new_factor(factor.profile),
                status=FactorStatus.ACTIVE,
            )
            for method in AUTHENTICATORS[PHONE].methods
            if method.factor is not factor.key and method.factor in offered
        )
