"""Finds the org itself, users by login or id, and whether an origin is trusted."""

from mock_okta.domain.directory import Org, TrustedOriginScope, User
from mock_okta.storage import Storage

__all__ = ["ORG_KEY", "is_trusted", "the_org", "usable_user", "user_named"]

ORG_KEY = "org"
"""The key of the org itself, the only one of its collection."""


async def the_org(storage: Storage) -> Org:
    """Return the org itself: it is there from the start on."""
    org = await storage.orgs.get(ORG_KEY)
    if org is None:
        raise AssertionError("the org is not filled yet")
    return org


async def user_named(storage: Storage, name: str) -> User | None:
    """Return the user with that login, in capitals or not, or else with that id."""
    login = await storage.logins.get(name.lower())
    return await storage.users.get(name if login is None else login.user_id)


async def usable_user(storage: Storage, user_id: str | None) -> User | None:
    """Return the user with that id; None if there is none, or they are suspended, say."""
    user = await storage.users.get(user_id or "")
    return user if user is not None and user.is_usable else None


async def is_trusted(storage: Storage, origin: str, scope: TrustedOriginScope) -> bool:
    """Return whether the org trusts that origin in that scope."""
    trusted = await storage.trusted_origins.get(origin)
    return trusted is not None and scope in trusted.scopes
