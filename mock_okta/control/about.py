"""`/_mock/about`: what runs here."""

import asyncio
from collections.abc import Callable

from aiohttp import web
from msgspec import Struct

from mock_okta.control.operations import Operation
from mock_okta.control.paths import Path
from mock_okta.model.insight import About
from mock_okta.storage import Storage
from mock_okta.version import __version__
from mock_okta.web.routing import SERVED

__all__ = ["AboutResource"]


class AboutResource(Struct, frozen=True, kw_only=True):
    """Describes the program, not the org; `releases` returns the installed ones of the widget."""

    storage: Storage
    releases: Callable[[], tuple[str, ...]]
    hosted_release: str

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/about."""
        return (
            Operation(
                "GET",
                Path.ABOUT,
                "Show the version, the widget's releases, and all paths that are served.",
                self._show,
                answer=About,
            ),
        )

    async def _show(self, request: web.Request) -> About:
        requests = (
            f"{method} {resource.canonical}"
            for resource, served in request.app[SERVED].items()
            for method in sorted(served.policy.methods)
            if not resource.canonical.startswith("/_mock")
        )
        return About(
            version=__version__,
            releases=await asyncio.to_thread(self.releases),
            hosted_release=self.hosted_release,
            lasts=self.storage.lasts,
            served=tuple(requests),
        )
