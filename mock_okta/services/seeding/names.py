"""Turns the names in a seed into the ids that records use."""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from mock_okta.ids import derived_id
from mock_okta.model.directory import Group
from mock_okta.services.directory.lookup import free_id, id_for_login
from mock_okta.storage import Collection, Storage

__all__ = ["Names"]

_OKTA = "OKTA"


class Names(Struct, frozen=True):
    """Resolves logins and names once, at seeding; case is ignored."""

    storage: Storage

    async def user_ids(self, logins: Iterable[str] | None) -> frozenset[str] | None:
        """Return the ids of users, also of users who do not exist yet; None for None."""
        if logins is None:
            return None
        return frozenset([await id_for_login(self.storage, login) for login in logins])

    async def group_ids(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of groups in order; make groups that do not exist."""
        return tuple(dict.fromkeys([await self._group_id(name) for name in names]))

    async def any_group_ids(self, names: Iterable[str] | None) -> frozenset[str] | None:
        """Return the ids of groups; None, which means any, for None."""
        return None if names is None else frozenset(await self.group_ids(names))

    async def authentication_policy_id(self, name: str) -> str:
        """Return the id of the authentication policy of that name, or a new id."""
        kept = self.storage.authentication_policies
        return await self.policy_id(kept, "authentication", name, prefix="rst")

    async def policy_id(
        self, collection: Collection[Any], kind: str, name: str, *, prefix: str = "00p"
    ) -> str:
        """Return the id of the policy or rule of that name, or a new id."""
        found = await collection.one_by("name", name)
        if found is not None:
            policy_id: str = found.id
            return policy_id
        return await free_id(collection, prefix, f"{kind}:{name}")

    async def provider_id(self, name: str) -> str | None:
        """Return the id of the identity provider with that id or name; None for the org itself."""
        if name == _OKTA or await self.storage.identity_providers.get(name) is not None:
            return None if name == _OKTA else name
        found = await self.storage.identity_providers.one_by("name", name)
        return derived_id("0oa", f"idp:{name}") if found is None else found.id

    async def _group_id(self, name: str) -> str:
        groups, lower = self.storage.groups, name.lower()
        found = await groups.one_by("name_in_lower_case", lower)
        if found is not None:
            return found.id
        group = Group(id=await free_id(groups, "00g", lower), name=name)
        await groups.add(group.id, group)
        return group.id
