"""Where every remediation ends: at what is due next, or signed in."""

from typing import Any

import msgspec
from msgspec import Struct

from mock_okta.idx.authenticators import QUESTION
from mock_okta.idx.challenges import Challenges
from mock_okta.idx.enrollable import enrollable_of, left_to_enroll
from mock_okta.idx.enrolled import Enrolled, recovery_authenticators, recovery_question_of
from mock_okta.idx.finishing import Finishing
from mock_okta.idx.needs import Needed, Needs
from mock_okta.model.clients import Client
from mock_okta.model.directory import User, UserStatus
from mock_okta.model.factors import FactorKey
from mock_okta.model.failures import LockedOut, NotSignable, RecoveryRefused
from mock_okta.model.interactions import IdentityTransaction, Purpose, Screen, Shown
from mock_okta.model.progress import RecoveryType, Step
from mock_okta.services.directory.policies import Policies
from mock_okta.services.sign_in.next_step import AFTER_PROOF
from mock_okta.services.sign_in.staying import Staying
from mock_okta.services.sign_in.transactions import Transactions
from mock_okta.services.tokens.access import user_is_assigned
from mock_okta.services.users.credentials import SIGNABLE, Credentials
from mock_okta.services.users.lifecycle import Lifecycle
from mock_okta.services.users.profiles import Profiles
from mock_okta.services.world import World

__all__ = ["ANEW", "CLEARED", "Settling"]

CLEARED: dict[str, Any] = {
    "factor_id": None,
    "enrolling": None,
    "challenge": None,
    "answer": None,
    "authenticator": None,
    "method": None,
}
"""What is forgotten of a transaction that leaves an authenticator."""
ANEW: dict[str, Any] = {
    "purpose": Purpose.SIGN_IN,
    "amr": (),
    "proofs": (),
    "session_id": None,
    "is_step_up": False,
    "idp_id": None,
    "skipped": frozenset(),
    "enrolled": False,
    "draft": {},
    "declined": None,
}
"""What is forgotten when somebody begins to sign in: what an earlier user left."""

UNLOCKED = Shown(
    key="oie.selfservice.unlock_user.success.message",
    text="You can log in using your existing username and password",
)
_PROVING = (Screen.CHOOSE_AUTHENTICATOR, Screen.CHOOSE_METHOD, Screen.CHALLENGE)
_SCREENS = {
    Step.RENEW_PASSWORD: Screen.PASSWORD_EXPIRED,
    Step.WARN_PASSWORD: Screen.PASSWORD_WARNING,
    Step.ENROLL_FACTOR: Screen.CHOOSE_ENROLMENT,
}


