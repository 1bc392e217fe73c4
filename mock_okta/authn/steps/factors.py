"""Proving a factor that the user has: asking for a challenge, verifying, asking again."""

from typing import Any

import msgspec

from mock_okta.authn.errors import NotAllowedNow
from mock_okta.authn.parts import Parts
from mock_okta.authn.requests import Call
from mock_okta.authn.steps.settling import proved_with, prover_of, settle
from mock_okta.domain.directory import User, UserStatus
from mock_okta.domain.factors import Factor
from mock_okta.domain.failures import CodeUsed, LockedOut, Unanswered, WrongPasscode
from mock_okta.domain.transactions import OVER, Challenge, PushAnswer, Status, Transaction
from mock_okta.services.factors import FactorKind
from mock_okta.web.errors import NotFound

__all__ = ["begin", "resend", "verify"]


async def begin(parts: Parts, transaction: Transaction, call: Call) -> dict[str, Any]:
    """Verify at once where the proof came along; else send the challenge there is."""
    user = await prover_of(parts, transaction)
    factor, kind = chosen(parts, user, call)
    if call.given.is_empty or kind.polls:
        challenge = await kind.challenge(user, factor, transaction.challenge)
        if challenge is not None:
            return await _challenged(parts, transaction, user, factor, challenge)
    return await _prove(parts, transaction, user, factor, call)


async def verify(parts: Parts, transaction: Transaction, call: Call) -> dict[str, Any]:
    """Verify what was challenged; without a proof, ask again (or say how the asking stands)."""
    user = await prover_of(parts, transaction)
    factor, kind = chosen(parts, user, call)
    if factor.id != transaction.factor_id:
        raise NotAllowedNow(remark="another factor is being challenged: go to previous first")
    if transaction.answer in OVER or (call.given.is_empty and not kind.polls):
        return await resend(parts, transaction, call)
    return await _prove(parts, transaction, user, factor, call)


async def resend(parts: Parts, transaction: Transaction, call: Call) -> dict[str, Any]:
    """Send a new challenge in place of the one before."""
    user = await prover_of(parts, transaction)
    factor, kind = chosen(parts, user, call)
    challenge = await kind.challenge(user, factor, transaction.challenge)
    if factor.id != transaction.factor_id or challenge is None:
        raise NotAllowedNow(remark="that factor is not being challenged")
    return await _challenged(parts, transaction, user, factor, challenge)


def chosen(parts: Parts, user: User, call: Call) -> tuple[Factor, FactorKind]:
    """Return the factor that the path names, by its id or by its type; raise NotFound."""
    for factor in user.factors:
        kind = parts.factors.kind(factor.key)
        if call.factor_id in (factor.id, kind.type):
            return factor, kind
    raise NotFound(call.factor_id, "UserFactor")


async def _challenged(
    parts: Parts, transaction: Transaction, user: User, factor: Factor, challenge: Challenge
) -> dict[str, Any]:
    moved = await parts.transactions.advance(
        transaction,
        status=Status.MFA_CHALLENGE,
        factor_id=factor.id,
        challenge=challenge,
        answer=None,
    )
    await parts.factors.kind(factor.key).send(user, factor, challenge)
    return await parts.responses.standing(moved, user)


async def _prove(
    parts: Parts, transaction: Transaction, user: User, factor: Factor, call: Call
) -> dict[str, Any]:
    kind = parts.factors.kind(factor.key)
    try:
        proved = await kind.verify(user, factor, transaction.challenge, call.given)
    except Unanswered as waiting:
        moved = await parts.transactions.advance(transaction, answer=PushAnswer(waiting.answer))
        return await parts.responses.standing(moved, user)
    except WrongPasscode:
        if transaction.challenge is not None or kind.resend is None:  # else there is none to guess
            await count_wrong(parts, user)
        raise
    if call.auto_push is not None:
        proved = msgspec.structs.replace(proved, auto_push=call.auto_push)
    user = await keep_used(parts, user, proved)
    answer = await settle(parts, transaction, user, amr=proved_with(transaction.amr, *kind.amr))
    if call.remember_device and call.device_token is not None:
        await parts.requirements.remember(user, call.device_token)
    return answer


async def count_wrong(parts: Parts, user: User) -> None:
    """Count a wrong passcode; raise LockedOut when it was one too many."""
    if (await parts.credentials.count_failure(user)).status is UserStatus.LOCKED_OUT:
        raise LockedOut(user.login, is_shown=True)


async def keep_used(parts: Parts, user: User, proved: Factor) -> User:
    """Keep the factor as the proof left it, as the one last used; raise CodeUsed if it was spent.

    The counter is compared inside the update: of two uses of one code, the second sees the first.
    """

    def used(kept: User) -> User:
        before = next((each for each in kept.factors if each.id == proved.id), None)
        if before is None:
            return kept
        if proved.counter is not None and (before.counter or -1) >= proved.counter:
            raise CodeUsed(proved.id)
        others = tuple(each for each in kept.factors if each.id != proved.id)
        return msgspec.structs.replace(kept, factors=(proved, *others), failures=0)

    return await parts.storage.users.update(user.id, used) or user
