"""Primary authentication: where a sign-in begins (Classic contract C.1)."""

from typing import Any

from mock_okta.authn.parts import Parts
from mock_okta.authn.requests import Call
from mock_okta.authn.steps.settling import settle
from mock_okta.domain.failures import LockedOut, WrongPassword
from mock_okta.domain.transactions import Status, Transaction

__all__ = ["authenticate", "sign_in"]


async def sign_in(parts: Parts, call: Call) -> dict[str, Any]:
    """Begin a transaction by user name and password."""
    options = call.body.options
    transaction = parts.transactions.new(
        Status.UNAUTHENTICATED,
        relay_state=call.body.relay_state,
        warn_before_password_expired=options.warn_before_password_expired,
        multi_optional_factor_enroll=options.multi_optional_factor_enroll,
    )
    return await authenticate(parts, transaction, call)


async def authenticate(parts: Parts, transaction: Transaction, call: Call) -> dict[str, Any]:
    """Prove the password, and go on to what is due next."""
    login, password = call.required("username", "username"), call.required("password", "password")
    try:
        user = await parts.credentials.verify(login, password)
    except LockedOut as locked:
        if locked.is_shown:
            return parts.responses.locked_out()
        raise WrongPassword(f"{login} is locked out, and the policy hides that") from locked
    return await settle(
        parts,
        transaction,
        user,
        amr=("pwd",),
        device_token=call.device_token,
        fingerprint=call.fingerprint,
    )
