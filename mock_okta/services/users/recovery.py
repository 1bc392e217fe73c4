"""Recovery and activation tokens: who gets one, sending it in a link, redeeming it once."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeAlias

import msgspec
from msgspec import Struct

from mock_okta.model.directory import User, UserStatus
from mock_okta.model.failures import LinkSpent, NoSuchUser, RecoveryRefused, SpentOrExpired
from mock_okta.model.progress import RecoveryToken, RecoveryType
from mock_okta.services.directory.outbox import Outbox
from mock_okta.services.directory.policies import Policies
from mock_okta.services.users.credentials import Credentials
from mock_okta.services.world import World

__all__ = ["Recoveries", "RecoveryPath"]

RecoveryPath: TypeAlias = Callable[[RecoveryType, str], str]
_ACTIVATION_LIFETIME = timedelta(days=7)
_REMEMBERED = timedelta(days=30)
_RESETTABLE = (
    UserStatus.ACTIVE,
    UserStatus.PASSWORD_EXPIRED,
    UserStatus.LOCKED_OUT,
    UserStatus.RECOVERY,
)
_EMAILS = {
    RecoveryType.PASSWORD: ("forgot-password", "Account password reset", "Reset your password"),
    RecoveryType.UNLOCK: ("account-unlock", "Unlock account", "Unlock your account"),
    RecoveryType.ACCOUNT_ACTIVATION: ("activation", "Welcome to Okta!", "Activate your account"),
}


class Recoveries(Struct, frozen=True, kw_only=True):
    """Lets users recover, as far as their password policy allows it.

    `recovery_path`: the path on the org to which the link of a recovery leads, by its token.
    """

    world: World
    policies: Policies
    credentials: Credentials
    outbox: Outbox
    recovery_path: RecoveryPath

    async def find(self, login: str, recovery_type: RecoveryType, factor: str) -> User | None:
        """Return the user who may recover by that factor; None if there is no such user.

        Callers answer the same in both cases, so that the answer does not show which logins exist.
        Raises RecoveryRefused if the policy does not allow it; for an unknown user, the policy that
        is for everyone.
        """
        user = await self._found(login)
        await self._allow(user, recovery_type)
        if factor not in (await self.policies.passwords(user)).recovery.factors:
            raise RecoveryRefused(recovery_type, f"the password policy does not allow {factor}")
        return user if user is not None and _is_in_need(user, recovery_type) else None

    async def find_to_recover(self, login: str, recovery_type: RecoveryType) -> User:
        """Return the user who wants to recover, whether or not they need to.

        Who is locked out and who is not are answered alike: a caller who may not know gives the
        proof first. Raises NoSuchUser; RecoveryRefused where policy or status do not allow it.
        """
        user = await self._found(login)
        await self._allow(user, recovery_type)
        if user is None:
            raise NoSuchUser(login)
        if user.status not in _RESETTABLE:
            raise RecoveryRefused(recovery_type, f"{login} is {user.status}")
        return user

    async def find_for_trusted(self, login: str, recovery_type: RecoveryType) -> User:
        """Return the user who may recover; raise NoSuchUser or RecoveryRefused."""
        user = await self._found(login)
        if user is None:
            raise NoSuchUser(login)
        await self._allow(user, recovery_type)
        if not _is_in_need(user, recovery_type):
            raise RecoveryRefused(recovery_type, f"{login} is {user.status}")
        return user

    async def new_token(
        self, user: User, recovery_type: RecoveryType, relay_state: str | None = None
    ) -> tuple[str, RecoveryToken]:
        """Return a new token, and its record."""
        value, now = self.world.ids.link_token(), self.world.clock.now()
        ends_at = now + await self._lifetime(user, recovery_type)
        token = RecoveryToken(
            user_id=user.id,
            recovery_type=recovery_type,
            issued_in=user.status,
            issued_at=now,
            ends_at=ends_at,
            expires_at=ends_at + _REMEMBERED,
            relay_state=relay_state,
        )
        await self.world.storage.recovery_tokens.put(value, token)
        return value, token

    async def send_link(
        self, user: User, recovery_type: RecoveryType, relay_state: str | None = None
    ) -> str:
        """E-mail the user a link that holds a new token; return the link."""
        value, token = await self.new_token(user, recovery_type, relay_state)
        link = self.world.url + self.recovery_path(recovery_type, value)
        template, subject, act = _EMAILS[recovery_type]
        until = token.ends_at.strftime("%Y-%m-%d %H:%M UTC")
        text = f"{act}, {user.login}: {link}\nThe link works once, until {until}."
        await self.outbox.send_email(user, template, subject, text, link=link)
        return link

    async def find_redeemable(self, value: str, *types: RecoveryType) -> tuple[RecoveryToken, User]:
        """Return the token and its user; raise SpentOrExpired or LinkSpent as `redeem` would."""
        token = await self.world.storage.recovery_tokens.get(value)
        if token is None or token.recovery_type not in types:
            raise SpentOrExpired("there never was such a token")
        user = await self.world.storage.users.get(token.user_id)
        if user is None or token.ends_at <= self.world.clock.now() or not _is_of_use(token, user):
            raise LinkSpent("the link is too old, or the user needs it no more")
        _require_unused(token)
        return token, user

    async def redeem(self, value: str, *types: RecoveryType) -> tuple[RecoveryToken, User]:
        """Spend the token; raise SpentOrExpired for an unknown one, LinkSpent for one too many."""
        token, user = await self.find_redeemable(value, *types)

        def spent(kept: RecoveryToken) -> RecoveryToken:
            _require_unused(kept)
            return msgspec.structs.replace(kept, used=True)

        await self.world.storage.recovery_tokens.update(value, spent)
        return token, user

    async def _found(self, login: str) -> User | None:
        user = await self.credentials.find(login)
        return None if user is None else await self.credentials.unlocked_by_time(user)

    async def _allow(self, user: User | None, recovery_type: RecoveryType) -> None:
        recovery = (await self.policies.passwords(user)).recovery
        is_unlock = recovery_type is RecoveryType.UNLOCK
        if not (recovery.unlock if is_unlock else recovery.password_reset):
            raise RecoveryRefused(
                recovery_type, "the password policy does not allow self-service for it"
            )

    async def _lifetime(self, user: User, recovery_type: RecoveryType) -> timedelta:
        if recovery_type is RecoveryType.ACCOUNT_ACTIVATION:
            return _ACTIVATION_LIFETIME
        policy = await self.policies.passwords(user)
        return timedelta(minutes=policy.recovery.token_lifetime_minutes)


def _is_in_need(user: User, recovery_type: RecoveryType) -> bool:
    if recovery_type is RecoveryType.UNLOCK:
        return user.status is UserStatus.LOCKED_OUT
    return user.status in _RESETTABLE


def _require_unused(token: RecoveryToken) -> None:
    if token.used:
        raise LinkSpent("the link was used before")


def _is_of_use(token: RecoveryToken, user: User) -> bool:
    """Return whether the user still needs the token; a new password ends all links to reset it."""
    match token.recovery_type:
        case RecoveryType.PASSWORD:
            return user.status in _RESETTABLE and user.password_changed_at <= token.issued_at
        case RecoveryType.UNLOCK:
            return user.status is UserStatus.LOCKED_OUT
        case RecoveryType.ACCOUNT_ACTIVATION:
            return user.status is token.issued_in
