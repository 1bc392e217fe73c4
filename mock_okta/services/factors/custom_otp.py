"""Tokens of an org's own choice, such as hardware tokens: one-time passwords by time (RFC 6238)."""

import hashlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import msgspec
import pyotp

from mock_okta.model.authenticators import DEFAULT_AUTHENTICATORS
from mock_okta.model.directory import User
from mock_okta.model.factors import Factor, FactorKey
from mock_okta.model.failures import Unsuitable, WrongPasscode
from mock_okta.model.progress import Challenge
from mock_okta.services.factors.factor import FactorKind, Given

__all__ = ["CustomOtpFactor"]

_DIGESTS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "HMacSHA1": hashlib.sha1,
        "HMacSHA256": hashlib.sha256,
        "HMacSHA512": hashlib.sha512,
    }
)


class CustomOtpFactor(FactorKind, frozen=True, kw_only=True):
    """Takes codes as the authenticator `custom_otp` is set up; each counts once.

    Users cannot enrol it: an administrator hands out the tokens, and here the seed does.
    """

    key = FactorKey.CUSTOM_OTP
    id_prefix = "chf"
    amr = ("otp",)

    async def enroll(self, user: User, given: Given) -> Factor:
        raise Unsuitable("factor_type", "An administrator hands out these tokens.")

    async def verify(
        self, user: User, factor: Factor, challenge: Challenge | None, given: Given
    ) -> Factor:
        kept = await self.world.storage.authenticators.get("custom_otp")
        otp = (kept or DEFAULT_AUTHENTICATORS["custom_otp"]).settings.otp
        codes = pyotp.HOTP(
            factor.secret or "", digits=otp.pass_code_length, digest=_DIGESTS[otp.algorithm]
        )
        now = self.world.clock.epoch() // otp.time_interval_in_seconds
        drift = otp.acceptable_adjacent_intervals
        code = given.pass_code.replace(" ", "")
        matching = [
            step
            for step in range(max(0, now - drift), now + drift + 1)
            if pyotp.utils.strings_equal(codes.at(step), code)
        ]
        if not matching:
            raise WrongPasscode("Your token doesn't match our records. Please try again.")
        return msgspec.structs.replace(factor, counter=matching[-1])
