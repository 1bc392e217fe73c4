"""`consent`, `granular-consent`: whether an app may have what it asks for (facts/identity C.7)."""

from collections.abc import Iterable

from msgspec import structs

from mock_okta.idx.activations import Activations
from mock_okta.idx.errors import NotOffered
from mock_okta.idx.ion import Ion, field
from mock_okta.idx.remediations.remediation import Remediation
from mock_okta.idx.requests import Call
from mock_okta.idx.scenes import Scene
from mock_okta.idx.settling import Settling
from mock_okta.model.failures import Unsuitable
from mock_okta.model.grants import ParkedAuthorization
from mock_okta.model.interactions import IdentityTransaction, Screen, Shown
from mock_okta.services.users.registration import LEFT_OUT
from mock_okta.storage import Storage

__all__ = ["Consent", "GranularConsent"]

_DENIED = Shown(key="access_denied", text="The resource owner denied the request.", kind="ERROR")


class Consent(Remediation, frozen=True, kw_only=True):
    """Lets the request that waits go on, allowed or denied; it is all or nothing.

    Unverified: what Okta answers an app that embeds the widget when its user denies; here the
    sign-in is over, with the words that /authorize has for it.
    """

    name = "consent"
    path = "consent"

    storage: Storage
    activations: Activations
    settling: Settling

    def is_offered(self, scene: Scene) -> bool:
        return not _is_granular(scene)

    def fields(self, scene: Scene) -> Iterable[Ion]:
        options = [
            {"label": "Allow Access", "value": True},
            {"label": "Don't Allow", "value": False},
        ]
        yield field("consent", type="boolean", required=True, options=options)

    def members(self, scene: Scene) -> Ion:
        scopes = scene.transaction.draft["scopes"]
        return {
            "scopes": [{"name": name, "value": name, **said} for name, said in scopes.items()],
        }

    def declined(self, scene: Scene, call: Call) -> frozenset[str]:
        """Return what the user leaves out of what they allow."""
        return frozenset()

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        answer = call.body.consent
        if answer is None:
            raise Unsuitable("consent", LEFT_OUT)
        if scene.user is not None and scene.transaction.user_code:
            return await self.activations.decide(scene.transaction, scene.user, is_allowed=answer)
        declined = self.declined(scene, call)
        if scene.transaction.interaction is None:
            return await self._answered(scene.transaction, declined, is_allowed=answer)
        if not answer:
            return await self.settling.transactions.advance(
                scene.transaction, screen=Screen.OVER, message=_DENIED, draft={}
            )
        if scene.user is None:
            raise NotOffered("there is no user who could consent")
        return await self.settling.settle(
            scene.transaction, scene.user, declined=declined, draft={}
        )

    async def _answered(
        self, transaction: IdentityTransaction, declined: frozenset[str], *, is_allowed: bool
    ) -> IdentityTransaction:
        """Leave the answer with the request that waits at /authorize."""

        def answered(parked: ParkedAuthorization) -> ParkedAuthorization:
            return structs.replace(parked, consented=is_allowed, declined=declined)

        moved = await self.settling.transactions.advance(transaction, screen=Screen.SUCCESS)
        await self.storage.parked_authorizations.update(transaction.okta_key or "", answered)
        return moved


class GranularConsent(Consent, frozen=True, kw_only=True):
    """The same, scope by scope; what the form does not say is as the form has it: allowed.

    Unverified: that a scope which was declined is asked for again by the next request.
    """

    name = "granular-consent"

    def is_offered(self, scene: Scene) -> bool:
        return _is_granular(scene)

    def fields(self, scene: Scene) -> Iterable[Ion]:
        yield field("consent", type="boolean", required=True, visible=False)
        draft = scene.transaction.draft
        about = {"type": "boolean", "required": True, "value": True, "visible": True}
        beside = [field(name, **about, mutable=False) for name in draft["beside"]]
        asked = [
            field(name, **said, **about, mutable=name in draft["optional"])
            for name, said in draft["scopes"].items()
        ]
        yield {"name": "optedScopes", "form": {"value": [*beside, *asked]}}

    def members(self, scene: Scene) -> Ion:
        return {}

    def declined(self, scene: Scene, call: Call) -> frozenset[str]:
        opted = call.body.opted_scopes or {}
        optional = scene.transaction.draft["optional"]
        return frozenset(name for name in optional if opted.get(name) is False)


def _is_granular(scene: Scene) -> bool:
    is_for_device = scene.transaction.user_code is not None
    return not is_for_device and scene.client is not None and scene.client.granular_consent
