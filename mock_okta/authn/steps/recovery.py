"""Recovering a forgotten password or a locked account (facts/classic C.2, C.3)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from mock_okta.authn.errors import NotAllowedNow, UnknownUser
from mock_okta.authn.parts import Parts
from mock_okta.authn.requests import Call
from mock_okta.authn.steps.settling import settle
from mock_okta.model.directory import User, UserStatus
from mock_okta.model.factors import FactorKey
from mock_okta.model.failures import LockedOut, NoSuchUser, WrongAnswer
from mock_okta.model.progress import RecoveryType, Step
from mock_okta.model.transactions import Status, Transaction
from mock_okta.services.factors.passcodes import Channel
from mock_okta.services.factors.question import is_same_answer
from mock_okta.web.errors import ValidationFailed

__all__ = [
    "answer",
    "forget_password",
    "redeem",
    "replace_password",
    "resend",
    "set_password",
    "unlock",
    "verify",
]

_FACTORS = ("EMAIL", "SMS", "CALL")
_CHANNELS: Mapping[str, Channel] = MappingProxyType({"SMS": "sms", "CALL": "call"})


async def forget_password(parts: Parts, call: Call) -> dict[str, Any]:
    """Begin to recover a password."""
    return await _begin(parts, call, RecoveryType.PASSWORD)


async def unlock(parts: Parts, call: Call) -> dict[str, Any]:
    """Begin to unlock an account."""
    return await _begin(parts, call, RecoveryType.UNLOCK)


async def redeem(parts: Parts, call: Call) -> dict[str, Any]:
    """Go on with the recovery whose token came in a link, or by a trusted caller."""
    value = call.required("recovery_token", "recoveryToken")
    token, user = await parts.recoveries.redeem(value, RecoveryType.PASSWORD, RecoveryType.UNLOCK)
    transaction = parts.transactions.new(
        status=Status.RECOVERY,
        user_id=user.id,
        recovery_type=token.recovery_type,
        relay_state=token.relay_state,
    )
    return await _go_on(parts, transaction, user)


async def verify(parts: Parts, transaction: Transaction, call: Call) -> dict[str, Any]:
    """Prove the passcode that was sent; an unknown user was sent none."""
    _is_the_one_asked_for(transaction, call)
    parts.passcodes.check(transaction.challenge, call.given.pass_code)
    return await _go_on(parts, transaction, await parts.user_of(transaction))


async def resend(parts: Parts, transaction: Transaction, call: Call) -> dict[str, Any]:
    """Send another passcode."""
    _is_the_one_asked_for(transaction, call)
    user = None if transaction.user_id is None else await parts.user_of(transaction)
    return await _challenged(parts, transaction, user)


async def answer(parts: Parts, transaction: Transaction, call: Call) -> dict[str, Any]:
    """Compare the answer to the recovery question; a new password may come along."""
    user = await parts.user_of(transaction)
    given = call.required("answer", "answer")
    question = user.recovery_question
    if question is None or not is_same_answer(question.answer, given):
        await _count_wrong(parts, user)
        raise WrongAnswer(user.login)
    new = call.body.new_password
    if transaction.recovery_type is RecoveryType.UNLOCK or new is None:
        return await _go_on(parts, transaction, user, answered=True)
    await parts.passwords.check_new(user, new)
    return await replace_password(parts, transaction, user, new, call)


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


async def _go_on(
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


async def _begin(parts: Parts, call: Call, recovery_type: RecoveryType) -> dict[str, Any]:
    login = call.required("username", "username")
    if call.is_trusted and call.body.factor_type is None:
        return await _hand_over(parts, call, login, recovery_type)
    factor = call.required("factor_type", "factorType").upper()
    if factor not in _FACTORS:
        raise ValidationFailed("factorType", f"factorType: {factor} is none of EMAIL, SMS, CALL.")
    user = await parts.recoveries.find(login, recovery_type, factor)
    relay_state = call.body.relay_state
    if factor == "EMAIL":
        if user is not None:
            await parts.recoveries.send_link(user, recovery_type, relay_state)
        return parts.responses.emailed(recovery_type, relay_state)
    transaction = parts.transactions.new(
        status=Status.RECOVERY_CHALLENGE,
        user_id=None if user is None or _phone_of(user, factor) is None else user.id,
        recovery_type=recovery_type,
        recovery_factor=factor,
        relay_state=relay_state,
    )
    return await _challenged(parts, transaction, user)


async def _hand_over(
    parts: Parts, call: Call, login: str, recovery_type: RecoveryType
) -> dict[str, Any]:
    """Give a trusted caller the recovery token, to bring it to the user."""
    try:
        user = await parts.recoveries.find_for_trusted(login, recovery_type)
    except NoSuchUser as unknown:
        raise UnknownUser(remark=f"nobody has the login {login!r}") from unknown
    value, token = await parts.recoveries.new_token(user, recovery_type, call.body.relay_state)
    return parts.responses.handed_over(value, token, user)


async def _challenged(parts: Parts, transaction: Transaction, user: User | None) -> dict[str, Any]:
    """Send a passcode; to somebody unknown, or without a phone, all but the sending is done."""
    channel = _CHANNELS[transaction.recovery_factor or ""]
    challenge = parts.passcodes.new(channel, transaction.challenge)
    moved = await parts.transactions.advance(transaction, challenge=challenge)
    phone = None if user is None else _phone_of(user, transaction.recovery_factor or "")
    if phone is not None:
        await parts.passcodes.send(channel, phone, challenge)
    return await parts.responses.standing(moved, None)


def _phone_of(user: User, factor: str) -> str | None:
    """Return the number of the user's factor of that kind, or the one in their profile."""
    key = FactorKey.SMS if factor == "SMS" else FactorKey.CALL
    for enrolled in user.factors:
        if enrolled.key is key:
            return str(enrolled.profile["phone_number"])
    number = user.profile.get("mobilePhone")
    if number is None and factor == "CALL":
        number = user.profile.get("primaryPhone")
    return None if number is None else str(number)


def _is_the_one_asked_for(transaction: Transaction, call: Call) -> None:
    if call.channel != (transaction.recovery_factor or "").lower():
        raise NotAllowedNow(remark=f"this recovery is by {transaction.recovery_factor}")


async def _count_wrong(parts: Parts, user: User) -> None:
    """Count a wrong answer; raise LockedOut for the one too many."""
    counted = await parts.credentials.count_failure(user)
    if counted.status is UserStatus.LOCKED_OUT and user.status is not UserStatus.LOCKED_OUT:
        raise LockedOut(user.login, is_shown=True)
