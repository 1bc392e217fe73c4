"""Enrolling a factor, and activating it (facts/classic C.3, C.4)."""

from typing import Any, Literal

import msgspec

from mock_okta.authn.errors import NotAllowedNow
from mock_okta.authn.factor_views import VIEWS, key_named
from mock_okta.authn.requests import Call
from mock_okta.authn.steps.settling import Steps, proved_with
from mock_okta.model.directory import User
from mock_okta.model.factors import OVER, Factor, FactorStatus, PushAnswer
from mock_okta.model.failures import Unanswered
from mock_okta.model.progress import Challenge
from mock_okta.model.transactions import Status, Transaction
from mock_okta.services.directory.outbox import Outbox
from mock_okta.services.factors import FactorKind, Factors
from mock_okta.services.factors.sent import phone_number_of
from mock_okta.services.sign_in.next_step import Situation, enrollable, factor_is_due
from mock_okta.web.errors import NotFound, ValidationFailed

__all__ = ["EnrolmentSteps"]


class EnrolmentSteps(Steps, frozen=True, kw_only=True):
    """Enrols and activates factors."""

    factors: Factors
    outbox: Outbox

    async def enroll(self, transaction: Transaction, call: Call) -> dict[str, Any]:
        """Make a factor from what the caller gives; most kinds have to be activated then."""
        user = await self.prover_of(transaction)
        kind = await self._offered_kind(transaction, user, call)
        factor = await kind.enroll(user, call.given)
        if factor.status is FactorStatus.ACTIVE:
            return await self._enrolled(transaction, user, kind, factor)
        challenge = await kind.challenge(user, factor, None)
        return await self._asked(transaction, user, factor, challenge)

    async def activate(self, transaction: Transaction, call: Call) -> dict[str, Any]:
        """Activate the factor by a proof that it works; if its push is over, send another."""
        user = await self.prover_of(transaction)
        factor, kind = self._enrolling(transaction, call)
        if transaction.answer in OVER:
            return await self.resend(transaction, call)
        _no_factor_comes_first(await self.requirements.situation(transaction, user))
        try:
            proved = await kind.activate(user, factor, transaction.challenge, call.given)
        except Unanswered as waiting:
            return await self.move(transaction, user, answer=PushAnswer(waiting.answer))
        return await self._enrolled(transaction, user, kind, proved)

    async def resend(self, transaction: Transaction, call: Call) -> dict[str, Any]:
        """Send the challenge again."""
        user = await self.user_of(transaction)
        factor, kind = self._enrolling(transaction, call)
        challenge = await kind.challenge(user, factor, transaction.challenge)
        if challenge is None:
            raise NotAllowedNow(remark="there is nothing to send for this factor")
        return await self._asked(transaction, user, factor, challenge)

    async def send_link(self, transaction: Transaction, call: Call) -> dict[str, Any]:
        """Send the link of the QR code to the user's device, for users who cannot scan it."""
        user = await self.user_of(transaction)
        factor, kind = self._enrolling(transaction, call)
        content = kind.enrolment(user, factor, transaction.challenge).uri
        if not kind.polls or content is None or transaction.answer in OVER:
            raise NotAllowedNow(remark="there is no link to send for this factor now")
        channel, to = _destination(user, call)
        body = await self.move(transaction, user)
        text = f"Open this on your device to set up Okta Verify: {content}"
        await self.outbox.send_link(channel, to, "okta-verify-activation", text, content)
        return body

    async def _asked(
        self, transaction: Transaction, user: User, factor: Factor, challenge: Challenge | None
    ) -> dict[str, Any]:
        """Wait for the activation; send the challenge for it, if there is one."""
        body = await self.move(
            transaction,
            user,
            status=Status.MFA_ENROLL_ACTIVATE,
            enrolling=factor,
            challenge=challenge,
            answer=None,
        )
        if challenge is not None:
            await self.factors.kind(factor.key).send(user, factor, challenge)
        return body

    async def _offered_kind(self, transaction: Transaction, user: User, call: Call) -> FactorKind:
        factor_type = call.required("factor_type", "factorType")
        provider = call.required("provider", "provider")
        key = key_named(factor_type, provider)
        situation = await self.requirements.situation(transaction, user)
        _no_factor_comes_first(situation)
        if key is None or key not in enrollable(situation):
            raise _not_enrollable(factor_type, provider)
        return self.factors.kind(key)

    def _enrolling(self, transaction: Transaction, call: Call) -> tuple[Factor, FactorKind]:
        factor = transaction.enrolling
        if factor is None or factor.id != call.factor_id:
            raise NotFound(call.factor_id, "UserFactor")
        return factor, self.factors.kind(factor.key)

    async def _enrolled(
        self, transaction: Transaction, user: User, kind: FactorKind, factor: Factor
    ) -> dict[str, Any]:
        """Add the factor to the user.

        The transaction is claimed first: of two activations at once, only one adds the factor. A
        factor that another transaction added first is not replaced.
        """

        def added(kept: User) -> User:
            if any(each.key is factor.key for each in kept.factors):
                view = VIEWS[factor.key]
                raise _not_enrollable(view.type, view.provider)
            factors = (factor, *kind.comes_with(kept), *kept.factors)
            return msgspec.structs.replace(kept, factors=factors)

        claimed = await self.transactions.claim(transaction)
        user = await self.users.update(user.id, added) or user
        amr = proved_with(transaction.amr, *kind.amr)
        return await self.settle(claimed, user, amr=amr, enrolled=True)


def _destination(user: User, call: Call) -> tuple[Literal["email", "sms"], str]:
    match call.channel:
        case "email":
            return "email", str(user.profile.get("email", user.login))
        case "sms":
            return "sms", phone_number_of(call.given)
        case _:
            raise NotFound(call.channel, "UserFactor")


def _no_factor_comes_first(situation: Situation) -> None:
    """Raise NotAllowedNow if the user has enrolled a factor in another transaction meanwhile.

    Otherwise an attacker who knows the password could begin early, and enrol their own factor
    later.
    """
    if factor_is_due(situation):
        raise NotAllowedNow(
            remark="the user has enrolled a factor meanwhile: go back or skip, and prove it"
        )


def _not_enrollable(factor_type: str, provider: str) -> ValidationFailed:
    return ValidationFailed(
        "factorType", f"factorType: {factor_type} of {provider} cannot be enrolled."
    )
