"""Messages that Okta would send: stored for tests, and logged."""

import logging
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from mock_okta.model.directory import User
from mock_okta.model.messages import Channel, Message
from mock_okta.services.world import World

__all__ = ["MOST_MESSAGES", "Outbox"]

MOST_MESSAGES = 1000

_log = logging.getLogger("mock_okta.outbox")


class Outbox(Struct, frozen=True, kw_only=True):
    """Stores the last thousand messages, oldest first."""

    world: World

    async def send_email(
        self, user: User, template: str, subject: str, text: str, link: str = ""
    ) -> None:
        """Store an e-mail to the user's address; `link`: the link in the text."""
        to = str(user.profile.get("email", user.login))
        await self._send("email", to, template, subject, text, link=link)

    async def send_passcode(
        self, channel: Channel, to: str, passcode: str, text: str, link: str = ""
    ) -> None:
        """Store a message with a passcode; `text`: what is written, or read out in a call.

        `link`: one in the text that stands for the passcode; empty if there is none.
        """
        subject = "Your verification code"
        await self._send(channel, to, "passcode", subject, text, passcode=passcode, link=link)

    async def send_link(
        self, channel: Channel, to: str, template: str, text: str, link: str
    ) -> None:
        """Store a message that brings a link."""
        await self._send(channel, to, template, "Set up Okta Verify", text, link=link)

    async def send_push(self, device: str, text: str) -> None:
        """Store what a push shows on the device; `Pushes` keeps the request and its answer."""
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
            id=self.world.ids.object_id("msg"),
            channel=channel,
            to=to,
            template=template,
            subject=subject,
            text=text,
            created_at=self.world.clock.now(),
            **parts,
        )
        await self.world.storage.outbox.put(message.id, message)
        for old in (await self.world.storage.outbox.values())[:-MOST_MESSAGES]:
            await self.world.storage.outbox.take(old.id)
        _log.info(_line(message), extra={"wire": _fields(message)})

    async def messages(self) -> Sequence[Message]:
        """Return all messages, oldest first."""
        return await self.world.storage.outbox.values()

    async def remove(self, message_id: str) -> bool:
        """Delete a message; return False if there is none."""
        return await self.world.storage.outbox.take(message_id) is not None

    async def clear(self) -> None:
        """Delete all messages."""
        await self.world.storage.outbox.clear()


def _line(message: Message) -> str:
    """Return the message as one line, even if an address or a name has line breaks."""
    return " ".join(f"{message.channel} to {message.to}: {message.text}".split())


def _fields(message: Message) -> dict[str, Any]:
    names = ("channel", "to", "template", "text", "passcode", "link")
    given = {name: getattr(message, name) for name in names}
    return {name: value for name, value in given.items() if value}
