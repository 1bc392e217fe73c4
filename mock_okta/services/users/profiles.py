"""Progressive profiling: what a user's profile lacks, and filling that in."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from mock_okta.model.directory import User
from mock_okta.model.failures import Unsuitable
from mock_okta.model.policies import ProfileAttribute
from mock_okta.services.users.registration import LEFT_OUT, NO_ADDRESS, is_address
from mock_okta.services.world import World

__all__ = ["Profiles"]

_ADDRESSES = ("email", "secondEmail")


class Profiles(Struct, frozen=True, kw_only=True):
    """Compares profiles with what the org wants them to have.

    Deviation: a new address need not be proved; Okta sends an e-mail to it first.
    """

    world: World

    async def missing(self, user: User) -> tuple[ProfileAttribute, ...]:
        """Return what the org asks for and the user's profile lacks."""
        policies = await self.world.storage.profile_enrollments.values()
        return policies[0].missing(user.profile) if policies else ()

    async def complete(self, user: User, given: Mapping[str, Any]) -> User:
        """Return the user with what was missing; what is not missing is left as it is.

        Raises Unsuitable, with the attribute, for a value that will not do.
        """
        missing = await self.missing(user)
        filled = {each.name: given.get(each.name) for each in missing}
        filled = {name: value for name, value in filled.items() if value not in (None, "")}
        for attribute in missing:
            if attribute.required and attribute.name not in filled:
                raise Unsuitable(attribute.name, LEFT_OUT)
        for name, value in filled.items():
            if not isinstance(value, str):
                raise Unsuitable(name, "The field must be text")
            if name in _ADDRESSES and not is_address(value):
                raise Unsuitable(name, NO_ADDRESS)
        now = self.world.clock.now()

        def completed(kept: User) -> User:
            profile = {**kept.profile, **filled}
            return msgspec.structs.replace(kept, profile=profile, last_updated_at=now)

        return await self.world.storage.users.update(user.id, completed) or user
