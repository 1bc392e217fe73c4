"""Changing a password that has expired or soon will, and replacing a forgotten one."""

from typing import Any

from mock_okta.authn.errors import CredentialsNotUpdated
from mock_okta.authn.requests import Call
from mock_okta.authn.steps.settling import Steps
from mock_okta.model.directory import User
from mock_okta.model.failures import PasswordRefused, WrongPassword
from mock_okta.model.progress import Step
from mock_okta.model.transactions import Transaction
from mock_okta.services.users.passwords import Passwords

__all__ = ["PasswordSteps"]


class PasswordSteps(Steps, frozen=True, kw_only=True):
    """Takes new passwords."""

    passwords: Passwords

    async def change(self, transaction: Transaction, call: Call) -> dict[str, Any]:
        """Take the new password of a user who knows the old one."""
        user = await self.user_of(transaction)
        old = call.required("old_password", "oldPassword")
        new = call.required("new_password", "newPassword")
        try:
            await self.passwords.check_change(user, old, new)
        except WrongPassword as wrong:
            cause = "oldPassword: The credentials provided were incorrect."
            raise CredentialsNotUpdated(causes=(cause,)) from wrong
        except PasswordRefused as refused:
            raise CredentialsNotUpdated(remark=str(refused), causes=refused.causes) from refused
        return await self._set(transaction, user, new, call)

    async def reset(self, transaction: Transaction, call: Call) -> dict[str, Any]:
        """Take the new password of a user who recovers or activates their account."""
        user = await self.user_of(transaction)
        return await self.replace(
            transaction, user, call.required("new_password", "newPassword"), call
        )

    async def replace(
        self, transaction: Transaction, user: User, new: str, call: Call
    ) -> dict[str, Any]:
        """Set the new password; the sign-in goes on as if the user had entered it.

        Raises PasswordRefused.
        """
        await self.passwords.check_new(user, new)
        return await self._set(
            transaction,
            user,
            new,
            call,
            amr=("pwd",),
            recovery_type=None,
            recovery_factor=None,
            device_token=call.device_token,
        )

    async def _set(
        self, transaction: Transaction, user: User, new: str, call: Call, **changes: Any
    ) -> dict[str, Any]:
        """Set a password that was checked, and go on to what is due next.

        The transaction is claimed first: of two changes at once, only one counts.
        """
        claimed = await self.transactions.claim(transaction)
        user = await self.passwords.set(user, new)
        if call.body.revoke_sessions:
            await self.sessions.end_all(user)
        skipped = transaction.skipped | {Step.WARN_PASSWORD}
        return await self.settle(claimed, user, skipped=skipped, **changes)
