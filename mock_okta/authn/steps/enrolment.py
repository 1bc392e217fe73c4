"""Enrolling a factor, and activating it (facts/classic C.3, C.4)."""

from typing import Any, Literal

import msgspec

from mock_okta.authn.errors import NotAllowedNow
from mock_okta.authn.factor_views import VIEWS, key_named
from mock_okta.authn.parts import Parts
from mock_okta.authn.requests import Call
from mock_okta.authn.steps.settling import proved_with, prover_of, settle
from mock_okta.model.directory import User
from mock_okta.model.factors import OVER, Factor, FactorStatus, PushAnswer
from mock_okta.model.failures import Unanswered
from mock_okta.model.progress import Challenge
from mock_okta.model.transactions import Status, Transaction
from mock_okta.services.factors import FactorKind
from mock_okta.services.factors.sent import phone_number_of
from mock_okta.services.sign_in.next_step import Situation, enrollable, factor_is_due
from mock_okta.web.errors import NotFound, ValidationFailed

__all__ = ["activate", "enroll", "resend", "send_link"]


async def enroll(parts: Parts, transaction: Transaction, call: Call) -> dict[str, Any]:
    """Make a factor of what the caller gives; most wait for their activation."""
    user = await prover_of(parts, transaction)
    kind = await _offered_kind(parts, transaction, user, call)
    factor = await kind.enroll(user, call.given)
    if factor.status is FactorStatus.ACTIVE:
        return await _enrolled(parts, transaction, user, kind, factor)
    challenge = await kind.challenge(user, factor, None)
    return await _asked(parts, transaction, user, factor, challenge)


async def activate(parts: Parts, transaction: Transaction, call: Call) -> dict[str, Any]:
    """Activate what is being enrolled, by the proof that it works; if that is over, ask anew."""
    user = await prover_of(parts, transaction)
    factor, kind = _enrolling(parts, transaction, call)
    if transaction.answer in OVER:
        return await resend(parts, transaction, call)
    _no_factor_comes_first(await parts.requirements.situation(transaction, user))
    try:
        proved = await kind.activate(user, factor, transaction.challenge, call.given)
    except Unanswered as waiting:
        moved = await parts.transactions.advance(transaction, answer=PushAnswer(waiting.answer))
        return await parts.responses.standing(moved, user)
    return await _enrolled(parts, transaction, user, kind, proved)


async def resend(parts: Parts, transaction: Transaction, call: Call) -> dict[str, Any]:
    """Send the passcode again."""
    user = await parts.user_of(transaction)
    factor, kind = _enrolling(parts, transaction, call)
    challenge = await kind.challenge(user, factor, transaction.challenge)
    if challenge is None:
        raise NotAllowedNow(remark="there is nothing to send for this factor")
    return await _asked(parts, transaction, user, factor, challenge)


async def send_link(parts: Parts, transaction: Transaction, call: Call) -> dict[str, Any]:
    """Send what the QR code says to the user's device, for those who cannot scan."""
    user = await parts.user_of(transaction)
    factor, kind = _enrolling(parts, transaction, call)
    content = kind.enrolment(user, factor, transaction.challenge).uri
    if not kind.polls or content is None or transaction.answer in OVER:
        raise NotAllowedNow(remark="there is no link to send for this factor now")
    channel, to = _destination(user, call)
    moved = await parts.transactions.advance(transaction)
    text = f"Open this on your device to set up Okta Verify: {content}"
    await parts.outbox.send_link(channel, to, "okta-verify-activation", text, content)
    return await parts.responses.standing(moved, user)


def _destination(user: User, call: Call) -> tuple[Literal["email", "sms"], str]:
    match call.channel:
        case "email":
            return "email", str(user.profile.get("email", user.login))
        case "sms":
            return "sms", phone_number_of(call.given)
        case _:
            raise NotFound(call.channel, "UserFactor")


async def _asked(
    parts: Parts, transaction: Transaction, user: User, factor: Factor, challenge: Challenge | None
) -> dict[str, Any]:
    """Wait for the activation, which the challenge asks for if there is one."""
    moved = await parts.transactions.advance(
        transaction,
        status=Status.MFA_ENROLL_ACTIVATE,
        enrolling=factor,
        challenge=challenge,
        answer=None,
    )
    if challenge is not None:
        await parts.factors.kind(factor.key).send(user, factor, challenge)
    return await parts.responses.standing(moved, user)


async def _offered_kind(
    parts: Parts, transaction: Transaction, user: User, call: Call
) -> FactorKind:
    factor_type = call.required("factor_type", "factorType")
    provider = call.required("provider", "provider")
    key = key_named(factor_type, provider)
    situation = await parts.requirements.situation(transaction, user)
    _no_factor_comes_first(situation)
    if key is None or key not in enrollable(situation):
        raise _not_enrollable(factor_type, provider)
    return parts.factors.kind(key)


def _no_factor_comes_first(situation: Situation) -> None:
    """Raise NotAllowedNow for a user who has a factor by now, by another transaction.

    Else whoever knows the password could begin early, and enrol a factor of their own later.
    """
    if factor_is_due(situation):
        raise NotAllowedNow(remark="the user has a factor by now: go back or skip, and prove it")


def _not_enrollable(factor_type: str, provider: str) -> ValidationFailed:
    return ValidationFailed(
        "factorType", f"factorType: {factor_type} of {provider} cannot be enrolled."
    )


def _enrolling(parts: Parts, transaction: Transaction, call: Call) -> tuple[Factor, FactorKind]:
    factor = transaction.enrolling
    if factor is None or factor.id != call.factor_id:
        raise NotFound(call.factor_id, "UserFactor")
    return factor, parts.factors.kind(factor.key)


async def _enrolled(
    parts: Parts, transaction: Transaction, user: User, kind: FactorKind, factor: Factor
) -> dict[str, Any]:
    """Claim the transaction first: of two activations, one alone adds the factor.

    Of two transactions too: the second does not replace what the first enrolled.
    """

    def added(kept: User) -> User:
        if any(each.key is factor.key for each in kept.factors):
            view = VIEWS[factor.key]
            raise _not_enrollable(view.type, view.provider)
        factors = (factor, *kind.comes_with(kept), *kept.factors)
        return msgspec.structs.replace(kept, factors=factors)

    claimed = await parts.transactions.claim(transaction)
    user = await parts.storage.users.update(user.id, added) or user
    amr = proved_with(transaction.amr, *kind.amr)
    return await settle(parts, claimed, user, amr=amr, enrolled=True)
