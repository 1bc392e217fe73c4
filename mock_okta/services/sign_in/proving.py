"""Factors put to use: proving one, and adding one that works; the same in every engine."""

import msgspec
from msgspec import Struct

from mock_okta.model.directory import User, UserStatus
from mock_okta.model.factors import Factor, FactorKey
from mock_okta.model.failures import CodeUsed, LockedOut, Overtaken, Unsuitable, WrongPasscode
from mock_okta.model.progress import Challenge
from mock_okta.services.factors import FactorKind, Factors, Given
from mock_okta.services.users.credentials import Credentials
from mock_okta.storage import Storage

__all__ = ["Proving"]


class Proving(Struct, frozen=True, kw_only=True):
    """Verifies what a user gives for a factor, and keeps the factor as the proof leaves it."""

    storage: Storage
    credentials: Credentials
    factors: Factors

    async def prove(
        self,
        user: User,
        factor: Factor,
        challenge: Challenge | None,
        given: Given,
        *,
        counts: bool = True,
    ) -> User:
        """Return the user, whose last used factor this now is.

        Raises WrongPasscode, which `counts` towards a lockout; LockedOut; CodeUsed; Unanswered.
        """
        kind = self.factors.kind(factor.key)
        try:
            proved = await kind.verify(user, factor, challenge, given)
        except WrongPasscode:
            is_guess = challenge is not None or not kind.is_sent  # else there is nothing to guess
            if counts and is_guess:
                await self._count_wrong(user)
            raise
        return await self._keep_used(user, proved)

    async def _count_wrong(self, user: User) -> None:
        """Count a wrong passcode; raise LockedOut when it was one too many."""
        if (await self.credentials.count_failure(user)).status is UserStatus.LOCKED_OUT:
            raise LockedOut(user.login, is_shown=True)

    async def _keep_used(self, user: User, proved: Factor) -> User:
        """Keep the factor as the proof left it; raise CodeUsed if its code was spent.

        The counter is compared inside the update: of two uses of one code, the second sees the
        first.
        """

        def used(kept: User) -> User:
            if proved.key is FactorKey.PASSWORD:
                return msgspec.structs.replace(kept, failures=0)
            before = next((each for each in kept.factors if each.id == proved.id), None)
            if before is None:
                return kept
            if proved.counter is not None and (before.counter or -1) >= proved.counter:
                raise CodeUsed(proved.id)
            others = tuple(each for each in kept.factors if each.id != proved.id)
            return msgspec.structs.replace(kept, factors=(proved, *others), failures=0)

        return await self.storage.users.update(user.id, used) or user

    async def add(self, user: User, kind: FactorKind, factor: Factor, *more: Factor) -> User:
        """Return the user with the factor, what comes with its kind, and `more`.

        Raises Unsuitable if they have one of the kind, and Overtaken if they have other factors by
        now than `user` has: the decision that nothing had to be proved first was made without them.
        """
        known = {each.id for each in user.factors}

        def added(kept: User) -> User:
            if any(each.key is factor.key for each in kept.factors):
                raise Unsuitable("factor_type", "The user has a factor of this kind already.")
            if {each.id for each in kept.factors} != known:
                raise Overtaken(user.id)
            factors = (factor, *more, *kind.comes_with(kept), *kept.factors)
            return msgspec.structs.replace(kept, factors=factors)

        return await self.storage.users.update(user.id, added) or user
