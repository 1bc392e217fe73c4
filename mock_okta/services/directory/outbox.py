"""What Okta would have sent: kept for the tester, and told in the log."""

import logging
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.ids import Ids
from mock_okta.model.directory import User
from mock_okta.model.records import Channel, Message
from mock_okta.storage import Storage

__all__ = ["MOST_MESSAGES", "Outbox"]

MOST_MESSAGES = 1000

_log = logging.getLogger("mock_okta.outbox")


class Outbox(Struct, frozen=True, kw_only=True):
    """Keeps messages in the order in which they would have been sent: the last thousand."""

    storage: Storage
    clock: Clock
    ids: Ids

    async def send_email(
        self, user: User, template: str, subject: str, text: str, link: str = ""
    ) -> None:
        """Keep an e-mail to the user's address; `link` is one that is in the text."""
        to = str(user.profile.get("email", user.login))
        await self._send("email", to, template, subject, text, link=link)

    async def send_passcode(self, channel: Channel, to: str, passcode: str, text: str) -> None:
        """Keep a message that tells a passcode: what a text message says, or a voice reads out."""
        subject = "Your verification code"
        await self._send(channel, to, "passcode", subject, text, passcode=passcode)

    async def send_link(
        self, channel: Channel, to: str, template: str, text: str, link: str
    ) -> None:
        """Keep a message whose link is all there is to it."""
        await self._send(channel, to, template, "Set up Okta Verify", text, link=link)

    async def send_push(self, device: str, text: str) -> None:
        """Keep what a push shows on the device; what becomes of it is `Pushes`' business."""
        await self._send("push", device, "push", "Okta Verify", text)

    async def _send(
        self,
        channel: Channel,
        to: str,
        template: str,
        subject: str,
        text: str,
        **parts: str,
    ) -> None:
        message = Message(
            id=self.ids.object_id("msg"),
            channel=channel,
            to=to,
            template=template,
            subject=subject,
            text=text,
            created_at=self.clock.now(),
            **parts,
        )
        await self.storage.outbox.put(message.id, message)
        for old in (await self.storage.outbox.values())[:-MOST_MESSAGES]:
            await self.storage.outbox.take(old.id)
        _log.info(_line(message), extra={"wire": _fields(message)})

    async def messages(self) -> Sequence[Message]:
        """Return all messages, oldest first."""
        return await self.storage.outbox.values()

    async def clear(self) -> None:
        """Forget all messages."""
        await self.storage.outbox.clear()


def _line(message: Message) -> str:
    """Return the message in one line, whatever somebody's address or name holds."""
    return " ".join(f"{message.channel} to {message.to}: {message.text}".split())


def _fields(message: Message) -> dict[str, Any]:
    names = ("channel", "to", "template", "text", "passcode", "link")
    given = {name: getattr(message, name) for name in names}
    return {name: value for name, value in given.items() if value}
