"""Finds the org itself, users by login or id, their groups, and whether an origin is trusted."""

from itertools import count
from typing import Any

from mock_okta.ids import derived_id
from mock_okta.model.directory import Org, TrustedOriginScope, User
from mock_okta.storage import Collection, Storage

__all__ = [
    "ORG_KEY",
    "free_id",
    "group_names",
    "id_for_login",
    "is_trusted",
    "the_org",
    "usable_user",
    "user_named",
]

ORG_KEY = "org"
"""The only key in the collections of the org itself and its clock."""


async def the_org(storage: Storage) -> Org:
    """Return the record of the org itself; it exists from the start."""
    org = await storage.orgs.get(ORG_KEY)
    if org is None:
        raise AssertionError("the org has no seed yet")
    return org


async def user_named(storage: Storage, name: str) -> User | None:
    """Return the user with that login (in any case) or, if there is none, with that id."""
    found = await storage.users.one_by("login_in_lower_case", name.lower())
    return await storage.users.get(name) if found is None else found


async def id_for_login(storage: Storage, login: str) -> str:
    """Return the id of the user with that login; without one, the id that such a user will get.

    This lets a seed assign an app to a user who registers later.
    """
    found = await storage.logins.get(login.lower())
    return await free_id(storage.users, "00u", login.lower()) if found is None else found.user_id


async def free_id(collection: Collection[Any], prefix: str, words: str) -> str:
    """Return an id derived from the words; not one of a record that was renamed since."""
    for number in count():
        made = derived_id(prefix, f"{words} {number}" if number else words)
        if await collection.get(made) is None:
            return made
    raise AssertionError("numbers do not end")


async def group_names(storage: Storage, user: User) -> tuple[str, ...]:
    """Return the names of the user's groups, as claims give them."""
    found = [await storage.groups.get(group_id) for group_id in user.group_ids]
    return tuple(group.name for group in found if group is not None)


async def usable_user(storage: Storage, user_id: str | None) -> User | None:
    """Return the user with that id; None if there is none, or they are not usable."""
    user = await storage.users.get(user_id or "")
    return user if user is not None and user.is_usable else None


async def is_trusted(storage: Storage, origin: str, scope: TrustedOriginScope) -> bool:
    """Return whether the org trusts that origin in that scope."""
    trusted = await storage.trusted_origins.get(origin)
    return trusted is not None and scope in trusted.scopes
