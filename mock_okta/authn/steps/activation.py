"""The first sign-in, by the activation token of a link or of a registration.

Okta's Authentication API, primary authentication with activation token.
"""

from typing import Any

from mock_okta.authn.requests import Call
from mock_okta.authn.steps.settling import Steps
from mock_okta.model.failures import SpentOrExpired
from mock_okta.model.progress import RecoveryType
from mock_okta.model.transactions import Status
from mock_okta.services.users.lifecycle import Lifecycle
from mock_okta.services.users.recovery import Recoveries
from mock_okta.web.errors import AuthenticationFailed

__all__ = ["ActivationSteps"]


class ActivationSteps(Steps, frozen=True, kw_only=True):
    """Begins the first sign-in of a user."""

    recoveries: Recoveries
    lifecycle: Lifecycle

    async def begin(self, call: Call) -> dict[str, Any]:
        """Let the user set a password if they have none; otherwise go on to what is due."""
        activation = RecoveryType.ACCOUNT_ACTIVATION
        try:
            token, user = await self.recoveries.redeem(call.body.token or "", activation)
        except SpentOrExpired as spent:
            raise AuthenticationFailed(remark=f"the activation token: {spent}") from spent
        options = call.body.options
        transaction = self.transactions.new(
            status=Status.PASSWORD_RESET,
            user_id=user.id,
            relay_state=token.relay_state,
            device_token=call.device_token,
            wants_password_warning=options.warn_before_password_expired,
            wants_more_factors=options.multi_optional_factor_enroll,
        )
        if user.password == "":
            return await self.move(transaction, user, recovery_type=activation)
        user = await self.lifecycle.activated(user)
        return await self.settle(transaction, user, amr=("pwd",))
