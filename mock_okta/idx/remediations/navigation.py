"""`cancel` and `skip`: ending a sign-in, and skipping what is optional."""

from mock_okta.idx.remediations.remediation import Place, Remediation
from mock_okta.idx.requests import Call
from mock_okta.idx.scenes import Scene
from mock_okta.idx.settling import ANEW, CLEARED, Settling
from mock_okta.model.interactions import IdentityTransaction, Screen
from mock_okta.model.progress import Step
from mock_okta.services.sign_in.transactions import Transactions

__all__ = ["Cancel", "Skip"]

_PUT_OFF = {
    Screen.PASSWORD_WARNING: Step.WARN_PASSWORD,
    Screen.CHOOSE_ENROLMENT: Step.ENROLL_FACTOR,
    Screen.ENROLMENT_DATA: Step.ENROLL_FACTOR,
    Screen.ENROL: Step.ENROLL_FACTOR,
    Screen.COMPLETE_PROFILE: Step.COMPLETE_PROFILE,
}


class Cancel(Remediation, frozen=True, kw_only=True):
    """Ends the transaction and answers with a fresh first screen, as clients expect."""

    name = "cancel"
    path = "cancel"
    place = Place.DOCUMENT

    transactions: Transactions[IdentityTransaction]

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        is_for_device = scene.transaction.user_code is not None
        return await self.transactions.advance(
            scene.transaction,
            **CLEARED,
            **ANEW,
            screen=Screen.DEVICE_CODE if is_for_device else Screen.IDENTIFY,
            user_code="" if is_for_device else None,
            user_id=None,
            login=None,
            message=None,
            keeps_signed_in=False,
        )


class Skip(Remediation, frozen=True, kw_only=True):
    """Skips what is optional; what is required comes back at once."""

    name = "skip"
    path = "skip"

    settling: Settling

    def is_offered(self, scene: Scene) -> bool:
        if scene.screen is Screen.CHOOSE_ENROLMENT and not scene.enrollable:
            return False  # another tab was faster, and there is nothing to put off
        return not scene.must_enroll and not any(each.required for each in scene.missing)

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        if scene.user is None:
            return scene.transaction
        put_off = scene.transaction.skipped | {_PUT_OFF[scene.screen]}
        return await self.settling.settle(scene.transaction, scene.user, skipped=put_off, draft={})
