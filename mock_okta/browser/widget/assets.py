"""Serves the widget's files at the CDN's paths, so that a page only has to change the host."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from aiohttp import web
from msgspec import Struct

from mock_okta.browser.widget.releases import SUPPORTED, VERSION, Releases
from mock_okta.web.errors import NotFound, UnknownPath
from mock_okta.web.routing import Cors, Route

__all__ = ["WidgetAssets"]

# The paths of global.oktacdn.com, and of ok1static.oktacdn.com, where releases up to 3.x have their
# labels (facts/classic D, "languages").
_PATHS = (
    "/okta-signin-widget/{version}/{file:.+}",
    "/assets/js/sdk/okta-signin-widget/{version}/{file:.+}",
)
_FOREVER = "max-age=31536000, immutable"
# Types that Python's table lacks or reads from the machine. Labels in .jsonp are loaded as scripts,
# which browsers refuse with any other type (`nosniff`).
_CONTENT_TYPES: Mapping[str, str] = MappingProxyType(
    {
        ".eot": "application/vnd.ms-fontobject",
        ".js": "application/javascript",
        ".jsonp": "application/javascript",
        ".ttf": "font/ttf",
        ".woff": "font/woff",
        ".woff2": "font/woff2",
    }
)


class WidgetAssets(Struct, frozen=True, kw_only=True):
    """Serves installed releases; for others, the error names the command that installs them."""

    releases: Releases

    def routes(self) -> tuple[Route, ...]:
        """Serve the paths of the CDN's two hosts, readable from any origin."""
        return tuple(
            Route(method="GET", path=path, handler=self.get, cors=Cors.ANYBODY) for path in _PATHS
        )

    async def get(self, request: web.Request) -> web.StreamResponse:
        """Send one file of one release."""
        version, name = request.match_info["version"], request.match_info["file"]
        if not VERSION.fullmatch(version):
            raise UnknownPath(remark=f"{version!r} is not a version of the widget")
        release = await asyncio.to_thread(self.releases.find, version)
        if release is None:
            command = f"mock-okta widget install {version}"
            if version not in SUPPORTED:
                command += " --integrity sha512-…"
            raise NotFound(
                f"{version}; install it with: {command}",
                "WidgetRelease",
                remark=f"widget {version} is not installed: {command}",
            )
        file = await asyncio.to_thread(_inside, release, name)
        if file is None:
            raise UnknownPath(remark=f"widget {version} has no {name!r}")
        headers = {"Cache-Control": _FOREVER}
        if file.suffix in _CONTENT_TYPES:
            headers["Content-Type"] = _CONTENT_TYPES[file.suffix]
        return web.FileResponse(file, headers=headers)


def _inside(release: Path, name: str) -> Path | None:
    """Return a file of the release; None if it is missing, or outside of the release."""
    try:
        file = (release / name).resolve()
        is_inside = file.is_relative_to(release.resolve()) and file.is_file()
    except (OSError, ValueError):  # not a valid file name on this machine
        return None
    return file if is_inside else None
