"""Sets who may show the org's pages in a frame: the org itself, and trusted origins."""

from aiohttp import web
from msgspec import Struct

from mock_okta.model.directory import TrustedOrigin
from mock_okta.storage import Storage
from mock_okta.web.pages import Frames, Page
from mock_okta.web.routing import Handler, Middleware

__all__ = ["Framing"]


class Framing(Struct, frozen=True, kw_only=True):
    """Sets on each page who may frame it, because a page of another site could steal clicks."""

    storage: Storage

    def middleware(self) -> Middleware:
        """Return the aiohttp middleware."""

        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            response = await handler(request)
            if isinstance(response, Page) and response.frames is not Frames.ANYBODY:
                await self._guard(response)
            return response

        return guarded

    async def _guard(self, page: Page) -> None:
        trusted = await self.storage.trusted_origins.values()
        embedders = [each.origin for each in trusted if _may_frame(each, page.frames)]
        sources = " ".join(["'self'", *embedders])
        page.headers["Content-Security-Policy"] = f"frame-ancestors {sources}"
        if not embedders:  # this header cannot name other origins (RFC 7034 2.1)
            page.headers["X-Frame-Options"] = "SAMEORIGIN"


def _may_frame(trusted: TrustedOrigin, frames: Frames) -> bool:
    if "IFRAME_EMBED" not in trusted.scopes:
        return False
    return frames is Frames.EMBEDDERS or "OKTA_ENDUSER" in trusted.allowed_okta_apps
