"""`consent`: whether an app may have what it asks for."""

from collections.abc import Iterable
from dataclasses import dataclass

from msgspec import structs

from mock_okta.idx.ion import Ion, field
from mock_okta.idx.remediations.remediation import Remediation
from mock_okta.idx.requests import Call
from mock_okta.idx.scenes import Scene
from mock_okta.model.failures import Unsuitable
from mock_okta.model.interactions import IdentityTransaction, Screen
from mock_okta.model.records import ParkedAuthorization
from mock_okta.services.sign_in.transactions import Transactions
from mock_okta.storage import Storage

__all__ = ["Consent"]


@dataclass(frozen=True, kw_only=True)
class Consent(Remediation):
    """Lets the request that waits go on, allowed or denied; it is all or nothing."""

    name = "consent"
    path = "consent"

    storage: Storage
    transactions: Transactions[IdentityTransaction]

    def fields(self, scene: Scene) -> Iterable[Ion]:
        options = [
            {"label": "Allow Access", "value": True},
            {"label": "Don't Allow", "value": False},
        ]
        yield field("consent", type="boolean", required=True, options=options)

    def members(self, scene: Scene) -> Ion:
        scopes: dict[str, str] = dict(scene.transaction.draft["scopes"])
        return {
            "scopes": [
                {"name": name, "label": text or name, "value": name, "desc": text}
                for name, text in scopes.items()
            ]
        }

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        answer = call.body.consent
        if answer is None:
            raise Unsuitable("consent", "The field cannot be left blank")

        def answered(parked: ParkedAuthorization) -> ParkedAuthorization:
            return structs.replace(parked, consented=answer)

        moved = await self.transactions.advance(scene.transaction, screen=Screen.SUCCESS)
        await self.storage.parked_authorizations.update(scene.transaction.okta_key or "", answered)
        return moved
