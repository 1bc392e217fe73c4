"""`user-code`: which device the user activates (facts/identity C.7)."""

from collections.abc import Iterable

from mock_okta.idx.ion import Ion, field
from mock_okta.idx.remediations.remediation import Remediation
from mock_okta.idx.requests import Call
from mock_okta.idx.scenes import Scene
from mock_okta.idx.settling import Settling
from mock_okta.model.failures import SpentOrExpired, Unsuitable, WrongPasscode
from mock_okta.model.interactions import IdentityTransaction, Screen
from mock_okta.services.sign_in.devices import Devices, plain_user_code
from mock_okta.services.users.registration import LEFT_OUT

__all__ = ["UserCode"]


class UserCode(Remediation, frozen=True, kw_only=True):
    """Takes the code that the device shows; a user who is not signed in does that next.

    Wrong codes are counted by user, and before the sign-in by transaction.
    """

    name = "user-code"
    path = "device/activate"

    devices: Devices
    settling: Settling

    def fields(self, scene: Scene) -> Iterable[Ion]:
        shown = scene.transaction.user_code or None
        yield field("userCode", label="Activation Code", required=True, value=shown)

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        user_code = plain_user_code(call.body.user_code or "")
        if not user_code:
            raise Unsuitable("user_code", LEFT_OUT)
        transaction = scene.transaction
        whose = transaction.user_id or transaction.handle
        try:
            device = await self.devices.entered(user_code, whose)
        except SpentOrExpired as failure:
            raise WrongPasscode("the user code is unknown, used or expired") from failure
        facts = {"user_code": user_code, "client_id": device.client_id}
        if scene.user is None or transaction.session_id is None:
            return await self.settling.transactions.advance(
                transaction, **facts, screen=Screen.IDENTIFY, message=None
            )
        return await self.settling.settle(transaction, scene.user, **facts)
