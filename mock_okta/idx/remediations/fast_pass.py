"""`launch-authenticator`, `device-challenge-poll`, `cancel-polling`: FastPass on the computer."""

from collections.abc import Sequence
from typing import Any

from mock_okta.idx.authenticators import OKTA_VERIFY
from mock_okta.idx.errors import NotOffered
from mock_okta.idx.fast_pass import (
    BY_LINK,
    CANCEL_PATH,
    CHALLENGE,
    is_asked_on_computer,
    requests_of,
    shown_for,
)
from mock_okta.idx.ion import Ion
from mock_okta.idx.remediations.identify import told_by
from mock_okta.idx.remediations.remediation import Place, Remediation
from mock_okta.idx.requests import Call
from mock_okta.idx.scenes import Scene
from mock_okta.idx.settling import ANEW, CLEARED, Settling
from mock_okta.model.factors import FactorKey, PushAnswer, PushRequest
from mock_okta.model.failures import NotSignable
from mock_okta.model.interactions import IdentityTransaction, Screen
from mock_okta.model.progress import Challenge
from mock_okta.services.factors import Factors
from mock_okta.services.factors.pushes import Pushes
from mock_okta.services.sign_in.proving import Proving
from mock_okta.services.users.credentials import SIGNABLE

__all__ = ["CancelPolling", "DeviceChallengePoll", "LaunchAuthenticator"]

_REFRESH = 2000
"""Milliseconds between two polls, as the widget's samples have them."""
_UNREACHABLE = "OV_UNREACHABLE_BY_LOOPBACK"


class LaunchAuthenticator(Remediation, frozen=True, kw_only=True):
    """Asks Okta Verify on the computer who the user is, and to prove it.

    Every computer is this one: all users who have FastPass are asked, and the first to approve
    signs in.
    """

    name = "launch-authenticator"
    path = "authenticators/okta-verify/launch"

    factors: Factors
    settling: Settling

    def is_offered(self, scene: Scene) -> bool:
        known = scene.authenticators[OKTA_VERIFY]
        return known.signs_in and known.settings.show_sign_in_with_ov == "ALWAYS"

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        kind = self.factors.kind(FactorKey.SIGNED_NONCE)
        users = await self.settling.world.storage.users.all_by("has_fast_pass", "yes")
        computers = [(u, each) for u in users for each in u.factors if each.key is kind.key]
        asked: list[Challenge] = []
        for user, factor in computers:
            challenge = await kind.challenge(user, factor, None)
            if challenge is not None:
                await kind.send(user, factor, challenge)
                asked.append(challenge)
        return await self.settling.transactions.advance(
            scene.transaction,
            **{**CLEARED, **ANEW, **told_by(call), **_waited_for(asked)},
            screen=Screen.ASK_DEVICE,
            message=None,
        )


class DeviceChallengePoll(Remediation, frozen=True, kw_only=True):
    """Asks whether somebody approved on the computer, who then is the user."""

    name = "device-challenge-poll"
    path = "authenticators/poll"

    factors: Factors
    pushes: Pushes
    proving: Proving
    settling: Settling

    def relates_to(self, scene: Scene) -> str | None:
        return CHALLENGE

    def members(self, scene: Scene) -> Ion:
        return {"refresh": _REFRESH}

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        found = [await self.pushes.get(each) for each in requests_of(scene)]
        requests = [each for each in found if each is not None]
        for request in requests:
            if request.answer is PushAnswer.APPROVED:
                return await self._proved(scene, request, call)
        if any(each.answer is PushAnswer.WAITING for each in requests):
            return scene.transaction
        answers = {each.answer for each in requests}
        over = PushAnswer.REJECTED if PushAnswer.REJECTED in answers else PushAnswer.TIMEOUT
        return await _to_the_name(scene, self.settling, message=shown_for(over))

    async def _proved(self, scene: Scene, request: PushRequest, call: Call) -> IdentityTransaction:
        user = await self.settling.world.storage.users.get(request.user_id)
        factors = () if user is None else user.factors
        factor = next((each for each in factors if each.id == request.factor_id), None)
        if user is None or factor is None:  # removed since they approved
            return await _to_the_name(scene, self.settling, message=shown_for(PushAnswer.TIMEOUT))
        user = await self.settling.credentials.unlocked_by_time(user)
        if user.status not in SIGNABLE:
            raise NotSignable(f"{user.login} is {user.status}")
        asked = Challenge(
            value=request.id, sent_at=request.created_at, expires_at=request.expires_at
        )
        user = await self.proving.prove(user, factor, asked, call.given)
        verifies_user = await self.factors.kind(factor.key).verifies_user(call.given)
        proof = self.settling.needs.with_proof(
            scene.transaction, factor.key, verifies_user=verifies_user
        )
        return await self.settling.settle(scene.transaction, user, **proof)


class CancelPolling(Remediation, frozen=True, kw_only=True):
    """Takes the other way to the app if the page did not reach it; else it gives up."""

    name = "cancel-polling"
    path = CANCEL_PATH
    place = Place.WITHIN

    settling: Settling

    def is_offered(self, scene: Scene) -> bool:
        return scene.screen is Screen.ASK_DEVICE or is_asked_on_computer(scene)

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        transaction = scene.transaction
        by_link = transaction.draft.get("reached_by") == BY_LINK
        if call.body.reason == _UNREACHABLE and not by_link:
            draft = {**transaction.draft, "reached_by": BY_LINK}
            return await self.settling.transactions.advance(transaction, draft=draft)
        if scene.screen is Screen.ASK_DEVICE:
            return await _to_the_name(scene, self.settling)
        if scene.user is None or scene.current is None:
            raise NotOffered("Okta Verify is not waited for")
        return await self.settling.challenges.offer(
            transaction, scene.user, scene.current, draft={}
        )


def _waited_for(asked: Sequence[Challenge]) -> dict[str, Any]:
    """Return what a transaction keeps of the challenges; it lasts as long as they do."""
    ids = [each.value for each in asked]
    return {"challenge": asked[-1] if asked else None, "draft": {"asked": ids}}


async def _to_the_name(scene: Scene, settling: Settling, **changes: object) -> IdentityTransaction:
    """Return the transaction at its first screen."""
    facts = {**CLEARED, **ANEW, "user_id": None, "login": None, "message": None, **changes}
    return await settling.transactions.advance(scene.transaction, **facts, screen=Screen.IDENTIFY)
