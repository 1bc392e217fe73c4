"""One-time passwords by time (RFC 6238): Google Authenticator and Okta Verify."""

import base64
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar
from urllib.parse import urlsplit

import msgspec
import pyotp

from mock_okta.model.directory import User
from mock_okta.model.factors import Factor, FactorKey
from mock_okta.model.failures import WrongPasscode
from mock_okta.model.progress import Challenge
from mock_okta.model.pushes import PushAnswer
from mock_okta.services.factors.factor import FactorKind, Given

__all__ = ["STEP", "GoogleOtpFactor", "OktaOtpFactor", "TotpFactor"]

STEP = 30
_DRIFT = 1
"""How many steps a device's clock may be off, each way (RFC 6238 5.2)."""


class TotpFactor(FactorKind):
    """Takes the code of the step that is, the one before and the one after.

    That each counts once is seen to where the counter is kept, at the same moment.
    """

    type = "token:software:totp"
    amr = ("otp",)
    key_length: ClassVar[int]
    """`keyLength`: of the secret as Google's has it, of the code as Okta's."""
    more: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """What this kind's activation has beside the rest."""

    async def enroll(self, user: User, given: Given) -> Factor:
        return self.for_user(user)

    def for_user(self, user: User) -> Factor:
        """Return a factor with a new secret; 120 bits: Okta's 80 are fewer than pyotp takes."""
        secret = base64.b32encode(self.parts.ids.octets(15)).decode()
        return self.new_factor({"credentialId": user.login}, secret)

    async def verify(
        self,
        user: User,
        factor: Factor,
        challenge: Challenge | None,
        given: Given,
    ) -> Factor:
        code = given.pass_code.replace(" ", "")
        now = self.parts.clock.epoch() // STEP
        totp = pyotp.HOTP(factor.secret or "")
        matching = [
            step
            for step in range(now - _DRIFT, now + _DRIFT + 1)
            if pyotp.utils.strings_equal(totp.at(step), code)
        ]
        if not matching:
            raise WrongPasscode("Your token doesn't match our records. Please try again.")
        return msgspec.structs.replace(factor, counter=matching[-1])

    async def shown_activation(
        self,
        user: User,
        factor: Factor,
        challenge: Challenge | None,
        answer: PushAnswer | None,
    ) -> Mapping[str, Any]:
        return {
            "timeStep": STEP,
            "sharedSecret": factor.secret,
            "encoding": "base32",
            "keyLength": self.key_length,
            **self.more,
            "_links": {"qrcode": self.qr_link(user, factor)},
        }

    def qr_content(self, user: User, factor: Factor, challenge: Challenge | None) -> str:
        """Return the URI that authenticator apps read."""
        issuer = urlsplit(self.parts.url).netloc
        return pyotp.TOTP(factor.secret or "").provisioning_uri(name=user.login, issuer_name=issuer)


class GoogleOtpFactor(TotpFactor):
    """Google Authenticator."""

    key = FactorKey.GOOGLE_OTP
    provider = "GOOGLE"
    vendor_name = "GOOGLE"
    id_prefix = "uft"
    key_length = 24


class OktaOtpFactor(TotpFactor):
    """Okta Verify's codes (the widget's sample `mfa-enroll-qr-okta-verify`)."""

    key = FactorKey.OKTA_OTP
    id_prefix = "ost"
    key_length = 6
    more = MappingProxyType({"factorResult": "WAITING"})
