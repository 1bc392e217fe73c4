"""Keeps web pages away from the control API: it has no password but the machine it runs on."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from mock_okta.web.errors import AccessDenied
from mock_okta.web.site import Site

__all__ = ["Guard"]


@dataclass(frozen=True)
class Guard:
    """Refuses every cross-origin browser request, and Host names that are not the org's.

    Another port of localhost counts as same-site, so `same-site` is refused too; an unknown Host
    name is what DNS rebinding looks like.
    """

    site: Site

    def guarded(
        self, handler: Callable[[web.Request], Awaitable[web.Response]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        """Return `handler` behind the guard."""

        async def refusing(request: web.Request) -> web.Response:
            self._host_is_ours(request)
            self._request_is_not_cross_origin(request)
            return await handler(request)

        return refusing

    def _host_is_ours(self, request: web.Request) -> None:
        try:
            name = urlsplit(f"//{request.headers.get('Host', '')}").hostname
        except ValueError:
            name = None
        if name not in self.site.names:
            raise AccessDenied(remark=f"/_mock: Host {name!r} is not one of the org's names")

    def _request_is_not_cross_origin(self, request: web.Request) -> None:
        origin = request.headers.get("Origin")
        if origin is not None and origin != self.site.url:
            raise AccessDenied(remark=f"/_mock: refuses pages of another origin: {origin}")
        fetch_site = request.headers.get("Sec-Fetch-Site", "same-origin")
        if fetch_site not in ("same-origin", "none"):
            raise AccessDenied(remark=f"/_mock: refuses {fetch_site} browser requests")
