"""`/_mock/tokens/preview`: what a user or a client would get, and why."""

from aiohttp import web
from msgspec import Struct

from mock_okta.control.operations import Operation, body_as
from mock_okta.control.paths import Path
from mock_okta.control.users import user_or_none
from mock_okta.model.insight import TokenPreview, TokenQuestion
from mock_okta.services.testing.preview import Preview
from mock_okta.storage import Storage
from mock_okta.web.errors import NotFound

__all__ = ["PreviewResource"]


class PreviewResource(Struct, frozen=True, kw_only=True):
    """Explains; nothing is issued, and nobody is signed in."""

    storage: Storage
    preview: Preview

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/tokens/preview."""
        return (
            Operation(
                "POST",
                Path.PREVIEW,
                "Show which policies and rules would decide, and the claims that would be issued.",
                self._show,
                body=TokenQuestion,
                answer=TokenPreview,
            ),
        )

    async def _show(self, request: web.Request) -> TokenPreview:
        asked = await body_as(request, TokenQuestion)
        user = await user_or_none(self.storage, asked.user)
        server = await self.storage.authorization_servers.get(asked.authorization_server)
        if server is None:
            raise NotFound(asked.authorization_server, "AuthorizationServer")
        client = await self.storage.clients.get(asked.client_id)
        if client is None:
            raise NotFound(asked.client_id, "AppInstance")
        return await self.preview.of(server, client, user, asked)
