"""Messages that Okta would have sent to users."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

__all__ = ["Channel", "Message"]

Channel = Literal["email", "sms", "call", "push"]
"""How a message reaches a user."""


class Message(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message that Okta would have sent to a user, as `/_mock/outbox` shows it too.

    `to`: an address, a phone number, or for a push the device's name. `passcode` and `link`: those
    in the text; empty (left out on the wire) if there is none.
    """

    id: str
    channel: Channel
    to: str
    template: str
    subject: str
    text: str
    passcode: str = ""
    link: str = ""
    created_at: datetime
