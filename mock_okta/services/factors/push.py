"""Okta Verify's push: a device is asked, and whoever signs in waits for what it says."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

import msgspec

from mock_okta.clock import wire_instant
from mock_okta.model.directory import User
from mock_okta.model.factors import Factor, FactorKey, FactorStatus
from mock_okta.model.failures import Unanswered
from mock_okta.model.progress import Challenge
from mock_okta.model.pushes import PushAnswer, PushRequest
from mock_okta.services.factors.factor import FactorKind, Given
from mock_okta.services.factors.pushes import PUSH_LIFETIME
from mock_okta.services.factors.totp import OktaOtpFactor

__all__ = ["DEVICE", "PushFactor"]

DEVICE: Mapping[str, Any] = MappingProxyType(
    {
        "deviceType": "SmartPhone_IPhone",
        "keys": [],
        "name": "Test Device",
        "platform": "IOS",
        "version": "9.3.1",
    }
)
"""The phone that every user has, as profiles show it (the widget's sample `mfa-all-factors`)."""


class PushFactor(FactorKind):
    """Waits for a device, to enrol and to prove it; the code of Okta Verify comes with it."""

    key = FactorKey.OKTA_PUSH
    type = "push"
    id_prefix = "opf"
    amr = ("swk",)
    resend = "push"
    polls = True

    async def enroll(self, user: User, given: Given) -> Factor:
        return self.new_factor({"credentialId": user.login})

    async def challenge(
        self, user: User, factor: Factor, before: Challenge | None
    ) -> Challenge | None:
        now = self.parts.clock.now()
        request_id = self.parts.ids.object_id("psh")
        return Challenge(value=request_id, sent_at=now, expires_at=now + PUSH_LIFETIME)

    async def send(self, user: User, factor: Factor, challenge: Challenge) -> None:
        is_enrollment = factor.status is FactorStatus.PENDING_ACTIVATION
        asks_number = factor.number_challenge and not is_enrollment
        request = PushRequest(
            id=challenge.value,
            user_id=user.id,
            factor_id=factor.id,
            is_enrollment=is_enrollment,
            created_at=challenge.sent_at,
            ends_at=challenge.expires_at,
            expires_at=challenge.expires_at + PUSH_LIFETIME,
            number=10 + int(self.parts.ids.passcode(2)) % 90 if asks_number else None,
        )
        await self.parts.pushes.ask(request)
        if not is_enrollment:
            text = f"Did {user.login} just try to sign in?"
            await self.parts.outbox.send_push(DEVICE["name"], text)

    async def verify(
        self, user: User, factor: Factor, challenge: Challenge | None, given: Given
    ) -> Factor:
        request = None if challenge is None else await self.parts.pushes.get(challenge.value)
        answer = PushAnswer.TIMEOUT if request is None else request.answer
        if answer is not PushAnswer.APPROVED:
            raise Unanswered(answer)
        return factor

    def comes_with(self, user: User) -> tuple[Factor, ...]:
        """Return the code of Okta Verify, which the same app shows from now on."""
        if any(each.key is FactorKey.OKTA_OTP for each in user.factors):
            return ()
        code = OktaOtpFactor(self.parts).for_user(user)
        return (msgspec.structs.replace(code, status=FactorStatus.ACTIVE),)

    def shown_profile(self, factor: Factor) -> Mapping[str, Any] | None:
        """Show the device, once there is one."""
        is_enrolled = factor.status is FactorStatus.ACTIVE
        return {**factor.profile, **DEVICE} if is_enrolled else None

    async def shown_challenge(
        self, factor: Factor, challenge: Challenge | None, answer: PushAnswer | None
    ) -> Mapping[str, Any] | None:
        """Show the number to pick, from the first poll on: then the device has been asked."""
        if answer is not PushAnswer.WAITING:
            return None
        request = None if challenge is None else await self.parts.pushes.get(challenge.value)
        if request is None or request.number is None:
            return None
        return {"correctAnswer": request.number}

    async def shown_activation(
        self,
        user: User,
        factor: Factor,
        challenge: Challenge | None,
        answer: PushAnswer | None,
    ) -> Mapping[str, Any]:
        """Show the QR code while it is good; then how to have another."""
        path = f"{self.parts.url}/api/v1/authn/factors/{factor.id}/lifecycle/activate"
        if answer in (PushAnswer.TIMEOUT, PushAnswer.REJECTED):
            return {"factorResult": answer, "_links": {"activate": _post(path)}}
        return {
            **({} if challenge is None else {"expiresAt": wire_instant(challenge.expires_at)}),
            "factorResult": PushAnswer.WAITING,
            "_links": {
                "qrcode": self.qr_link(user, factor),
                "send": [
                    {"name": channel, **_post(f"{path}/{channel}")} for channel in ("email", "sms")
                ],
            },
        }

    def qr_content(self, user: User, factor: Factor, challenge: Challenge | None) -> str:
        """Return what Okta Verify reads: whose factor, of which org, and the token to claim it."""
        token = "" if challenge is None else challenge.value
        query = urlencode({"t": token, "f": factor.id, "s": self.parts.url}, safe=":/")
        return f"oktaverify://{user.login}/?{query}"


def _post(href: str) -> dict[str, Any]:
    return {"href": href, "hints": {"allow": ["POST"]}}
