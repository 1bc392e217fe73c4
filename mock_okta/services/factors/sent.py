"""Factors that send a passcode: by SMS, by a call, by e-mail."""

import re
from collections.abc import Mapping
from typing import ClassVar

from mock_okta.model.directory import User
from mock_okta.model.factors import Factor, FactorKey
from mock_okta.model.failures import Unsuitable
from mock_okta.model.progress import Challenge
from mock_okta.services.factors.factor import FactorKind, Given
from mock_okta.services.factors.passcodes import Channel, Passcodes
from mock_okta.services.factors.phones import (
    is_phone_number,
    plain_phone_number,
)

__all__ = ["CallFactor", "EmailFactor", "SmsFactor", "phone_number_of"]

_LONGEST_PHONE_NUMBER = 32


class SentFactor(FactorKind, frozen=True, kw_only=True):
    """Sends a passcode, which is valid for five minutes or until the next one is sent.

    Deviation: the time between two passcodes counts within one sign-in. Okta counts it across
    sign-ins, which would make tests wait between two sign-ins of the same user.
    """

    is_sent = True
    channel: ClassVar[Channel]
    address: ClassVar[str]
    """The member of the profile that holds the phone number or the e-mail address."""

    passcodes: Passcodes

    async def challenge(
        self, user: User, factor: Factor, before: Challenge | None
    ) -> Challenge | None:
        return self.passcodes.new(self.channel, before)

    async def send(self, user: User, factor: Factor, challenge: Challenge) -> None:
        to = str(factor.profile[self.address])
        await self.passcodes.send(self.channel, to, challenge)

    async def verify(
        self, user: User, factor: Factor, challenge: Challenge | None, given: Given
    ) -> Factor:
        self.passcodes.check(challenge, given.pass_code)
        return factor


class PhoneFactor(SentFactor, frozen=True, kw_only=True):
    """Sends to a phone."""

    address = "phone_number"

    async def enroll(self, user: User, given: Given) -> Factor:
        number = phone_number_of(given)
        return self.new_factor({"phone_number": number, **self._extension(given)})

    def _extension(self, given: Given) -> Mapping[str, str]:
        return {}


class SmsFactor(PhoneFactor, frozen=True, kw_only=True):
    """A text message."""

    key = FactorKey.SMS
    id_prefix = "mbl"
    amr = ("sms",)
    channel = "sms"


class CallFactor(PhoneFactor, frozen=True, kw_only=True):
    """A call that reads the passcode out."""

    key = FactorKey.CALL
    id_prefix = "clf"
    amr = ("tel",)
    channel = "call"

    def _extension(self, given: Given) -> Mapping[str, str]:
        """Return the extension to dial after the number, if any."""
        extension = given.profile.get("phone_extension")
        if extension in (None, ""):
            return {}
        if not isinstance(extension, str):
            raise Unsuitable("phone_extension", "The phone extension must be text.")
        return {"phone_extension": extension}


class EmailFactor(SentFactor, frozen=True, kw_only=True):
    """An e-mail to one of the user's addresses."""

    key = FactorKey.EMAIL
    id_prefix = "emf"
    amr = ("email",)
    channel = "email"
    address = "email"

    async def enroll(self, user: User, given: Given) -> Factor:
        """Take the given address if it is the user's; if none is given, their first one."""
        own = [user.profile.get(name) for name in ("email", "secondEmail")]
        email = given.profile.get("email", own[0] or user.login)
        if not isinstance(email, str) or email not in (*own, user.login):
            raise Unsuitable("email", "The email address is not one of the user's.")
        return self.new_factor({"email": email})


def phone_number_of(given: Given) -> str:
    """Return the normalized number; raise Unsuitable unless `validate_phone` is False."""
    written = given.profile.get("phone_number")
    if not isinstance(written, str) or not 0 < len(written) <= _LONGEST_PHONE_NUMBER:
        raise Unsuitable("phone_number", "there is no phone number")
    number = plain_phone_number(written)
    is_taken_as_is = given.profile.get("validate_phone") is False
    if not is_phone_number(number) and not (is_taken_as_is and re.search("[0-9]", number)):
        raise Unsuitable("phone_number", f"{number} is no phone number")
    return number
