"""Proving a factor that the user has: challenge, verification, resending."""

from typing import Any

from msgspec import structs

from mock_okta.authn.errors import NotAllowedNow
from mock_okta.authn.factor_views import VIEWS
from mock_okta.authn.requests import Call
from mock_okta.authn.steps.settling import Steps, proved_with
from mock_okta.model.directory import User
from mock_okta.model.factors import OVER, Factor, PushAnswer
from mock_okta.model.failures import (
    LockedOut,
    NoSuchUser,
    NotSignable,
    Unanswered,
    WrongPasscode,
    WrongPassword,
)
from mock_okta.model.progress import Challenge
from mock_okta.model.transactions import Status, Transaction
from mock_okta.services.factors import WRONG_PASSWORD, FactorKind, Factors, password_of
from mock_okta.services.sign_in.proving import Proving
from mock_okta.services.users.credentials import Credentials
from mock_okta.web.errors import NotFound

__all__ = ["FactorSteps"]


class FactorSteps(Steps, frozen=True, kw_only=True):
    """Challenges and verifies factors that the user has."""

    factors: Factors
    credentials: Credentials
    proving: Proving

    async def begin_first(self, transaction: Transaction, call: Call) -> dict[str, Any]:
        """Do as `begin`, for a user who has entered only their login.

        The password is offered for every login, whether a user has it or not.
        """
        if transaction.login is None:
            raise NotAllowedNow(remark="there is no user name yet: authenticate first")
        if call.factor_id in (password_of(transaction.login).id, "password"):
            return await self._prove_password(transaction, transaction.login, call)
        if transaction.user_id is None:
            raise NotFound(call.factor_id, "UserFactor")
        return await self.begin(transaction, call)

    async def begin(self, transaction: Transaction, call: Call) -> dict[str, Any]:
        """Verify at once if the call brings the proof; otherwise send the challenge, if any."""
        user = await self.prover_of(transaction)
        factor, kind = self._chosen(transaction, user, call)
        if call.given.is_empty or kind.polls:
            challenge = await kind.challenge(user, factor, transaction.challenge)
            if challenge is not None:
                return await self._challenged(transaction, user, factor, challenge)
        return await self._prove(transaction, user, factor, call)

    async def verify(self, transaction: Transaction, call: Call) -> dict[str, Any]:
        """Verify the challenged factor; without a proof, send a new challenge, or poll."""
        user = await self.prover_of(transaction)
        factor, kind = self._chosen(transaction, user, call)
        if factor.id != transaction.factor_id:
            raise NotAllowedNow(remark="another factor is being challenged: go to previous first")
        if transaction.answer in OVER or (call.given.is_empty and not kind.polls):
            return await self.resend(transaction, call)
        return await self._prove(transaction, user, factor, call)

    async def resend(self, transaction: Transaction, call: Call) -> dict[str, Any]:
        """Send a new challenge in place of the one before."""
        user = await self.prover_of(transaction)
        factor, kind = self._chosen(transaction, user, call)
        challenge = await kind.challenge(user, factor, transaction.challenge)
        if factor.id != transaction.factor_id or challenge is None:
            raise NotAllowedNow(remark="that factor is not being challenged")
        return await self._challenged(transaction, user, factor, challenge)

    def _chosen(
        self, transaction: Transaction, user: User, call: Call
    ) -> tuple[Factor, FactorKind]:
        """Return the factor that the path names, by its id or by its type; raise NotFound."""
        for factor in self.factors.to_prove(user, transaction.amr):
            if call.factor_id in (factor.id, VIEWS[factor.key].type):
                return factor, self.factors.kind(factor.key)
        raise NotFound(call.factor_id, "UserFactor")

    async def _challenged(
        self, transaction: Transaction, user: User, factor: Factor, challenge: Challenge
    ) -> dict[str, Any]:
        body = await self.move(
            transaction,
            user,
            status=Status.MFA_CHALLENGE,
            factor_id=factor.id,
            challenge=challenge,
            answer=None,
        )
        await self.factors.kind(factor.key).send(user, factor, challenge)
        return body

    async def _prove_password(
        self, transaction: Transaction, login: str, call: Call
    ) -> dict[str, Any]:
        """Go on with the password; only a lock-out is shown as such, where the policy allows it.

        It is the first proof, not a second factor, so the device is not remembered.
        """
        try:
            user = await self.credentials.verify(login, call.given.pass_code)
        except (NoSuchUser, NotSignable, WrongPassword) as failure:
            raise WrongPasscode(WRONG_PASSWORD) from failure
        except LockedOut as locked:
            if locked.is_shown:
                raise
            raise WrongPasscode(WRONG_PASSWORD) from locked
        return await self.settle(transaction, user, amr=("pwd",))

    async def _prove(
        self, transaction: Transaction, user: User, factor: Factor, call: Call
    ) -> dict[str, Any]:
        if call.auto_push is not None:  # kept with the proof
            factor = structs.replace(factor, auto_push=call.auto_push)
        try:
            user = await self.proving.prove(user, factor, transaction.challenge, call.given)
        except Unanswered as waiting:
            return await self.move(transaction, user, answer=PushAnswer(waiting.answer))
        amr = proved_with(transaction.amr, *self.factors.kind(factor.key).amr)
        answer = await self.settle(transaction, user, amr=amr)
        if call.remember_device and "mfa" in amr and call.device_token is not None:
            await self.requirements.remember(user, call.device_token)
        return answer
