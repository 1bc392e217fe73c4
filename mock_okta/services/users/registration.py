"""Self-service registration: checking the form, and making the user."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from mock_okta.model.directory import Login, User, UserStatus
from mock_okta.model.failures import LoginTaken, NotInTheForm, PasswordRefused, Unsuitable
from mock_okta.model.policies import RegistrationPolicy
from mock_okta.model.progress import RecoveryType
from mock_okta.services.directory.lookup import id_for_login
from mock_okta.services.users.passwords import Passwords
from mock_okta.services.users.recovery import Recoveries
from mock_okta.services.world import World

__all__ = [
    "LEFT_OUT",
    "LONGEST_FIELD",
    "NO_ADDRESS",
    "NO_ADDRESS_AS_LOGIN",
    "Registrations",
    "is_address",
]

LEFT_OUT = "The field cannot be left blank"
NO_ADDRESS = "Does not match required pattern"
NO_ADDRESS_AS_LOGIN = "Username must be in the form of an email address"

LONGEST_FIELD = 50
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_LONGEST_LOGIN = 100


class Registrations(Struct, frozen=True, kw_only=True):
    """Makes users from submitted forms."""

    world: World
    passwords: Passwords
    recoveries: Recoveries

    async def register(
        self, policy: RegistrationPolicy, given: Mapping[str, Any], relay_state: str | None
    ) -> str | None:
        """Return an activation token for the new user; None if it was e-mailed instead.

        Raises as `create`, but for Unsuitable where the password is refused.
        """
        try:
            user = await self.create(policy, given)
        except PasswordRefused as refused:
            raise Unsuitable("password", " ".join(refused.causes)) from refused
        activation = RecoveryType.ACCOUNT_ACTIVATION
        if policy.activation_email:
            await self.recoveries.send_link(user, activation, relay_state)
            return None
        token, _ = await self.recoveries.new_token(user, activation, relay_state)
        return token

    async def create(
        self, policy: RegistrationPolicy, given: Mapping[str, Any], *, asks_password: bool = True
    ) -> User:
        """Return the new user, PROVISIONED if they have to prove their address first.

        Without `asks_password` they have no password yet, and none may be given.
        Raises Unsuitable, with the field, for a wrong value; NotInTheForm for an unknown field;
        PasswordRefused; LoginTaken.
        """
        always = ("email", "password") if asks_password else ("email",)
        user = await self._user(policy, _filled_in(policy, given, always))
        if asks_password:
            await self.passwords.check_new(user, user.password)
        if not await self.world.storage.logins.add(user.login.lower(), Login(user_id=user.id)):
            field = policy.login_field
            raise LoginTaken(policy.title_of(field), field=field)
        await self.world.storage.users.put(user.id, user)
        return user

    async def _user(self, policy: RegistrationPolicy, profile: dict[str, str]) -> User:
        """Return the new user, ACTIVE unless they have to prove their address first."""
        now, password = self.world.clock.now(), profile.pop("password", "")
        login = profile.setdefault("login", profile["email"])
        return User(
            id=await id_for_login(self.world.storage, login),
            login=login,
            password=password,
            profile=profile,
            group_ids=policy.group_ids,
            created_at=now,
            last_updated_at=now,
            password_changed_at=now,
            activated_at=None if policy.activation_email else now,
            status_changed_at=now,
            status=UserStatus.PROVISIONED if policy.activation_email else UserStatus.ACTIVE,
        )


def _filled_in(
    policy: RegistrationPolicy, given: Mapping[str, Any], always: Iterable[str]
) -> dict[str, str]:
    """Return the values that were filled in; raise Unsuitable or NotInTheForm."""
    lengths = {field.name: LONGEST_FIELD for field in policy.fields}
    lengths |= {"email": _LONGEST_LOGIN, "login": _LONGEST_LOGIN, "password": _LONGEST_LOGIN}
    known = {*always, *(field.name for field in policy.fields)}
    required = {*always, *(field.name for field in policy.fields if field.required)}
    filled = {name: value for name, value in given.items() if value not in (None, "")}
    for name, value in filled.items():
        if name not in known:
            raise NotInTheForm(name)
        if not isinstance(value, str):
            raise Unsuitable(name, "The field must be text")
        if len(value) > lengths[name]:
            raise Unsuitable(name, f"The field must have at most {lengths[name]} characters")
    for name in sorted(required - set(filled)):
        raise Unsuitable(name, LEFT_OUT)
    if not is_address(filled["email"]):
        raise Unsuitable("email", NO_ADDRESS)
    if not is_address(filled.get("login", filled["email"])):
        raise Unsuitable("login", NO_ADDRESS_AS_LOGIN)
    return filled


def is_address(text: str) -> bool:
    """Return whether the text looks like an e-mail address."""
    return _EMAIL.fullmatch(text) is not None
