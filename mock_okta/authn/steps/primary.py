"""Primary authentication: where a sign-in begins (facts/classic C.1)."""

from typing import Any

from mock_okta.authn.parts import Parts
from mock_okta.authn.requests import Call
from mock_okta.authn.steps.settling import settle
from mock_okta.model.directory import UserStatus
from mock_okta.model.failures import LockedOut, WrongPassword
from mock_okta.model.transactions import Status, Transaction

__all__ = ["authenticate", "sign_in"]


async def sign_in(parts: Parts, call: Call) -> dict[str, Any]:
    """Begin a transaction by user name and password."""
    options = call.body.options
    transaction = parts.transactions.new(
        status=Status.UNAUTHENTICATED,
        relay_state=call.body.relay_state,
        wants_password_warning=options.warn_before_password_expired,
        wants_more_factors=options.multi_optional_factor_enroll,
    )
    return await authenticate(parts, transaction, call)


async def authenticate(parts: Parts, transaction: Transaction, call: Call) -> dict[str, Any]:
    """Prove the password, and go on to what is due next; without one, offer what else there is.

    Only an org where some sign-on rule lets users begin so does that; others miss the password.
    """
    login = call.required("username", "username")
    if call.body.password is None and await parts.policies.may_ask_for_password_later():
        return await _begin_without_password(parts, transaction, call, login)
    password = call.required("password", "password")
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


async def _begin_without_password(
    parts: Parts, transaction: Transaction, call: Call, login: str
) -> dict[str, Any]:
    """Let the user begin with a factor, if their sign-on rule does.

    Whoever may not is asked for the password, and so is a login that nobody has: the answer does
    not tell them apart (so does Okta, by the issues of its widget: number 1020).
    """
    user = await parts.credentials.find(login)
    if user is not None:
        user = await parts.credentials.unlocked_by_time(user)
        is_locked = user.status is UserStatus.LOCKED_OUT
        if is_locked and (await parts.credentials.lock_out_of(user)).is_shown:
            return parts.responses.locked_out()
        if not await parts.requirements.may_begin_without_password(user):
            user = None
    moved = await parts.transactions.advance(
        transaction,
        user_id=None if user is None else user.id,
        login=login,
        device_token=call.device_token,
        fingerprint=call.fingerprint,
    )
    return await parts.responses.standing(moved, user)
