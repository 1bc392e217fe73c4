"""Sign-in by an external identity provider: who is sent there, and who comes back."""

from msgspec import Struct

from mock_okta.model.directory import EVERYONE, Login, User, UserStatus
from mock_okta.model.failures import LockedOut, NotSignable, Unsuitable
from mock_okta.model.identity_providers import IdentityProvider
from mock_okta.services.directory.lookup import id_for_login
from mock_okta.services.users.credentials import SIGNABLE, Credentials
from mock_okta.services.world import World

__all__ = ["ExternalSignIn"]

_LONGEST = 100


class ExternalSignIn(Struct, frozen=True, kw_only=True):
    """Finds the identity provider of a login, and makes users just in time."""

    world: World
    credentials: Credentials

    async def provider_for(self, login: str) -> IdentityProvider | None:
        """Return the identity provider for that login; None for the org itself."""
        for rule in await self.world.storage.routing_rules.values():
            if rule.covers(login):
                return await self.world.storage.identity_providers.get(rule.provider_id or "")
        return None

    async def user_of(self, provider: IdentityProvider, email: str) -> User:
        """Return the user with that login or e-mail address; make one if there is none.

        Raises Unsuitable if `email` is not an e-mail address, LockedOut or NotSignable for a user
        who may not sign in.
        """
        _require_address(email)
        user = await self._found(email) or await self._made(provider, email)
        user = await self.credentials.unlocked_by_time(user)
        if user.status is UserStatus.LOCKED_OUT:
            raise LockedOut(user.login, is_shown=True)
        if user.status not in SIGNABLE:
            raise NotSignable(f"{user.login} is {user.status}")
        return user

    async def _found(self, email: str) -> User | None:
        by_login = await self.credentials.find(email)
        return by_login or await self.world.storage.users.one_by("email", email.lower())

    async def _made(self, provider: IdentityProvider, email: str) -> User:
        """Make a user just in time; of two requests at once, only one makes the user."""
        known = next((u for u in provider.users if u.email.lower() == email.lower()), None)
        now = self.world.clock.now()
        user = User(
            id=await id_for_login(self.world.storage, email),
            login=email,
            password="",
            profile={"email": email, **(known.profile if known else {}), "login": email},
            group_ids=(EVERYONE.id,),
            created_at=now,
            last_updated_at=now,
            password_changed_at=now,
            activated_at=now,
            status_changed_at=now,
            provider=provider.kind,
        )
        if not await self.world.storage.logins.add(email.lower(), Login(user_id=user.id)):
            return await self.credentials.find(email) or user
        await self.world.storage.users.put(user.id, user)
        return user


def _require_address(email: str) -> None:
    name, _, domain = email.partition("@")
    is_short_text = email.isprintable() and len(email) <= _LONGEST
    if not (name and domain and is_short_text) or "@" in domain or " " in email:
        raise Unsuitable("email", "This is not an e-mail address.")
