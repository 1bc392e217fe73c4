"""What recoveries have in common: going on once the person is known, and the new password."""

from typing import Any

from mock_okta.authn.parts import Parts
from mock_okta.authn.requests import Call
from mock_okta.authn.steps.settling import settle
from mock_okta.model.directory import User
from mock_okta.model.progress import RecoveryType, Step
from mock_okta.model.transactions import Status, Transaction

__all__ = ["go_on", "replace_password", "set_password"]


async def go_on(
    parts: Parts, transaction: Transaction, user: User, *, answered: bool = False
) -> dict[str, Any]:
    """Ask the recovery question if the policy wants that; else let the user recover.

    A user without a recovery question is not asked: what Okta does then is unverified.
    """
    asks = (await parts.policies.passwords(user)).recovery.asks_question
    if asks and user.recovery_question is not None and not answered:
        moved = await parts.transactions.advance(
            transaction, status=Status.RECOVERY, challenge=None
        )
        return await parts.responses.standing(moved, user)
    if transaction.recovery_type is RecoveryType.UNLOCK:
        await parts.transactions.finish(transaction)
        return parts.responses.unlocked(await parts.credentials.unlock(user), transaction)
    moved = await parts.transactions.advance(
        transaction, status=Status.PASSWORD_RESET, challenge=None
    )
    return await parts.responses.standing(moved, user)


async def replace_password(
    parts: Parts, transaction: Transaction, user: User, new: str, call: Call
) -> dict[str, Any]:
    """Let somebody who recovers or activates their account go on as who knows the password."""
    return await set_password(
        parts,
        transaction,
        user,
        new,
        call,
        amr=("pwd",),
        recovery_type=None,
        recovery_factor=None,
        device_token=call.device_token,
    )


async def set_password(
    parts: Parts, transaction: Transaction, user: User, new: str, call: Call, **changes: Any
) -> dict[str, Any]:
    """Give the user a password that was found good, and go on to what is due next.

    The transaction is claimed first: of two changes at once, one alone counts.
    """
    claimed = await parts.transactions.claim(transaction)
    user = await parts.passwords.set(user, new)
    if call.body.revoke_sessions:
        await parts.storage.sessions.remove_by("user_id", user.id)
    skipped = transaction.skipped | {Step.WARN_PASSWORD}
    return await settle(parts, claimed, user, skipped=skipped, **changes)
