"""Passwords: verifying them, counting wrong ones, locking users out."""

import hmac
from datetime import timedelta

import msgspec
from msgspec import Struct

from mock_okta.model.directory import User, UserStatus
from mock_okta.model.failures import LockedOut, NoSuchUser, NotSignable, WrongPassword
from mock_okta.services.directory.policies import Policies
from mock_okta.services.world import World

__all__ = ["SIGNABLE", "Credentials", "is_same_password"]

SIGNABLE = (UserStatus.ACTIVE, UserStatus.PASSWORD_EXPIRED)


class Credentials(Struct, frozen=True, kw_only=True):
    """Proves users by their password, as the password policy has it."""

    world: World
    policies: Policies

    async def find(self, login: str) -> User | None:
        """Return the user of that login, in whatever case it is written."""
        found = await self.world.storage.logins.get(login.lower())
        return None if found is None else await self.world.storage.users.get(found.user_id)

    async def verify(self, login: str, password: str) -> User:
        """Return the user whom the password proves.

        Raises NoSuchUser, NotSignable, LockedOut or WrongPassword; a wrong one counts.

        Deviation: passwords are kept and compared as given; they are test data, and deriving keys
        from them would make every test wait.
        """
        found = await self.find(login)
        if found is None:
            raise NoSuchUser(login)
        user = await self.unlocked_by_time(found)
        if user.status is UserStatus.LOCKED_OUT:
            raise await self.lock_out_of(user)
        if user.status not in SIGNABLE:
            raise NotSignable(f"{login} is {user.status}")
        if not is_same_password(user.password, password):
            if (await self.count_failure(user)).status is UserStatus.LOCKED_OUT:
                raise await self.lock_out_of(user)
            raise WrongPassword(login)
        return user if user.failures == 0 else await self.forget_failures(user)

    async def count_failure(self, user: User) -> User:
        """Count a wrong password or passcode; too many in a row lock the user out."""
        lockout = (await self.policies.passwords(user)).lockout
        now = self.world.clock.now()

        def counted(kept: User) -> User:
            failures = kept.failures + 1
            if 0 < lockout.max_attempts <= failures and kept.status in SIGNABLE:
                return msgspec.structs.replace(
                    kept.in_status(UserStatus.LOCKED_OUT, now),
                    failures=failures,
                    locked_at=now,
                    locked_from=kept.status,
                )
            return msgspec.structs.replace(kept, failures=failures)

        return await self.world.storage.users.update(user.id, counted) or user

    async def forget_failures(self, user: User) -> User:
        """Start counting anew: the user proved themselves."""

        def forgotten(kept: User) -> User:
            return msgspec.structs.replace(kept, failures=0)

        return await self.world.storage.users.update(user.id, forgotten) or user

    async def unlock(self, user: User) -> User:
        """Let a locked-out user in again, where they were: an expired password still is."""
        now = self.world.clock.now()

        def unlocked(kept: User) -> User:
            if kept.status is not UserStatus.LOCKED_OUT:
                return kept
            status = kept.locked_from or UserStatus.ACTIVE
            return msgspec.structs.replace(
                kept.in_status(status, now), failures=0, locked_at=None, locked_from=None
            )

        return await self.world.storage.users.update(user.id, unlocked) or user

    async def unlocked_by_time(self, user: User) -> User:
        """Unlock a user whose time is up, where the policy unlocks by itself."""
        if user.status is not UserStatus.LOCKED_OUT or user.locked_at is None:
            return user
        minutes = (await self.policies.passwords(user)).lockout.auto_unlock_minutes
        if minutes and user.locked_at + timedelta(minutes=minutes) <= self.world.clock.now():
            return await self.unlock(user)
        return user

    async def lock_out_of(self, user: User) -> LockedOut:
        """Return the failure for a locked-out user, which says whether it may be shown."""
        policy = await self.policies.passwords(user)
        return LockedOut(user.login, is_shown=policy.lockout.show_lockout_failures)


def is_same_password(kept: str, given: str) -> bool:
    """Compare in constant time; nobody has an empty password."""
    return kept != "" and hmac.compare_digest(_octets(kept), _octets(given))


def _octets(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
