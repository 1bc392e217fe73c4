"""Passwords: checking them, counting wrong ones, locking users out."""

import hmac
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from mock_okta.model.directory import User, UserStatus
from mock_okta.model.failures import LockedOut, NoSuchUser, NotSignable, WrongPassword
from mock_okta.services.directory.policies import Policies
from mock_okta.services.world import World

__all__ = ["SIGNABLE", "Credentials", "is_same_password"]

SIGNABLE = (UserStatus.ACTIVE, UserStatus.PASSWORD_EXPIRED)


class Credentials(Struct, frozen=True, kw_only=True):
    """Checks passwords, and locks users out by the password policy."""

    world: World
    policies: Policies

    async def find(self, login: str) -> User | None:
        """Return the user with that login; case is ignored."""
        return await self.world.storage.users.one_by("login_in_lower_case", login.lower())

    async def verify(self, login: str, password: str) -> User:
        """Return the user with that login, if the password is theirs.

        Raises NoSuchUser, NotSignable, LockedOut or WrongPassword. A wrong password is counted.

        Deviation: passwords are stored as plain text. They are test data, and hashing them would
        slow down every test.
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

        def with_one_more(kept: User) -> User:
            failures = kept.failures + 1
            is_too_many = 0 < lockout.max_attempts <= failures and kept.status in SIGNABLE
            counted = _locked(kept, now) if is_too_many else kept
            return msgspec.structs.replace(counted, failures=failures)

        return await self.world.storage.users.update(user.id, with_one_more) or user

    async def lock(self, user: User) -> User:
        """Lock the user out, as too many wrong passwords do."""
        now = self.world.clock.now()

        def locked(kept: User) -> User:
            return _locked(kept, now) if kept.status in SIGNABLE else kept

        return await self.world.storage.users.update(user.id, locked) or user

    async def forget_failures(self, user: User) -> User:
        """Reset the count of failures, after a proof."""

        def forgotten(kept: User) -> User:
            return msgspec.structs.replace(kept, failures=0)

        return await self.world.storage.users.update(user.id, forgotten) or user

    async def unlock(self, user: User) -> User:
        """Unlock the user and restore their status: an expired password stays expired."""
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
        """Return the user, unlocked if the policy unlocks users after a time that has passed."""
        if user.status is not UserStatus.LOCKED_OUT or user.locked_at is None:
            return user
        minutes = (await self.policies.passwords(user)).lockout.auto_unlock_minutes
        if minutes and user.locked_at + timedelta(minutes=minutes) <= self.world.clock.now():
            return await self.unlock(user)
        return user

    async def lock_out_of(self, user: User) -> LockedOut:
        """Return the failure for a locked-out user; it says whether the policy shows lock-outs."""
        policy = await self.policies.passwords(user)
        return LockedOut(user.login, is_shown=policy.lockout.show_lockout_failures)


def _locked(user: User, now: datetime) -> User:
    return msgspec.structs.replace(
        user.in_status(UserStatus.LOCKED_OUT, now), locked_at=now, locked_from=user.status
    )


def is_same_password(kept: str, given: str) -> bool:
    """Compare in constant time; an empty password is never right."""
    return kept != "" and hmac.compare_digest(_octets(kept), _octets(given))


def _octets(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
