"""Time-based one-time passwords (RFC 6238): Google Authenticator and Okta Verify."""

import base64
from urllib.parse import urlsplit

import msgspec
import pyotp

from mock_okta.model.directory import User
from mock_okta.model.factors import Factor, FactorKey
from mock_okta.model.failures import WrongPasscode
from mock_okta.model.progress import Challenge
from mock_okta.services.factors.factor import Enrolment, FactorKind, Given

__all__ = ["STEP", "GoogleOtpFactor", "OktaOtpFactor", "TotpFactor"]

STEP = 30
_DRIFT = 1
"""How many steps a device's clock may be off, each way (RFC 6238 5.2)."""


class TotpFactor(FactorKind, frozen=True, kw_only=True):
    """Accepts the codes of the current step, the one before and the one after.

    Each code works once: the caller compares the counter when it stores the factor.
    """

    amr = ("otp",)

    async def enroll(self, user: User, given: Given) -> Factor:
        return self.for_user(user)

    def for_user(self, user: User) -> Factor:
        """Return a factor with a new secret of 120 bits; Okta's 80 bits are too few for pyotp."""
        secret = base64.b32encode(self.world.ids.octets(15)).decode()
        return self.new_factor({"credential_id": user.login}, secret)

    async def verify(
        self,
        user: User,
        factor: Factor,
        challenge: Challenge | None,
        given: Given,
    ) -> Factor:
        code = given.pass_code.replace(" ", "")
        now = self.world.clock.epoch() // STEP
        totp = pyotp.HOTP(factor.secret or "")
        matching = [
            step
            for step in range(now - _DRIFT, now + _DRIFT + 1)
            if pyotp.utils.strings_equal(totp.at(step), code)
        ]
        if not matching:
            raise WrongPasscode("Your token doesn't match our records. Please try again.")
        return msgspec.structs.replace(factor, counter=matching[-1])

    def enrolment(self, user: User, factor: Factor, challenge: Challenge | None) -> Enrolment:
        """Return the secret, and the URI that authenticator apps read."""
        secret, issuer = factor.secret or "", urlsplit(self.world.url).netloc
        uri = pyotp.TOTP(secret).provisioning_uri(name=user.login, issuer_name=issuer)
        return Enrolment(secret=secret, uri=uri)


class GoogleOtpFactor(TotpFactor, frozen=True, kw_only=True):
    """Google Authenticator."""

    key = FactorKey.GOOGLE_OTP
    id_prefix = "uft"


class OktaOtpFactor(TotpFactor, frozen=True, kw_only=True):
    """Okta Verify's codes."""

    key = FactorKey.OKTA_OTP
    id_prefix = "ost"
