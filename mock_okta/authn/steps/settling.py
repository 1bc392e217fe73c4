"""Where every step ends: at what is due next, or signed in."""

from typing import Any

import msgspec

from mock_okta.authn.parts import Parts
from mock_okta.authn.statuses import STATUS_OF
from mock_okta.model.directory import User, UserStatus
from mock_okta.model.failures import LockedOut, NotSignable
from mock_okta.model.transactions import Status, Transaction
from mock_okta.services.users.credentials import SIGNABLE

__all__ = ["proved_with", "prover_of", "settle"]


async def settle(
    parts: Parts, transaction: Transaction, user: User, **changes: Any
) -> dict[str, Any]:
    """Bring the transaction, changed so, to what the user has to do next; or end it in SUCCESS.

    A step-up stays there until its link is followed; any other sign-in gives a session token.

    Raises Overtaken if somebody else moved it meanwhile: of two, one alone gets a session token;
    LockedOut or NotSignable for a user who may not sign in any more.
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
    due = await parts.requirements.next(changed, user)
    if due is not None:
        moved = await parts.transactions.advance(changed, status=STATUS_OF[due])
        return await parts.responses.standing(moved, user)
    if changed.is_step_up:
        moved = await parts.transactions.advance(changed, status=Status.SUCCESS)
        return await parts.responses.standing(moved, user)
    await parts.transactions.finish(changed)
    value, token = await parts.sessions.make_session_token(
        user, amr=changed.amr, idp_id=changed.idp_id, fingerprint=changed.fingerprint
    )
    return parts.responses.success(value, token, user, changed)


async def prover_of(parts: Parts, transaction: Transaction) -> User:
    """Return whose transaction it is; raise LockedOut if they may prove nothing any more."""
    user = await parts.user_of(transaction)
    if user.status is UserStatus.LOCKED_OUT:
        raise LockedOut(user.login, is_shown=True)
    return user


def proved_with(amr: tuple[str, ...], *proofs: str) -> tuple[str, ...]:
    """Return `amr` with what was proved now; two different proofs make `mfa` (facts/oauth F.6)."""
    proved = {*amr, *proofs} - {"mfa"}
    return ("mfa", *sorted(proved)) if len(proved) > 1 else tuple(proved)
