"""Passcodes that are sent by SMS, call or e-mail."""

import hmac
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from mock_okta.model.failures import SentRecently, WrongPasscode
from mock_okta.model.progress import Challenge
from mock_okta.services.directory.outbox import Outbox
from mock_okta.services.world import World

__all__ = ["PASSCODE_LIFETIME", "Channel", "Passcodes"]

Channel = Literal["sms", "call", "email"]
PASSCODE_LIFETIME = timedelta(minutes=5)
_PAUSES: Mapping[Channel, timedelta] = MappingProxyType(
    {"sms": timedelta(seconds=30), "call": timedelta(seconds=30), "email": timedelta(seconds=5)}
)
"""The shortest time between two passcodes (facts/oauth G.2, E0000109, E0000118, E0000133)."""


class Passcodes(Struct, frozen=True, kw_only=True):
    """Makes, sends and checks passcodes."""

    world: World
    outbox: Outbox

    def new(self, channel: Channel, before: Challenge | None = None) -> Challenge:
        """Return a challenge to send; raise SentRecently if the last was sent a moment ago."""
        now = self.world.clock.now()
        if before is not None and now < before.sent_at + _PAUSES[channel]:
            raise SentRecently(channel)
        return Challenge(
            value=self.world.ids.passcode(), sent_at=now, expires_at=now + PASSCODE_LIFETIME
        )

    async def send(self, channel: Channel, to: str, challenge: Challenge) -> None:
        """Send the passcode to a phone number or an e-mail address."""
        text = f"Your verification code is {challenge.value}."
        await self.outbox.send_passcode(channel, to, challenge.value, text)

    def check(self, challenge: Challenge | None, given: str) -> None:
        """Raise WrongPasscode unless `given` is the passcode, and it has not expired."""
        is_open = challenge is not None and self.world.clock.now() < challenge.expires_at
        expected = challenge.value if challenge is not None and is_open else ""
        is_same = hmac.compare_digest(expected.encode(), given.strip().encode())
        if expected == "" or not is_same:
            raise WrongPasscode("Your token doesn't match our records. Please try again.")
