"""Okta Verify's push, and FastPass: the sign-in waits until the user answers in the app."""

from urllib.parse import urlencode

import msgspec

from mock_okta.model.directory import User
from mock_okta.model.factors import Factor, FactorKey, FactorStatus, PushAnswer, PushRequest
from mock_okta.model.failures import Unanswered, Unsuitable
from mock_okta.model.progress import Challenge
from mock_okta.services.directory.outbox import Outbox
from mock_okta.services.factors.factor import Enrolment, FactorKind, Given
from mock_okta.services.factors.pushes import PUSH_LIFETIME, Pushes
from mock_okta.services.factors.totp import OktaOtpFactor

__all__ = ["DEVICE_NAME", "FastPassFactor", "PushFactor"]

DEVICE_NAME = "Test Device"
"""The name of the phone that every user has, in messages and profiles."""


class _AnsweredInTheApp(FactorKind, frozen=True, kw_only=True):
    """Asks Okta Verify, and waits for its answer; the challenge is the id of the request."""

    polls = True

    pushes: Pushes

    async def challenge(
        self, user: User, factor: Factor, before: Challenge | None
    ) -> Challenge | None:
        now = self.world.clock.now()
        request_id = self.world.ids.object_id("psh")
        return Challenge(value=request_id, sent_at=now, expires_at=now + PUSH_LIFETIME)

    async def send(self, user: User, factor: Factor, challenge: Challenge) -> None:
        request = PushRequest(
            id=challenge.value,
            user_id=user.id,
            factor_id=factor.id,
            is_enrollment=factor.status is FactorStatus.PENDING_ACTIVATION,
            created_at=challenge.sent_at,
            ends_at=challenge.expires_at,
            expires_at=challenge.expires_at + PUSH_LIFETIME,
            number=await self.number_for(factor),
        )
        await self.pushes.ask(request)

    async def number_for(self, factor: Factor) -> int | None:
        """Return the number that the app asks for, if it does."""
        return None

    async def verify(
        self, user: User, factor: Factor, challenge: Challenge | None, given: Given
    ) -> Factor:
        request = None if challenge is None else await self.pushes.get(challenge.value)
        answer = PushAnswer.TIMEOUT if request is None else request.answer
        if answer is not PushAnswer.APPROVED:
            raise Unanswered(answer)
        return factor


class FastPassFactor(_AnsweredInTheApp, frozen=True, kw_only=True):
    """Okta Verify on the user's computer, which may look who sits there.

    The app enrols it and no page does, so that the seed gives it to users. Unverified: its word in
    the claim `amr`.
    """

    key = FactorKey.SIGNED_NONCE
    id_prefix = "pfd"
    amr = ("pop",)

    async def enroll(self, user: User, given: Given) -> Factor:
        raise Unsuitable("factor_type", "FastPass is set up in Okta Verify on the computer.")

    async def verifies_user(self, given: Given, *, is_enrolment: bool = False) -> bool:
        kept = await self.world.storage.authenticators.get("okta_verify")
        return kept is None or kept.settings.user_verification != "DISCOURAGED"


class PushFactor(_AnsweredInTheApp, frozen=True, kw_only=True):
    """Okta Verify on the user's phone; its code is enrolled with it."""

    key = FactorKey.OKTA_PUSH
    id_prefix = "opf"
    amr = ("swk",)
    is_sent = True

    outbox: Outbox
    okta_otp: OktaOtpFactor

    async def enroll(self, user: User, given: Given) -> Factor:
        return self.new_factor({"credential_id": user.login})

    async def send(self, user: User, factor: Factor, challenge: Challenge) -> None:
        await super().send(user, factor, challenge)
        if factor.status is FactorStatus.ACTIVE:
            text = f"Did {user.login} just try to sign in?"
            await self.outbox.send_push(DEVICE_NAME, text)

    async def number_for(self, factor: Factor) -> int | None:
        if factor.status is FactorStatus.PENDING_ACTIVATION:
            return None
        kept = await self.world.storage.authenticators.get("okta_verify")
        asks_all = kept is not None and kept.settings.number_challenge == "ALWAYS"
        is_asked = factor.number_challenge or asks_all
        return 10 + int(self.world.ids.passcode(2)) % 90 if is_asked else None

    def comes_with(self, user: User) -> tuple[Factor, ...]:
        """Return the code of Okta Verify, which the same app shows."""
        if any(each.key is FactorKey.OKTA_OTP for each in user.factors):
            return ()
        code = self.okta_otp.for_user(user)
        return (msgspec.structs.replace(code, status=FactorStatus.ACTIVE),)

    def enrolment(self, user: User, factor: Factor, challenge: Challenge | None) -> Enrolment:
        """Return the URI that Okta Verify reads: user, factor, org, and a one-time token."""
        token = "" if challenge is None else challenge.value
        query = urlencode({"t": token, "f": factor.id, "s": self.world.url}, safe=":/")
        return Enrolment(uri=f"oktaverify://{user.login}/?{query}")

    async def number_to_pick(self, challenge: Challenge) -> int | None:
        request = await self.pushes.get(challenge.value)
        return None if request is None else request.number
