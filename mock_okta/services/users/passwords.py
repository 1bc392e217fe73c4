"""New passwords: checking them against the policy, and setting them (Okta's password policy)."""

import re
from collections.abc import Callable
from datetime import timedelta

import msgspec
from msgspec import Struct

from mock_okta.model.directory import User, UserStatus
from mock_okta.model.failures import LockedOut, NotSignable, PasswordRefused, WrongPassword
from mock_okta.model.policies import Complexity
from mock_okta.services.directory.policies import Policies
from mock_okta.services.users.credentials import is_same_password
from mock_okta.services.world import World

__all__ = ["Passwords"]

_LONGEST_HISTORY = 30
_DELIMITERS = re.compile(r"[,.\-_#@]")
_SHORTEST_PART = 4
_CLASSES: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
    ("min_lower_case", "a lowercase letter", str.islower),
    ("min_upper_case", "an uppercase letter", str.isupper),
    ("min_number", "a number", str.isdigit),
    ("min_symbol", "a symbol", lambda character: not character.isalnum()),
)
_ATTRIBUTES = {"firstName": "first name", "lastName": "last name"}


class Passwords(Struct, frozen=True, kw_only=True):
    """Checks and sets new passwords: two calls, since a transaction is claimed in between."""

    world: World
    policies: Policies

    async def check_change(self, user: User, old: str, new: str) -> None:
        """Raise WrongPassword if `old` is wrong, PasswordRefused if the policy refuses `new`.

        Raises LockedOut too: changing the password does not unlock a user. The minimum age counts
        only for passwords that have not expired.
        """
        if user.status is UserStatus.LOCKED_OUT:
            raise LockedOut(user.login, is_shown=True)
        if not is_same_password(user.password, old):
            raise WrongPassword(user.login)
        minutes = (await self.policies.passwords(user)).age.min_age_minutes
        is_young = self.world.clock.now() < user.password_changed_at + timedelta(minutes=minutes)
        if is_young and user.status is not UserStatus.PASSWORD_EXPIRED:
            raise PasswordRefused(f"A password must be {minutes} minutes old before it is changed.")
        await self.check_new(user, new)

    async def check_new(self, user: User, new: str) -> None:
        """Raise PasswordRefused for a password that is too simple, or was used recently."""
        policy = await self.policies.passwords(user)
        asked = _requirements_of(policy.complexity)
        if not _is_complex_enough(policy.complexity, user, new):
            raise PasswordRefused(
                f"Password requirements were not met. Password requirements: {', '.join(asked)}."
            )
        recent = (user.password, *user.password_history)[: policy.age.history_count]
        if any(is_same_password(earlier, new) for earlier in recent):
            raise PasswordRefused("Password has been used too recently")

    async def set(self, user: User, new: str, *, activates: bool = True) -> User:
        """Set the password; the user becomes ACTIVE, even if they were locked out.

        Without `activates` they keep their status: new users may have to prove their address.
        Raises NotSignable if the user was suspended, deactivated or removed meanwhile.
        """
        now = self.world.clock.now()

        def changed(kept: User) -> User:
            if kept.status in (UserStatus.SUSPENDED, UserStatus.DEPROVISIONED):
                raise NotSignable(f"{kept.login} is {kept.status}")
            before = (kept.password,) if kept.password else ()
            return msgspec.structs.replace(
                kept.in_status(UserStatus.ACTIVE, now) if activates else kept,
                password=new,
                password_changed_at=now,
                password_history=(*before, *kept.password_history)[:_LONGEST_HISTORY],
                failures=0,
                locked_at=None,
                locked_from=None,
            )

        found = await self.world.storage.users.update(user.id, changed)
        if found is None:
            raise NotSignable(f"{user.login} was removed")
        return found


def _requirements_of(complexity: Complexity) -> tuple[str, ...]:
    """Return what a password needs, in Okta's words for the user."""
    classes = [words for name, words, _ in _CLASSES if getattr(complexity, name)]
    username = ["no parts of your username"] if complexity.exclude_username else []
    attributes = [
        f"does not include your {_ATTRIBUTES[name]}" for name in complexity.exclude_attributes
    ]
    least = f"at least {complexity.min_length} characters"
    return (least, *classes, *username, *attributes)


def _is_complex_enough(complexity: Complexity, user: User, password: str) -> bool:
    if len(password) < complexity.min_length:
        return False
    for name, _, belongs in _CLASSES:
        if sum(map(belongs, password)) < getattr(complexity, name):
            return False
    lowered = password.lower()
    return not any(word in lowered for word in _excluded(complexity, user))


def _excluded(complexity: Complexity, user: User) -> list[str]:
    """Return what the password must not contain; short parts of a username are allowed."""
    words = [str(user.profile.get(name) or "") for name in complexity.exclude_attributes]
    if complexity.exclude_username:
        parts = _DELIMITERS.split(user.login)
        words += [user.login, *(part for part in parts if len(part) >= _SHORTEST_PART)]
    return [word.lower() for word in words if word]
