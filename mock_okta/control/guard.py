"""Keeps web pages and other machines away from the control API."""

import hmac
import ipaddress
from collections.abc import Awaitable, Callable

from aiohttp import web
from msgspec import Struct

from mock_okta.web.errors import AccessDenied, InvalidApiToken
from mock_okta.web.requests import host_name_of, origin_of_page
from mock_okta.web.site import LOOPBACK_NAMES, Site

__all__ = ["Guard", "is_loopback"]

_NEEDS_A_TOKEN = (
    "/_mock: the org listens on more than loopback, so it needs a token: "
    "start it with --control-token (Config.control_token)"
)
_BAD_TOKEN = "/_mock: send 'Authorization: Bearer' with the token that the org was started with"


class Guard(Struct, frozen=True, kw_only=True):
    """Refuses cross-origin browser requests, foreign Host names, and callers without the token.

    Another port of localhost counts as same-site, so `same-site` is refused too; an unknown Host
    name may be DNS rebinding. `token`: what every caller must send; it may be None only if the org
    listens on loopback (`is_local`).
    """

    site: Site
    token: str | None
    is_local: bool

    def guarded(
        self, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Return `handler` behind the guard."""

        async def refusing(request: web.Request) -> web.StreamResponse:
            self._host_is_ours(request)
            self._request_is_not_cross_origin(request)
            self._token_is_shown(request)
            return await handler(request)

        return refusing

    def _host_is_ours(self, request: web.Request) -> None:
        name = host_name_of(request)
        if name not in self.site.names:
            raise _refused(
                f"/_mock: Host {name!r} is not one of the org's names: start it with --hostname, "
                "or add the name by --allow-host (Config.hostname, Config.allowed_hosts)"
            )

    def _request_is_not_cross_origin(self, request: web.Request) -> None:
        origin = origin_of_page(request)
        if origin is not None and not self.site.is_own_origin(origin):
            raise _refused(f"/_mock: refuses pages of another origin: {origin}")
        fetch_site = request.headers.get("Sec-Fetch-Site", "same-origin")
        if fetch_site not in ("same-origin", "none"):
            raise _refused(f"/_mock: refuses {fetch_site} browser requests")

    def _token_is_shown(self, request: web.Request) -> None:
        if self.token is None:
            if not self.is_local:
                raise _refused(_NEEDS_A_TOKEN)
            return
        scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
        same = hmac.compare_digest(_octets(shown.strip()), _octets(self.token))
        if scheme.lower() != "bearer" or not same:
            raise InvalidApiToken(remark=_BAD_TOKEN, causes=(_BAD_TOKEN,))


def is_loopback(host: str) -> bool:
    """Return whether `host`, an address to listen on, is reachable only from this machine."""
    if host in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refused(why: str) -> AccessDenied:
    return AccessDenied(remark=why, causes=(why,))


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
