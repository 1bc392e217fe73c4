"""New passwords: `reenroll-authenticator`, also with `-warning`, and `reset-authenticator`."""

from collections.abc import Iterable
from typing import Any

from msgspec import structs

from mock_okta.idx.errors import NotOffered
from mock_okta.idx.ion import Ion, field, nested
from mock_okta.idx.remediations.remediation import Remediation
from mock_okta.idx.requests import Call
from mock_okta.idx.scenes import Scene
from mock_okta.idx.settling import Settling
from mock_okta.model.directory import UserStatus
from mock_okta.model.factors import FactorKey
from mock_okta.model.failures import LockedOut, NotAssigned, NotSignable, PolicyRefused
from mock_okta.model.interactions import IdentityTransaction, Purpose, Screen, Shown
from mock_okta.model.progress import Step
from mock_okta.services.users.passwords import Passwords
from mock_okta.storage import Storage

__all__ = ["ReenrollAuthenticator", "ReenrollAuthenticatorWarning", "ResetAuthenticator"]

_NOT_SIGNED_IN = Shown(
    key="api.users.auth.error.POST_PASSWORD_UPDATE_AUTH_FAILURE",
    text="Your password has been updated but there was a problem signing you in. Please try again "
    "or contact your administrator.",
    kind="ERROR",
)


class NewPassword(Remediation, frozen=True, kw_only=True):
    """Takes a new password; of two requests at once, only one counts.

    The password counts also where the policies do not let the user in after it.
    """

    path = "challenge/answer"

    storage: Storage
    passwords: Passwords
    settling: Settling

    def relates_to(self, scene: Scene) -> str | None:
        return "$.currentAuthenticator"

    def fields(self, scene: Scene) -> Iterable[Ion]:
        passcode = field("passcode", label="New password", secret=True)
        yield nested("credentials", [passcode, *self.more(scene)], required=True)

    def more(self, scene: Scene) -> Iterable[Ion]:
        """Return the fields besides the password."""
        return ()

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        user, transaction = scene.user, scene.transaction
        if user is None:
            raise NotOffered("there is no user whose password it is")
        if transaction.purpose is Purpose.SIGN_IN and user.status is UserStatus.LOCKED_OUT:
            raise LockedOut(user.login, is_shown=True)  # recovering unlocks, and this does not
        new = call.body.credentials.passcode or ""
        await self.passwords.check_new(user, new)
        transactions = self.settling.transactions
        claimed = await transactions.claim(transaction)
        try:
            user = await self.passwords.set(user, new)
        except NotSignable:
            await transactions.advance(claimed, is_claimed=False)
            raise
        if call.body.credentials.revoke_sessions:
            await self.storage.sessions.remove_by("user_id", user.id)
        proved: dict[str, Any] = {}
        if transaction.purpose in (Purpose.RECOVERY, Purpose.ACTIVATION):
            fresh = structs.replace(transaction, amr=(), proofs=())
            proved = self.settling.needs.with_proof(fresh, FactorKey.PASSWORD)
        try:
            return await self.settling.settle(
                claimed,
                user,
                **proved,
                purpose=Purpose.SIGN_IN,
                skipped=transaction.skipped | {Step.WARN_PASSWORD},
                is_claimed=False,
            )
        except (NotAssigned, PolicyRefused):
            return await transactions.advance(
                claimed, screen=Screen.OVER, message=_NOT_SIGNED_IN, is_claimed=False
            )


class ReenrollAuthenticator(NewPassword, frozen=True, kw_only=True):
    """In place of a password that has expired."""

    name = "reenroll-authenticator"


class ReenrollAuthenticatorWarning(NewPassword, frozen=True, kw_only=True):
    """In place of a password that expires soon."""

    name = "reenroll-authenticator-warning"


class ResetAuthenticator(NewPassword, frozen=True, kw_only=True):
    """In place of a password that was forgotten, or that a new user does not have yet.

    Unverified: what was proved on the way counts no more, so that a policy that asks for two
    factors asks again for the second one.
    """

    name = "reset-authenticator"

    def more(self, scene: Scene) -> Iterable[Ion]:
        label = "Sign me out of all other devices"
        yield field("revokeSessions", type="boolean", label=label, required=False)
