"""Stores the users of a seed, many with each call of the storage."""

import asyncio
from collections import Counter
from collections.abc import Sequence

from msgspec import Struct, structs

from mock_okta.ids import derived_id
from mock_okta.model.directory import Login, User
from mock_okta.model.seed import SeedUser
from mock_okta.services.directory.lookup import id_for_login
from mock_okta.services.seeding.names import Names
from mock_okta.services.seeding.users import user_of
from mock_okta.services.world import World

__all__ = ["UserKeeping"]

_AT_ONCE = 1000


class UserKeeping(Struct, frozen=True, kw_only=True):
    """Makes or replaces users.

    `keeps`: of users who are there, only profile and groups change.
    """

    world: World
    keeps: bool

    async def all_of(self, seeds: Sequence[SeedUser]) -> Sequence[User]:
        """Store these users and return them, in order."""
        kept: list[User] = []
        for start in range(0, len(seeds), _AT_ONCE):
            kept += await self._some(seeds[start : start + _AT_ONCE])
            await asyncio.sleep(0)  # others go on, also if the storage is in memory
        return kept

    async def _some(self, seeds: Sequence[SeedUser]) -> Sequence[User]:
        """Store together the users whose login and id are nobody else's, then each of the others.

        The others are renamed, or have a login or an id that had another owner.
        """
        storage = self.world.storage
        keys = [seed.login.lower() for seed in seeds]
        logins = await storage.logins.get_many(keys)
        both = zip(seeds, keys, logins, strict=True)
        ids = [seed.id or (taken.user_id if taken else _own_id(key)) for seed, key, taken in both]
        found = await storage.users.get_many(ids)
        times = Counter(keys) + Counter(ids)
        kept: dict[int, User] = {}
        groups: dict[tuple[str, ...], tuple[str, ...]] = {}
        for number, seed in enumerate(seeds):
            key, user_id, earlier, login = keys[number], ids[number], found[number], logins[number]
            is_new = login is None and earlier is None
            is_same = login == Login(user_id=user_id) and _is_named(earlier, key)
            if (is_new or is_same) and times[key] == times[user_id] == 1:
                if seed.groups not in groups:
                    groups[seed.groups] = await Names(storage).group_ids(seed.groups)
                kept[number] = self._user(seed, user_id, earlier, groups[seed.groups])
        new = [n for n in kept if logins[n] is None]
        changed = [user for n, user in kept.items() if user != found[n]]
        await storage.logins.put_many([(keys[n], Login(user_id=ids[n])) for n in new])
        await storage.users.put_many([(user.id, user) for user in changed])
        return [
            kept[number] if number in kept else await self._one(seed)
            for number, seed in enumerate(seeds)
        ]

    async def _one(self, seed: SeedUser) -> User:
        storage = self.world.storage
        key = seed.login.lower()
        taken = await storage.logins.get(key)
        earlier_id = None if taken is None else taken.user_id
        user_id = seed.id or await id_for_login(storage, key)
        if earlier_id is not None and earlier_id != user_id:
            await storage.users.take(earlier_id)
        earlier = await storage.users.get(user_id)
        user = self._user(seed, user_id, earlier, await Names(storage).group_ids(seed.groups))
        if earlier is not None and earlier.login.lower() != key:
            await storage.logins.take(earlier.login.lower())
        await storage.logins.put(key, Login(user_id=user_id))
        await storage.users.put(user_id, user)
        return user

    def _user(
        self, seed: SeedUser, user_id: str, earlier: User | None, group_ids: tuple[str, ...]
    ) -> User:
        user = user_of(seed, user_id, earlier, self.world.clock.now(), group_ids)
        if self.keeps and earlier is not None:
            return structs.replace(earlier, profile=user.profile, group_ids=user.group_ids)
        return user


def _own_id(login: str) -> str:
    """Return the id of a new user with that login, if it is free."""
    return derived_id("00u", login)


def _is_named(user: User | None, login: str) -> bool:
    return user is not None and user.login.lower() == login
