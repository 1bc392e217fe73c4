"""Primary authentication: where a sign-in begins (facts/classic C.1)."""

from typing import Any

from mock_okta.authn.requests import Call
from mock_okta.authn.steps.settling import Steps
from mock_okta.model.directory import UserStatus
from mock_okta.model.failures import LockedOut, WrongPassword
from mock_okta.model.transactions import Status, Transaction
from mock_okta.services.directory.policies import Policies
from mock_okta.services.users.credentials import Credentials

__all__ = ["PrimarySteps"]


class PrimarySteps(Steps, frozen=True, kw_only=True):
    """Takes the user name, and the password where it comes along."""

    policies: Policies
    credentials: Credentials

    async def sign_in(self, call: Call) -> dict[str, Any]:
        """Begin a transaction by user name and password."""
        options = call.body.options
        transaction = self.transactions.new(
            status=Status.UNAUTHENTICATED,
            relay_state=call.body.relay_state,
            wants_password_warning=options.warn_before_password_expired,
            wants_more_factors=options.multi_optional_factor_enroll,
        )
        return await self.authenticate(transaction, call)

    async def authenticate(self, transaction: Transaction, call: Call) -> dict[str, Any]:
        """Check the password and go on to what is due next; without one, offer other proofs.

        Only an org with a passwordless sign-on rule offers them; elsewhere the password is missing.
        """
        login = call.required("username", "username")
        if call.body.password is None and await self.policies.may_ask_for_password_later():
            return await self._begin_without_password(transaction, call, login)
        password = call.required("password", "password")
        try:
            user = await self.credentials.verify(login, password)
        except LockedOut as locked:
            if locked.is_shown:
                return self.responses.locked_out()
            raise WrongPassword(f"{login} is locked out, and the policy hides that") from locked
        return await self.settle(
            transaction,
            user,
            amr=("pwd",),
            device_token=call.device_token,
            fingerprint=call.fingerprint,
        )

    async def _begin_without_password(
        self, transaction: Transaction, call: Call, login: str
    ) -> dict[str, Any]:
        """Let the user begin with a factor, if their sign-on rule allows it.

        Other users are asked for the password, and so is a login that no user has: the answer does
        not tell them apart (Okta does the same: issue 1020 of its widget).
        """
        user = await self.credentials.find(login)
        if user is not None:
            user = await self.credentials.unlocked_by_time(user)
            is_locked = user.status is UserStatus.LOCKED_OUT
            if is_locked and (await self.credentials.lock_out_of(user)).is_shown:
                return self.responses.locked_out()
            if not await self.requirements.may_begin_without_password(user):
                user = None
        return await self.move(
            transaction,
            user,
            user_id=None if user is None else user.id,
            login=login,
            device_token=call.device_token,
            fingerprint=call.fingerprint,
        )
