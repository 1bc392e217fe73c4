"""`request-activation-email`: another link for somebody whose own does not work any more."""

from mock_okta.idx.remediations.remediation import Remediation
from mock_okta.idx.requests import Call
from mock_okta.idx.scenes import Scene
from mock_okta.model.directory import UserStatus
from mock_okta.model.interactions import IdentityTransaction, Screen, Shown
from mock_okta.model.progress import RecoveryType
from mock_okta.services.sign_in.transactions import Transactions
from mock_okta.services.users.recovery import Recoveries

__all__ = ["RequestActivationEmail"]

_REQUESTED = Shown(
    key="idx.request.activation.email",
    text="New activation link requested. If your information matches our records, you will receive "
    "a new activation link in your inbox soon.",
)


class RequestActivationEmail(Remediation, frozen=True, kw_only=True):
    """Sends a new link, once; the answer is the same for who has been activated meanwhile."""

    name = "request-activation-email"
    path = "request-activation"

    recoveries: Recoveries
    transactions: Transactions[IdentityTransaction]

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        moved = await self.transactions.advance(
            scene.transaction, screen=Screen.OVER, message=_REQUESTED
        )
        user = scene.user
        if user is not None and user.status is UserStatus.PROVISIONED:
            await self.recoveries.send_link(user, RecoveryType.ACCOUNT_ACTIVATION)
        return moved
