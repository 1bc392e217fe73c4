"""Changes to one user, as an administrator makes them."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, structs

from mock_okta.model.directory import User
from mock_okta.model.seed import SeedUser
from mock_okta.model.seed.users import UserChange
from mock_okta.services.seeding.names import Names
from mock_okta.services.seeding.users import factor_of
from mock_okta.services.world import World

__all__ = ["UserChanges"]


class UserChanges(Struct, frozen=True, kw_only=True):
    """Changes passwords, profiles, groups, factors; asks no policy, and e-mails nobody."""

    world: World

    async def change(self, user: User, change: UserChange) -> User:
        """Return the changed user."""
        now = self.world.clock.now()
        names = Names(self.world.storage)
        group_ids = None if change.groups is None else await names.group_ids(change.groups)
        profile = {"email": user.email or user.login}
        described = SeedUser(login=user.login, status="STAGED", profile=profile)
        new = [factor_of(each, described, user.id, now) for each in change.factors]
        gone = {each.key for each in new}

        def changed(kept: User) -> User:
            stay = [
                e for e in kept.factors if e.key not in gone and e.id not in change.remove_factors
            ]
            return structs.replace(
                kept,
                password=change.password or kept.password,
                password_changed_at=now if change.password else kept.password_changed_at,
                profile=_merged(kept.profile, change.profile or {}, kept.login),
                group_ids=kept.group_ids if group_ids is None else group_ids,
                factors=(*stay, *new),
                last_updated_at=now,
            )

        return await self.world.storage.users.update(user.id, changed) or user


def _merged(profile: Mapping[str, Any], change: Mapping[str, Any], login: str) -> dict[str, Any]:
    """Return the profile with the change; the login stays (RFC 7396: null removes)."""
    merged = {**profile, **change, "login": login}
    return {name: value for name, value in merged.items() if value is not None}