class Settling(Struct, frozen=True, kw_only=True):
    """Moves transactions on to what the policies ask for next."""

    world: World
    credentials: Credentials
    lifecycle: Lifecycle
    policies: Policies
    profiles: Profiles
    staying: Staying
    needs: Needs
    challenges: Challenges
    finishing: Finishing
    transactions: Transactions[IdentityTransaction]

    async def proved(
        self,
        transaction: IdentityTransaction,
        user: User,
        key: FactorKey,
        *,
        verifies_user: bool = False,
    ) -> IdentityTransaction:
        """Go on after a proof: to a new password, to an unlocked account, or with the sign-in."""
        proof = self.needs.with_proof(transaction, key, verifies_user=verifies_user)
        match transaction.purpose:
            case Purpose.RECOVERY | Purpose.UNLOCK:
                return await self.recover(transaction, user, **proof)
            case _:
                return await self.settle(transaction, user, **proof)

    async def redeemed(
        self, transaction: IdentityTransaction, user: User, recovery_type: RecoveryType
    ) -> IdentityTransaction:
        """Go on for a user whose token, from a link, was redeemed just now."""
        match recovery_type:
            case RecoveryType.PASSWORD:
                facts = {"purpose": Purpose.RECOVERY, "amr": ("email",)}
                return await self.recover(transaction, user, **facts)
            case RecoveryType.UNLOCK:
                facts = {"purpose": Purpose.UNLOCK, "amr": ("email",)}
                return await self.recover(transaction, user, **facts)
            case RecoveryType.ACCOUNT_ACTIVATION if user.password == "":
                return await self.transactions.advance(
                    transaction,
                    user_id=user.id,
                    login=user.login,
                    screen=Screen.RESET_PASSWORD,
                    purpose=Purpose.ACTIVATION,
                )
            case RecoveryType.ACCOUNT_ACTIVATION:
                user = await self.lifecycle.activated(user)
                proof = self.needs.with_proof(transaction, FactorKey.PASSWORD)
                return await self.settle(transaction, user, **proof)

    async def recover(
        self, transaction: IdentityTransaction, user: User, **changes: Any
    ) -> IdentityTransaction:
        """Move a recovery on: to a proof, to the recovery question if it is asked, or to its end.

        It ends with a new password, or with an unlocked account. A user who was not locked out gets
        the same answer, so that nobody can find out who is.
        """
        facts = {
            **CLEARED,
            "user_id": user.id,
            "login": user.login,
            "amr": (),
            "proofs": (),
            "idp_id": None,
            "session_id": None,
            "message": None,
            **changes,
        }
        changed = msgspec.structs.replace(transaction, **facts)
        policy, known = await self.policies.passwords(user), await self.policies.authenticators()
        if not changed.amr:
            found = recovery_authenticators(user, policy, known)
            if not found:
                raise RecoveryRefused(
                    RecoveryType.PASSWORD, f"{user.login} has nothing to recover by"
                )
            if len(found) == 1:
                return await self.challenges.offer(changed, user, found[0])
            return await self.transactions.advance(changed, screen=Screen.CHOOSE_AUTHENTICATOR)
        question = recovery_question_of(user, known) if policy.recovery.asks_question else None
        if question is not None and "kba" not in changed.amr:
            return await self.challenges.begin(changed, user, question, "security_question")
        if changed.purpose is Purpose.RECOVERY:
            return await self.transactions.advance(changed, screen=Screen.RESET_PASSWORD)
        return await self._unlock(changed, user)

    async def _unlock(self, transaction: IdentityTransaction, user: User) -> IdentityTransaction:
        """Unlock the account, which ends the transaction."""
        claimed = await self.transactions.claim(transaction)
        await self.credentials.unlock(user)
        return await self.transactions.advance(
            claimed, screen=Screen.OVER, message=UNLOCKED, is_claimed=False
        )

    async def settle(
        self, transaction: IdentityTransaction, user: User, **changes: Any
    ) -> IdentityTransaction:
        """Make the changes; return the transaction at the next step of its user, or at its end.

        Raises Overtaken if another request changed it meanwhile; LockedOut or NotSignable for users
        who may not sign in; NotAssigned; PolicyRefused if nothing they do would let them in. Where
        the policy hides who is locked out, they are asked for a first proof as others are.
        """
        facts = {**CLEARED, "user_id": user.id, "login": user.login, "message": None, **changes}
        changed = msgspec.structs.replace(transaction, **facts)
        if left_to_enroll(changed, user):
            return await self.transactions.advance(changed, screen=Screen.CHOOSE_ENROLMENT)
        if transaction.purpose is Purpose.REGISTRATION and user.status is UserStatus.PROVISIONED:
            user = await self.lifecycle.activated(user)  # they proved their address just now
        user = await self.credentials.unlocked_by_time(user)
        if user.status is UserStatus.LOCKED_OUT:
            locked = await self.credentials.lock_out_of(user)
            if locked.is_shown or changed.amr:
                raise locked
        elif user.status not in SIGNABLE:
            raise NotSignable(f"{user.login} is {user.status}")
        client = await self.client_of(changed)
        if client is not None:
            await user_is_assigned(self.world.storage, client, user)
        needed = await self.needs.of(changed, user, client)
        if needed.must_prove:
            return await self._to_prove(changed, user, needed)
        screen = await self._screen_after_proofs(changed, user, needed)
        if screen is not None:
            return await self.transactions.advance(changed, screen=screen)
        return await self.finishing.finish(changed, user)

    async def _screen_after_proofs(
        self, transaction: IdentityTransaction, user: User, needed: Needed
    ) -> Screen | None:
        """Return the screen that comes before the end for a user who has proved enough, if any."""
        if needed.due.step is not None:
            return Screen.CHOOSE_ENROLMENT
        for step, is_due in AFTER_PROOF:
            if is_due(needed.situation):
                return _SCREENS[step]
        if await self._profile_is_due(transaction, user):
            return Screen.COMPLETE_PROFILE
        may_stay = await self._may_stay(transaction, user)
        return Screen.KEEP_SIGNED_IN if may_stay else None

    async def as_due(self, transaction: IdentityTransaction) -> IdentityTransaction:
        """Return the transaction; move it on if what its screen asks for is no longer due.

        The user may have enrolled or proved it in another tab, or an administrator removed it.
        """
        user = await self.world.storage.users.get(transaction.user_id or "")
        if user is None:
            return transaction
        match transaction.purpose:
            case Purpose.SIGN_IN if transaction.screen is Screen.CHOOSE_ENROLMENT:
                needed = await self._needed(transaction, user)
                is_due = bool(enrollable_of(needed).authenticators)
            case Purpose.SIGN_IN if transaction.screen in _PROVING:
                is_due = _may_prove(transaction, (await self._needed(transaction, user)).helping)
            case Purpose.RECOVERY | Purpose.UNLOCK if transaction.screen in _PROVING:
                if not _may_prove(transaction, await self._recovering(transaction, user)):
                    return await self.recover(transaction, user)
                return transaction
            case _:
                return transaction
        return transaction if is_due else await self.settle(transaction, user, draft={})

    async def _needed(self, transaction: IdentityTransaction, user: User) -> Needed:
        return await self.needs.of(transaction, user, await self.client_of(transaction))

    async def _recovering(
        self, transaction: IdentityTransaction, user: User
    ) -> tuple[Enrolled, ...]:
        """Return what the user may recover with; only their question while that is asked."""
        policy, known = await self.policies.passwords(user), await self.policies.authenticators()
        question = recovery_question_of(user, known)
        if transaction.authenticator == QUESTION and question is not None:
            return (question,)
        return recovery_authenticators(user, policy, known)

    async def may_enroll(self, transaction: IdentityTransaction, user: User) -> bool:
        """Return whether the user may enrol now: there is no proof left that they could give first.

        Otherwise somebody who knows the password could begin before the user has a factor, and
        enrol their own after the user has enrolled one. Raises LockedOut, NotSignable.
        """
        _may_sign_in(user)
        return not (await self._needed(transaction, user)).must_prove

    async def client_of(self, transaction: IdentityTransaction) -> Client | None:
        """Return the app that the transaction is for; None for the org's own pages."""
        return await self.world.storage.clients.get(transaction.client_id or "")

    async def _profile_is_due(self, transaction: IdentityTransaction, user: User) -> bool:
        """Return whether the profile lacks what the org asks for, and the user did not skip it."""
        missing = await self.profiles.missing(user)
        may_skip = not any(each.required for each in missing)
        was_asked = Step.COMPLETE_PROFILE in transaction.skipped
        return bool(missing) and not (may_skip and was_asked)

    async def _may_stay(self, transaction: IdentityTransaction, user: User) -> bool:
        """Return whether to ask the user if they want to stay signed in.

        They are not asked if they have a session, or chose it when they gave their name.
        """
        was_asked = Step.KEEP_SIGNED_IN in transaction.skipped or transaction.keeps_signed_in
        client = await self.client_of(transaction)
        if was_asked or client is None or transaction.session_id is not None:
            return False
        return await self.staying.is_asked(client, user, transaction.device_token)

    async def _to_prove(
        self, transaction: IdentityTransaction, user: User, needed: Needed
    ) -> IdentityTransaction:
        if len(needed.helping) == 1:
            return await self.challenges.offer(transaction, user, needed.helping[0])
        return await self.transactions.advance(transaction, screen=Screen.CHOOSE_AUTHENTICATOR)


def _may_prove(transaction: IdentityTransaction, having: tuple[Enrolled, ...]) -> bool:
    """Return whether the user has what they are asked to prove, or anything to choose."""
    if transaction.screen is Screen.CHOOSE_AUTHENTICATOR:
        return bool(having)
    return transaction.factor_id in [each.id for has in having for each in has.factors.values()]


def _may_sign_in(user: User) -> None:
    if user.status is UserStatus.LOCKED_OUT:
        raise LockedOut(user.login, is_shown=True)
    if user.status not in SIGNABLE:
        raise NotSignable(f"{user.login} is {user.status}")
