"""`profile-update`: what the org wants to know of a user and does not yet (facts/identity C.7)."""

from collections.abc import Iterable

from mock_okta.idx.errors import NotOffered
from mock_okta.idx.ion import Ion, field
from mock_okta.idx.remediations.remediation import Remediation
from mock_okta.idx.requests import Call
from mock_okta.idx.scenes import Scene
from mock_okta.idx.settling import Settling
from mock_okta.model.interactions import IdentityTransaction
from mock_okta.model.progress import Step
from mock_okta.services.users.profiles import Profiles

__all__ = ["ProfileUpdate"]


class ProfileUpdate(Remediation, frozen=True, kw_only=True):
    """Asks for what the profile lacks; what is optional may be left blank, or all of it skipped.

    Unverified: that optional attributes which were left blank are asked for at the next sign-in.
    """

    name = "profile-update"
    path = "enroll/update"

    profiles: Profiles
    settling: Settling

    def fields(self, scene: Scene) -> Iterable[Ion]:
        asked = [
            field(each.name, label=each.label or each.name, required=each.required)
            for each in scene.missing
        ]
        yield {"name": "userProfile", "form": {"value": asked}}

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        if scene.user is None:
            raise NotOffered("there is no user whose profile it is")
        user = await self.profiles.complete(scene.user, call.body.user_profile or {})
        asked = scene.transaction.skipped | {Step.COMPLETE_PROFILE}
        return await self.settling.settle(scene.transaction, user, skipped=asked)
