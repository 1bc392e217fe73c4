"""Recovering a forgotten password or a locked account (facts/classic C.2, C.3)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from mock_okta.authn.errors import NotAllowedNow, UnknownUser
from mock_okta.authn.requests import Call
from mock_okta.authn.steps.passwords import PasswordSteps
from mock_okta.authn.steps.settling import Steps
from mock_okta.model.directory import User, UserStatus
from mock_okta.model.factors import FactorKey
from mock_okta.model.failures import LockedOut, NoSuchUser, WrongAnswer
from mock_okta.model.progress import RecoveryType
from mock_okta.model.transactions import Status, Transaction
from mock_okta.services.directory.policies import Policies
from mock_okta.services.factors.passcodes import Channel, Passcodes
from mock_okta.services.factors.question import is_same_answer
from mock_okta.services.users.credentials import Credentials
from mock_okta.services.users.recovery import Recoveries
from mock_okta.web.errors import ValidationFailed

__all__ = ["RecoverySteps"]

_FACTORS = ("EMAIL", "SMS", "CALL")
_CHANNELS: Mapping[str, Channel] = MappingProxyType({"SMS": "sms", "CALL": "call"})


class RecoverySteps(Steps, frozen=True, kw_only=True):
    """Lets users recover by themselves, or by a trusted caller."""

    recoveries: Recoveries
    policies: Policies
    credentials: Credentials
    passcodes: Passcodes
    password_steps: PasswordSteps

    async def forget_password(self, call: Call) -> dict[str, Any]:
        """Begin to recover a password."""
        return await self._begin(call, RecoveryType.PASSWORD)

    async def unlock(self, call: Call) -> dict[str, Any]:
        """Begin to unlock an account."""
        return await self._begin(call, RecoveryType.UNLOCK)

    async def redeem(self, call: Call) -> dict[str, Any]:
        """Go on with a recovery, by the token from its link or from a trusted caller."""
        value = call.required("recovery_token", "recoveryToken")
        token, user = await self.recoveries.redeem(
            value, RecoveryType.PASSWORD, RecoveryType.UNLOCK
        )
        transaction = self.transactions.new(
            status=Status.RECOVERY,
            user_id=user.id,
            recovery_type=token.recovery_type,
            relay_state=token.relay_state,
        )
        return await self._go_on(transaction, user)

    async def verify(self, transaction: Transaction, call: Call) -> dict[str, Any]:
        """Check the passcode that was sent; for an unknown user none was sent, so all are wrong."""
        _is_the_one_in_use(transaction, call)
        self.passcodes.check(transaction.challenge, call.given.pass_code)
        return await self._go_on(transaction, await self.user_of(transaction))

    async def resend(self, transaction: Transaction, call: Call) -> dict[str, Any]:
        """Send another passcode."""
        _is_the_one_in_use(transaction, call)
        user = None if transaction.user_id is None else await self.user_of(transaction)
        return await self._challenged(transaction, user)

    async def answer(self, transaction: Transaction, call: Call) -> dict[str, Any]:
        """Check the answer to the recovery question; the call may bring the new password too."""
        user = await self.user_of(transaction)
        given = call.required("answer", "answer")
        question = user.recovery_question
        if question is None or not is_same_answer(question.answer, given):
            await self._count_wrong(user)
            raise WrongAnswer(user.login)
        new = call.body.new_password
        if transaction.recovery_type is RecoveryType.UNLOCK or new is None:
            return await self._go_on(transaction, user, answered=True)
        return await self.password_steps.replace(transaction, user, new, call)

    async def _go_on(
        self, transaction: Transaction, user: User, *, answered: bool = False
    ) -> dict[str, Any]:
        """Ask the recovery question if the policy wants it; otherwise let the user recover.

        A user without a recovery question is not asked: what Okta does then is unverified.
        """
        asks = (await self.policies.passwords(user)).recovery.asks_question
        if asks and user.recovery_question is not None and not answered:
            return await self.move(transaction, user, status=Status.RECOVERY, challenge=None)
        if transaction.recovery_type is RecoveryType.UNLOCK:
            await self.transactions.finish(transaction)
            return self.responses.unlocked(await self.credentials.unlock(user), transaction)
        return await self.move(transaction, user, status=Status.PASSWORD_RESET, challenge=None)

    async def _begin(self, call: Call, recovery_type: RecoveryType) -> dict[str, Any]:
        login = call.required("username", "username")
        if call.is_trusted and call.body.factor_type is None:
            return await self._hand_over(call, login, recovery_type)
        factor = call.required("factor_type", "factorType").upper()
        if factor not in _FACTORS:
            raise ValidationFailed(
                "factorType", f"factorType: {factor} is none of EMAIL, SMS, CALL."
            )
        user = await self.recoveries.find(login, recovery_type, factor)
        relay_state = call.body.relay_state
        if factor == "EMAIL":
            if user is not None:
                await self.recoveries.send_link(user, recovery_type, relay_state)
            return self.responses.emailed(recovery_type, relay_state)
        transaction = self.transactions.new(
            status=Status.RECOVERY_CHALLENGE,
            user_id=None if user is None or _phone_of(user, factor) is None else user.id,
            recovery_type=recovery_type,
            recovery_factor=factor,
            relay_state=relay_state,
        )
        return await self._challenged(transaction, user)

    async def _hand_over(
        self, call: Call, login: str, recovery_type: RecoveryType
    ) -> dict[str, Any]:
        """Return the recovery token to a trusted caller, who passes it on to the user."""
        try:
            user = await self.recoveries.find_for_trusted(login, recovery_type)
        except NoSuchUser as unknown:
            raise UnknownUser(remark=f"no user has the login {login!r}") from unknown
        value, token = await self.recoveries.new_token(user, recovery_type, call.body.relay_state)
        return self.responses.handed_over(value, token, user)

    async def _challenged(self, transaction: Transaction, user: User | None) -> dict[str, Any]:
        """Send a passcode; if no user or no phone is known, answer as if one had been sent."""
        channel = _CHANNELS[transaction.recovery_factor or ""]
        challenge = self.passcodes.new(channel, transaction.challenge)
        body = await self.move(transaction, None, challenge=challenge)
        phone = None if user is None else _phone_of(user, transaction.recovery_factor or "")
        if phone is not None:
            await self.passcodes.send(channel, phone, challenge)
        return body

    async def _count_wrong(self, user: User) -> None:
        """Count a wrong answer; raise LockedOut if it locks the user out."""
        counted = await self.credentials.count_failure(user)
        if counted.status is UserStatus.LOCKED_OUT and user.status is not UserStatus.LOCKED_OUT:
            raise LockedOut(user.login, is_shown=True)


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


def _is_the_one_in_use(transaction: Transaction, call: Call) -> None:
    if call.channel != (transaction.recovery_factor or "").lower():
        raise NotAllowedNow(remark=f"this recovery is by {transaction.recovery_factor}")
