"""Changing a password that has expired or soon will, and setting one in place of one forgotten."""

from typing import Any

from mock_okta.authn.errors import CredentialsNotUpdated
from mock_okta.authn.parts import Parts
from mock_okta.authn.requests import Call
from mock_okta.authn.steps.recovery import replace_password, set_password
from mock_okta.model.failures import PasswordRefused, WrongPassword
from mock_okta.model.transactions import Transaction

__all__ = ["change", "reset"]


async def change(parts: Parts, transaction: Transaction, call: Call) -> dict[str, Any]:
    """Take the new password of somebody who knows the old one."""
    user = await parts.user_of(transaction)
    old = call.required("old_password", "oldPassword")
    new = call.required("new_password", "newPassword")
    try:
        await parts.passwords.check_change(user, old, new)
    except WrongPassword as wrong:
        cause = "oldPassword: The credentials provided were incorrect."
        raise CredentialsNotUpdated(causes=(cause,)) from wrong
    except PasswordRefused as refused:
        raise CredentialsNotUpdated(remark=str(refused), causes=refused.causes) from refused
    return await set_password(parts, transaction, user, new, call)


async def reset(parts: Parts, transaction: Transaction, call: Call) -> dict[str, Any]:
    """Take the new password of somebody who recovers or activates their account."""
    user = await parts.user_of(transaction)
    new = call.required("new_password", "newPassword")
    await parts.passwords.check_new(user, new)
    return await replace_password(parts, transaction, user, new, call)
