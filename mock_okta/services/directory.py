"""Finding users by what people call them, and those who may use what they were given."""

from mock_okta.domain.directory import User
from mock_okta.storage import Storage

__all__ = ["usable_user", "user_named"]


async def user_named(storage: Storage, name: str) -> User | None:
    """Return the user with that login, in capitals or not, or else with that id."""
    login = await storage.logins.get(name.lower())
    return await storage.users.get(name if login is None else login.user_id)


async def usable_user(storage: Storage, user_id: str | None) -> User | None:
    """Return the user with that id; None if there is none, or they are suspended, say."""
    user = await storage.users.get(user_id or "")
    return user if user is not None and user.is_usable else None
