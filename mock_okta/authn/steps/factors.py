"""Proving a factor that the user has: asking for a challenge, verifying, asking again."""

from typing import Any

import msgspec

from mock_okta.authn.errors import NotAllowedNow
from mock_okta.authn.factor_views import VIEWS
from mock_okta.authn.parts import Parts
from mock_okta.authn.requests import Call
from mock_okta.authn.steps.settling import proved_with, prover_of, settle
from mock_okta.model.directory import User, UserStatus
from mock_okta.model.factors import OVER, Factor, FactorKey, PushAnswer
from mock_okta.model.failures import (
    CodeUsed,
    LockedOut,
    NoSuchUser,
    NotSignable,
    Unanswered,
    WrongPasscode,
    WrongPassword,
)
from mock_okta.model.progress import Challenge
from mock_okta.model.transactions import Status, Transaction
from mock_okta.services.factors import WRONG_PASSWORD, FactorKind, password_of
from mock_okta.web.errors import NotFound

__all__ = ["begin", "begin_first", "resend", "verify"]


async def begin_first(parts: Parts, transaction: Transaction, call: Call) -> dict[str, Any]:
    """As `begin`, for somebody who gave a login alone; their password may be asked of anybody."""
    if transaction.login is None:
        raise NotAllowedNow(remark="there is no user name yet: authenticate first")
    if call.factor_id in (password_of(transaction.login).id, "password"):
        return await _prove_password(parts, transaction, transaction.login, call)
    if transaction.user_id is None:
        raise NotFound(call.factor_id, "UserFactor")
    return await begin(parts, transaction, call)


async def begin(parts: Parts, transaction: Transaction, call: Call) -> dict[str, Any]:
    """Verify at once where the proof came along; else send the challenge there is."""
    user = await prover_of(parts, transaction)
    factor, kind = chosen(parts, transaction, user, call)
    if call.given.is_empty or kind.polls:
        challenge = await kind.challenge(user, factor, transaction.challenge)
        if challenge is not None:
            return await _challenged(parts, transaction, user, factor, challenge)
    return await _prove(parts, transaction, user, factor, call)


async def verify(parts: Parts, transaction: Transaction, call: Call) -> dict[str, Any]:
    """Verify what was challenged; without a proof, ask again (or say how the asking stands)."""
    user = await prover_of(parts, transaction)
    factor, kind = chosen(parts, transaction, user, call)
    if factor.id != transaction.factor_id:
        raise NotAllowedNow(remark="another factor is being challenged: go to previous first")
    if transaction.answer in OVER or (call.given.is_empty and not kind.polls):
        return await resend(parts, transaction, call)
    return await _prove(parts, transaction, user, factor, call)


async def resend(parts: Parts, transaction: Transaction, call: Call) -> dict[str, Any]:
    """Send a new challenge in place of the one before."""
    user = await prover_of(parts, transaction)
    factor, kind = chosen(parts, transaction, user, call)
    challenge = await kind.challenge(user, factor, transaction.challenge)
    if factor.id != transaction.factor_id or challenge is None:
        raise NotAllowedNow(remark="that factor is not being challenged")
    return await _challenged(parts, transaction, user, factor, challenge)


def chosen(
    parts: Parts, transaction: Transaction, user: User, call: Call
) -> tuple[Factor, FactorKind]:
    """Return the factor that the path names, by its id or by its type; raise NotFound."""
    for factor in parts.factors.to_prove(user, transaction.amr):
        if call.factor_id in (factor.id, VIEWS[factor.key].type):
            return factor, parts.factors.kind(factor.key)
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


async def _prove_password(
    parts: Parts, transaction: Transaction, login: str, call: Call
) -> dict[str, Any]:
    """Go on by the password; why it is not taken is told of a lock-out alone, where that is shown.

    A first proof is no second factor: it makes no device remembered.
    """
    try:
        user = await parts.credentials.verify(login, call.given.pass_code)
    except (NoSuchUser, NotSignable, WrongPassword) as failure:
        raise WrongPasscode(WRONG_PASSWORD) from failure
    except LockedOut as locked:
        if locked.is_shown:
            raise
        raise WrongPasscode(WRONG_PASSWORD) from locked
    return await settle(parts, transaction, user, amr=("pwd",))


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
        if transaction.challenge is not None or not kind.is_sent:  # else there is none to guess
            await count_wrong(parts, user)
        raise
    if call.auto_push is not None:
        proved = msgspec.structs.replace(proved, auto_push=call.auto_push)
    user = await keep_used(parts, user, proved)
    amr = proved_with(transaction.amr, *kind.amr)
    answer = await settle(parts, transaction, user, amr=amr)
    if call.remember_device and "mfa" in amr and call.device_token is not None:
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
        if proved.key is FactorKey.PASSWORD:
            return msgspec.structs.replace(kept, failures=0)
        before = next((each for each in kept.factors if each.id == proved.id), None)
        if before is None:
            return kept
        if proved.counter is not None and (before.counter or -1) >= proved.counter:
            raise CodeUsed(proved.id)
        others = tuple(each for each in kept.factors if each.id != proved.id)
        return msgspec.structs.replace(kept, factors=(proved, *others), failures=0)

    return await parts.storage.users.update(user.id, used) or user
