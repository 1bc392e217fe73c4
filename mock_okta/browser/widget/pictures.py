"""Neutral pictures, drawn for this project: the org's logo, an app's, and the icon of its pages."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from aiohttp import web

from mock_okta.web.routing import Handler, Route

__all__ = ["PicturesEndpoint"]

_FOLDER = Path(__file__).parent / "pictures"
# The widget requests the second one for an app without a logo, for example in a consent dialog.
_PICTURES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "/img/logos/org.svg": ("org.svg", "image/svg+xml"),
        "/img/logos/default.png": ("app.png", "image/png"),
        "/favicon.ico": ("favicon.ico", "image/x-icon"),
    }
)
_HEADERS = {"Cache-Control": "max-age=86400"}


class PicturesEndpoint:
    """Serves the pictures of the org's pages and the widget."""

    def routes(self) -> tuple[Route, ...]:
        """Serve each picture at the path that Okta's pages or the widget use."""
        return tuple(
            Route(method="GET", path=path, handler=_sends(*picture))
            for path, picture in _PICTURES.items()
        )


def _sends(name: str, content_type: str) -> Handler:
    async def handler(_: web.Request) -> web.StreamResponse:
        """Send the picture."""
        return web.FileResponse(_FOLDER / name, headers={**_HEADERS, "Content-Type": content_type})

    return handler
