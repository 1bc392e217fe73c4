"""What Okta would have sent, kept for the tester."""

from collections.abc import Sequence
from dataclasses import dataclass

from mock_okta.clock import Clock
from mock_okta.domain.directory import User
from mock_okta.domain.records import Message
from mock_okta.ids import Ids
from mock_okta.storage import Storage

__all__ = ["Outbox"]


@dataclass(frozen=True, kw_only=True)
class Outbox:
    """Keeps messages in the order in which they would have been sent."""

    storage: Storage
    clock: Clock
    ids: Ids

    async def send_email(self, user: User, template: str, subject: str, text: str) -> None:
        """Keep an e-mail to the user's address."""
        message = Message(
            id=self.ids.object_id("msg"),
            channel="email",
            to=str(user.profile.get("email", user.login)),
            template=template,
            subject=subject,
            text=text,
            created_at=self.clock.now(),
        )
        await self.storage.outbox.put(message.id, message)

    async def messages(self) -> Sequence[Message]:
        """Return all messages, oldest first."""
        return await self.storage.outbox.values()

    async def clear(self) -> None:
        """Forget all messages."""
        await self.storage.outbox.clear()
