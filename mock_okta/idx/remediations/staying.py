"""`keep-me-signed-in`: asked once all is proved (facts/identity C.7)."""

from collections.abc import Iterable

from mock_okta.idx.errors import NotOffered
from mock_okta.idx.ion import Ion, field
from mock_okta.idx.remediations.remediation import Remediation
from mock_okta.idx.requests import Call
from mock_okta.idx.scenes import Scene
from mock_okta.idx.settling import Settling
from mock_okta.model.interactions import IdentityTransaction
from mock_okta.model.progress import Step

__all__ = ["KeepMeSignedIn"]


class KeepMeSignedIn(Remediation, frozen=True, kw_only=True):
    """Makes a session that outlasts the browser, or does not."""

    name = "keep-me-signed-in"
    path = "keep-me-signed-in"

    settling: Settling

    def fields(self, scene: Scene) -> Iterable[Ion]:
        about = {"type": "boolean", "label": "Stay signed in", "required": True}
        yield field("keepMeSignedIn", **about, value=False, mutable=True)

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        transaction = scene.transaction
        if scene.user is None or scene.client is None:
            raise NotOffered("there is nobody who could stay signed in")
        stays = self.settling.staying
        await stays.note_asked(scene.client, scene.user, transaction.device_token)
        return await self.settling.settle(
            transaction,
            scene.user,
            keeps_signed_in=bool(call.body.keep_me_signed_in),
            skipped=transaction.skipped | {Step.KEEP_SIGNED_IN},
        )
