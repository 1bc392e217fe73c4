"""What is waited for: `poll` of an e-mail's link, `challenge-poll` of Okta Verify; asking again."""

from collections.abc import Iterable

import msgspec

from mock_okta.idx.authenticators import EMAIL, PHONE
from mock_okta.idx.challenges import Challenges
from mock_okta.idx.enrolled import auto_challenge
from mock_okta.idx.errors import NotOffered
from mock_okta.idx.fast_pass import is_asked_on_computer, shown_for
from mock_okta.idx.ion import Ion, field
from mock_okta.idx.remediations.remediation import Place, Remediation
from mock_okta.idx.requests import Call
from mock_okta.idx.scenes import Scene
from mock_okta.idx.settling import Settling
from mock_okta.model.factors import OVER, FactorKey, PushAnswer
from mock_okta.model.failures import Unanswered
from mock_okta.model.interactions import IdentityTransaction, Screen
from mock_okta.services.factors import Factors
from mock_okta.services.sign_in.proving import Proving

__all__ = ["ChallengePoll", "Poll", "Resend", "ResendPush"]

_EMAIL_REFRESH, _PUSH_REFRESH = 4000, 2000
"""Milliseconds between two polls, as the widget's samples have them."""


def _is_push(scene: Scene) -> bool:
    return scene.factor is not None and scene.factor.key is FactorKey.OKTA_PUSH


class Resend(Remediation, frozen=True, kw_only=True):
    """Sends the passcode once more."""

    name = "resend"
    path = "challenge/resend"
    place = Place.CURRENT

    challenges: Challenges

    def is_offered(self, scene: Scene) -> bool:
        return scene.transaction.authenticator in (EMAIL, PHONE) or scene.number is not None

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        if scene.user is None or scene.current is None or scene.transaction.method is None:
            raise NotOffered("nothing was sent")
        return await self.challenges.begin(
            scene.transaction, scene.user, scene.current, scene.transaction.method
        )


class Poll(Remediation, frozen=True, kw_only=True):
    """Says how the sign-in stands: a link that was opened elsewhere has moved it on."""

    name = "poll"
    path = "challenge/poll"
    place = Place.CURRENT

    def is_offered(self, scene: Scene) -> bool:
        is_enrolment = scene.screen is Screen.ENROL
        has_link = is_enrolment or scene.authenticators[EMAIL].settings.uses_magic_link
        return has_link and scene.transaction.authenticator == EMAIL

    def members(self, scene: Scene) -> Ion:
        return {"refresh": _EMAIL_REFRESH}

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        return scene.transaction


class ChallengePoll(Remediation, frozen=True, kw_only=True):
    """Asks whether the push was answered, or FastPass on the computer.

    FastPass that came to nothing is offered once more; a push has `resend` for that.
    """

    name = "challenge-poll"
    path = "authenticators/poll"

    factors: Factors
    proving: Proving
    settling: Settling

    def is_offered(self, scene: Scene) -> bool:
        is_asked = _is_push(scene) or is_asked_on_computer(scene)
        return is_asked and scene.transaction.answer not in OVER

    def relates_to(self, scene: Scene) -> str | None:
        return "$.currentAuthenticator"

    def members(self, scene: Scene) -> Ion:
        return {"refresh": _PUSH_REFRESH}

    def fields(self, scene: Scene) -> Iterable[Ion]:
        """Let the user take back that a push is sent at once."""
        if scene.factor is not None and scene.factor.auto_push:
            yield auto_challenge(scene.factor)

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        user, factor, transaction = scene.user, scene.factor, scene.transaction
        if user is None or factor is None:
            raise NotOffered("Okta Verify is not waited for")
        if call.body.auto_challenge is not None:
            wanted = call.body.auto_challenge
            user = await self.settling.challenges.send_at_once(user, factor, wanted=wanted)
            factor = msgspec.structs.replace(factor, auto_push=wanted)
        try:
            user = await self.proving.prove(user, factor, transaction.challenge, call.given)
        except Unanswered as waiting:
            answer = PushAnswer(waiting.answer)
            if answer not in OVER:
                return transaction
            if factor.key is FactorKey.SIGNED_NONCE and scene.current is not None:
                return await self.settling.challenges.offer(
                    transaction, user, scene.current, message=shown_for(answer)
                )
            return await self.settling.transactions.advance(
                transaction, answer=answer, message=shown_for(answer)
            )
        verifies_user = await self.factors.kind(factor.key).verifies_user(call.given)
        return await self.settling.proved(
            transaction, user, factor.key, verifies_user=verifies_user
        )


class ResendPush(Remediation, frozen=True, kw_only=True):
    """Sends another push in place of one that was rejected, or came to nothing."""

    name = "resend"
    path = "challenge"

    challenges: Challenges

    def is_offered(self, scene: Scene) -> bool:
        return _is_push(scene) and scene.transaction.answer in OVER

    def relates_to(self, scene: Scene) -> str | None:
        return "$.currentAuthenticator"

    def fields(self, scene: Scene) -> Iterable[Ion]:
        current = scene.current
        chosen = {"methodType": "push", "id": "" if current is None else current.authenticator.id}
        yield field("authenticator", required=True, value=chosen, visible=False, mutable=False)

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        if scene.user is None or scene.current is None:
            raise NotOffered("no push was sent")
        return await self.challenges.begin(
            scene.transaction, scene.user, scene.current, "push", message=None
        )
