"""Changes of a user's status (Okta's Users API, lifecycle operations)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import msgspec
from msgspec import Struct

from mock_okta.model.directory import User, UserStatus
from mock_okta.model.failures import Failure
from mock_okta.model.progress import RecoveryType
from mock_okta.services.tokens.revocation import UserRevocations
from mock_okta.services.users.credentials import SIGNABLE, Credentials
from mock_okta.services.users.recovery import Recoveries
from mock_okta.services.world import World

__all__ = ["Lifecycle", "Verb", "WrongStatus"]


class Verb(StrEnum):
    """A lifecycle operation; LOCK is not Okta's, where only wrong passwords lock a user out."""

    ACTIVATE = "activate"
    REACTIVATE = "reactivate"
    DEACTIVATE = "deactivate"
    SUSPEND = "suspend"
    UNSUSPEND = "unsuspend"
    LOCK = "lock"
    UNLOCK = "unlock"
    EXPIRE_PASSWORD = "expire_password"
    RESET_PASSWORD = "reset_password"


_S = UserStatus
_FROM: Mapping[Verb, tuple[UserStatus, ...]] = MappingProxyType(
    {
        Verb.ACTIVATE: (_S.STAGED, _S.DEPROVISIONED),
        Verb.REACTIVATE: (_S.PROVISIONED,),
        Verb.DEACTIVATE: tuple(each for each in _S if each is not _S.DEPROVISIONED),
        Verb.SUSPEND: (_S.ACTIVE,),
        Verb.UNSUSPEND: (_S.SUSPENDED,),
        Verb.LOCK: SIGNABLE,
        Verb.UNLOCK: (_S.LOCKED_OUT,),
        Verb.EXPIRE_PASSWORD: (_S.ACTIVE, _S.PASSWORD_EXPIRED),
        Verb.RESET_PASSWORD: (_S.ACTIVE, _S.PASSWORD_EXPIRED, _S.LOCKED_OUT, _S.RECOVERY),
    }
)
_TO: Mapping[Verb, UserStatus] = MappingProxyType(
    {
        Verb.ACTIVATE: _S.ACTIVE,
        Verb.REACTIVATE: _S.PROVISIONED,
        Verb.DEACTIVATE: _S.DEPROVISIONED,
        Verb.SUSPEND: _S.SUSPENDED,
        Verb.UNSUSPEND: _S.ACTIVE,
        Verb.EXPIRE_PASSWORD: _S.PASSWORD_EXPIRED,
        Verb.RESET_PASSWORD: _S.RECOVERY,
    }
)
_ENDS_EVERYTHING = (Verb.DEACTIVATE, Verb.SUSPEND)


class WrongStatus(Failure):
    """The operation is not allowed in the user's status."""


class Lifecycle(Struct, frozen=True, kw_only=True):
    """Does what an administrator does; users are sent the e-mails that Okta would send.

    Deviation: `lock` is not among Okta's operations: there only wrong passwords lock a user out. A
    deactivated user who is activated again keeps their password.
    """

    world: World
    credentials: Credentials
    recoveries: Recoveries
    revocations: UserRevocations

    async def apply(self, verb: Verb, user: User) -> tuple[User, str | None]:
        """Return the changed user, and the link they were sent, if any; raise WrongStatus."""
        user = await self.credentials.unlocked_by_time(user)
        if verb is Verb.UNLOCK:
            _check(verb, user)
            return await self.credentials.unlock(user), None
        if verb is Verb.LOCK:
            _check(verb, user)
            return await self.credentials.lock(user), None
        user = await self._changed(verb, user)
        if verb in _ENDS_EVERYTHING:
            await self.revocations.end_everything(user.id)
        return user, await self._sent(verb, user)

    async def activated(self, user: User) -> User:
        """Make the user ACTIVE: they have a password, and proved that the address is theirs."""
        now = self.world.clock.now()

        def activated(kept: User) -> User:
            return kept.in_status(UserStatus.ACTIVE, now)

        return await self.world.storage.users.update(user.id, activated) or user

    async def _changed(self, verb: Verb, user: User) -> User:
        now = self.world.clock.now()

        def changed(kept: User) -> User:
            _check(verb, kept)
            is_to_begin = verb is Verb.ACTIVATE and not kept.password
            return msgspec.structs.replace(
                kept.in_status(UserStatus.PROVISIONED if is_to_begin else _TO[verb], now),
                failures=0,
                locked_at=None,
                locked_from=None,
                last_updated_at=now,
            )

        return await self.world.storage.users.update(user.id, changed) or user

    async def _sent(self, verb: Verb, user: User) -> str | None:
        if verb is Verb.RESET_PASSWORD:
            return await self.recoveries.send_link(user, RecoveryType.PASSWORD)
        if user.status is UserStatus.PROVISIONED:
            return await self.recoveries.send_link(user, RecoveryType.ACCOUNT_ACTIVATION)
        return None


def _check(verb: Verb, user: User) -> None:
    if user.status not in _FROM[verb]:
        wanted = ", ".join(_FROM[verb])
        raise WrongStatus(f"{user.login} is {user.status}; '{verb}' needs status {wanted}")
