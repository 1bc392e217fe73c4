"""The widget's files at the CDN's own paths, so that a page changes only the host."""

from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from mock_okta.web.errors import NotFound, UnknownPath
from mock_okta.web.routing import Cors, Route
from mock_okta.widget.releases import VERSION, Releases

__all__ = ["WidgetAssets"]

_FOREVER = "max-age=31536000, immutable"


@dataclass(frozen=True, kw_only=True)
class WidgetAssets:
    """Serves installed releases; one that is not says which command installs it."""

    releases: Releases

    def routes(self) -> tuple[Route, ...]:
        """Serve /okta-signin-widget/{version}/…, readable from any origin as a CDN's files are."""
        path = "/okta-signin-widget/{version}/{file:.+}"
        return (Route(method="GET", path=path, handler=self.get, cors=Cors.ANYBODY),)

    async def get(self, request: web.Request) -> web.StreamResponse:
        """Send one file of one release."""
        version, name = request.match_info["version"], request.match_info["file"]
        if not VERSION.fullmatch(version):
            raise UnknownPath(remark=f"{version!r} is no version of the widget")
        release = self.releases.find(version)
        if release is None:
            raise NotFound(
                f"{version}; install it with: mock-okta widget install {version}", "WidgetRelease"
            )
        file = _inside(release, name)
        if file is None:
            raise UnknownPath(remark=f"widget {version} has no {name!r}")
        return web.FileResponse(file, headers={"Cache-Control": _FOREVER})


def _inside(release: Path, name: str) -> Path | None:
    """Return the file of the release; None for what is not there, or not inside it."""
    if "\0" in name or len(name) > 255:
        return None
    file = (release / name).resolve()
    return file if file.is_relative_to(release.resolve()) and file.is_file() else None
