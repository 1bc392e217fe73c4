"""Tokens of recovery and activation e-mails, and the sign-ins that they begin."""

from msgspec import Struct

from mock_okta.idx.settling import Settling
from mock_okta.model.directory import User, UserStatus
from mock_okta.model.failures import SpentOrExpired
from mock_okta.model.interactions import IdentityTransaction, Purpose, Screen, Shown
from mock_okta.model.progress import RecoveryToken, RecoveryType
from mock_okta.services.users.recovery import Recoveries
from mock_okta.storage import Storage

__all__ = ["MailedTokens"]


def _error(key: str, text: str) -> Shown:
    return Shown(key=key, text=text, kind="ERROR")


_EXPIRED = _error(
    "idx.expired.activation.token",
    "Your account activation link is no longer valid. Request a new activation email below.",
)
_MISSING = _error(
    "idx.missing.activation.token",
    "This can happen if you have already activated your account, or if the URL you are trying to "
    "use is invalid. Contact your administrator for further assistance.",
)
_SUSPENDED = _error(
    "idx.activating.inactive.user",
    "Your account has been temporarily suspended. Contact your administrator for further "
    "assistance.",
)
_FORGOT = _error(
    "idx.invalid.forgot.password.token", "Your reset password token is no longer valid."
)
_RESET = _error(
    "idx.invalid.reset.password.token",
    "Your reset password token is no longer valid. Contact your administrator to obtain a new "
    "token.",
)
_UNLOCK = _error(
    "oie.selfservice.unlock_user.failed.message",
    "We are unable to unlock your account at this time, please contact your administrator",
)


class MailedTokens(Struct, frozen=True, kw_only=True):
    """Spends tokens.

    Unverified: the message for a link to unlock an account that does not work any more.
    """

    storage: Storage
    recoveries: Recoveries
    settling: Settling

    async def spend(
        self, transaction: IdentityTransaction, token: str, *types: RecoveryType
    ) -> IdentityTransaction:
        """Move the transaction on; of two uses of one token, only one succeeds.

        A token that does not work any more ends the transaction with a message; the user of one for
        an activation that is still due may request another link. Raises as `Settling.settle`.
        """
        try:
            spent, user = await self.recoveries.redeem(token, *types)
        except SpentOrExpired:
            return await self._refused(transaction, token, types)
        return await self.settling.redeemed(transaction, user, spent.recovery_type)

    async def _refused(
        self, transaction: IdentityTransaction, token: str, types: tuple[RecoveryType, ...]
    ) -> IdentityTransaction:
        kept = await self.storage.recovery_tokens.get(token)
        known = kept if kept is not None and kept.recovery_type in types else None
        user = None if known is None else await self.storage.users.get(known.user_id)
        if RecoveryType.ACCOUNT_ACTIVATION not in types:
            return await self._over(transaction, _why_not(known))
        if user is None or known is None:
            return await self._over(transaction, _MISSING)
        if user.status is UserStatus.SUSPENDED:
            return await self._over(transaction, _SUSPENDED)
        if user.status is not UserStatus.PROVISIONED:
            return await self._over(transaction, _MISSING)
        return await self._may_ask_again(transaction, user)

    async def _over(self, transaction: IdentityTransaction, message: Shown) -> IdentityTransaction:
        return await self.settling.transactions.advance(
            transaction, screen=Screen.OVER, message=message
        )

    async def _may_ask_again(
        self, transaction: IdentityTransaction, user: User
    ) -> IdentityTransaction:
        return await self.settling.transactions.advance(
            transaction,
            screen=Screen.REQUEST_ACTIVATION,
            purpose=Purpose.ACTIVATION,
            user_id=user.id,
            login=user.login,
            message=_EXPIRED,
        )


def _why_not(token: RecoveryToken | None) -> Shown:
    """Return the message for a token to recover: an administrator's is not the user's own."""
    if token is None:
        return _FORGOT
    if token.recovery_type is RecoveryType.UNLOCK:
        return _UNLOCK
    return _RESET if token.issued_in is UserStatus.RECOVERY else _FORGOT
