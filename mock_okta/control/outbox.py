"""`/_mock/outbox`: the messages that Okta would have sent."""

from aiohttp import web
from msgspec import Struct

from mock_okta.control import schema
from mock_okta.control.operations import Operation
from mock_okta.control.paths import Path
from mock_okta.services.directory.outbox import Outbox
from mock_okta.web.errors import NotFound

__all__ = ["OutboxResource"]


class OutboxResource(Struct, frozen=True, kw_only=True):
    """Shows and deletes messages."""

    outbox: Outbox

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/outbox."""
        return (
            Operation(
                "GET",
                Path.OUTBOX,
                "Show the messages that Okta would have sent, oldest first.",
                self._show,
                answer=schema.Outbox,
            ),
            Operation("DELETE", Path.OUTBOX, "Delete all messages.", self._clear),
            Operation("DELETE", Path.MESSAGE, "Delete one message.", self._remove),
        )

    async def _show(self, _: web.Request) -> schema.Outbox:
        return schema.Outbox(messages=tuple(await self.outbox.messages()))

    async def _clear(self, _: web.Request) -> None:
        await self.outbox.clear()

    async def _remove(self, request: web.Request) -> None:
        message_id = request.match_info["id"]
        if not await self.outbox.remove(message_id):
            raise NotFound(message_id, "Message")
