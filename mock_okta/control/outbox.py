"""`/_mock/outbox`: what Okta would have sent."""

import msgspec
from aiohttp import web
from msgspec import UNSET, Struct, UnsetType

from mock_okta.clock import wire_instant
from mock_okta.control.operations import Instant, Operation
from mock_okta.model.records import Message
from mock_okta.services.directory.outbox import Outbox

__all__ = ["OutboxResource"]


class SentMessage(Struct, frozen=True, kw_only=True):
    """A message to a user; `passcode` and `link` only where there is one in the text."""

    id: str
    channel: str
    to: str
    template: str
    subject: str
    text: str
    passcode: str | UnsetType = UNSET
    link: str | UnsetType = UNSET
    created_at: Instant


class SentMessages(Struct, frozen=True, kw_only=True):
    """All messages, oldest first."""

    messages: list[SentMessage]


class OutboxResource(Struct, frozen=True, kw_only=True):
    """Shows what was sent, and forgets it."""

    outbox: Outbox

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/outbox."""
        return (
            Operation(
                method="GET",
                path="/_mock/outbox",
                summary="Show what Okta would have sent, oldest first.",
                handler=self.show,
                answer=SentMessages,
            ),
            Operation(
                method="DELETE",
                path="/_mock/outbox",
                summary="Forget what was sent.",
                handler=self.clear,
            ),
        )

    async def show(self, _: web.Request) -> SentMessages:
        """Show what Okta would have sent, oldest first."""
        return SentMessages(messages=[_shown(each) for each in await self.outbox.messages()])

    async def clear(self, _: web.Request) -> None:
        """Forget what was sent."""
        await self.outbox.clear()


def _shown(message: Message) -> SentMessage:
    fields = msgspec.structs.asdict(message) | {"created_at": wire_instant(message.created_at)}
    return SentMessage(**{name: value for name, value in fields.items() if value is not None})
