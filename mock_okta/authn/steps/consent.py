"""Allowing an app what it asks for (facts/classic C.2, C.3)."""

from typing import Any

import msgspec

from mock_okta.authn.requests import Call
from mock_okta.authn.steps.settling import Steps
from mock_okta.model.grants import ParkedAuthorization
from mock_okta.model.transactions import Status, Transaction
from mock_okta.storage import Collection
from mock_okta.web.errors import ValidationFailed

__all__ = ["ConsentSteps"]


class ConsentSteps(Steps, frozen=True, kw_only=True):
    """Takes the user's consent, which `parked` requests wait for."""

    parked: Collection[ParkedAuthorization]

    async def consent(self, transaction: Transaction, call: Call) -> dict[str, Any]:
        """Mark the parked request as consented to; the user allows all scopes or none."""
        user = await self.user_of(transaction)
        asked = transaction.consent
        scopes = call.body.consent.scopes
        if asked is None or scopes is None:
            raise ValidationFailed("consent", "consent: The field cannot be left blank")
        if any(scope.name not in scopes for scope in asked.scopes):
            raise ValidationFailed(
                "consent.scopes", "consent.scopes: All scopes must be consented to."
            )

        def consented(parked: ParkedAuthorization) -> ParkedAuthorization:
            return msgspec.structs.replace(parked, consented=True)

        body = await self.move(transaction, user, status=Status.SUCCESS)
        await self.parked.update(asked.okta_key, consented)
        return body
