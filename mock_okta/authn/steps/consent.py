"""Allowing an app what it asks for (facts/classic C.2, C.3)."""

from typing import Any

import msgspec

from mock_okta.authn.parts import Parts
from mock_okta.authn.requests import Call
from mock_okta.model.records import ParkedAuthorization
from mock_okta.model.transactions import Status, Transaction
from mock_okta.web.errors import ValidationFailed

__all__ = ["consent"]


async def consent(parts: Parts, transaction: Transaction, call: Call) -> dict[str, Any]:
    """Let the parked request go on as consented to; it is all or nothing, as in the dialog."""
    user = await parts.user_of(transaction)
    asked = transaction.consent
    scopes = call.body.consent.scopes
    if asked is None or scopes is None:
        raise ValidationFailed("consent", "consent: The field cannot be left blank")
    if any(scope.name not in scopes for scope in asked.scopes):
        raise ValidationFailed("consent.scopes", "consent.scopes: All scopes must be consented to.")

    def consented(parked: ParkedAuthorization) -> ParkedAuthorization:
        return msgspec.structs.replace(parked, consented=True)

    moved = await parts.transactions.advance(transaction, status=Status.SUCCESS)
    await parts.storage.parked_authorizations.update(asked.okta_key, consented)
    return await parts.responses.standing(moved, user)
