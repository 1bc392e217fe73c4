"""Keeps web pages and other machines away from the control API and the console."""

import hmac
import ipaddress
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

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
            self._token_is_shown(request)
            return await handler(request)

        return self.of_page(refusing)

    def of_page(
        self, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Return `handler` behind the guard but for the token: a form that asks for it."""

        async def refusing(request: web.Request) -> web.StreamResponse:
            self.host_is_ours(request)
            self._request_is_not_cross_origin(request)
            return await handler(request)

        return refusing

    def is_token(self, shown: str) -> bool:
        """Return whether that is the token that the org was started with."""
        return self.token is not None and _same(shown, self.token)

    def wants_token(self, request: web.Request) -> bool:
        """Return whether the browser still has to show the token."""
        return self.token is not None and not self._has_cookie(request)

    def keep(self, response: web.StreamResponse) -> None:
        """Let the browser show the token from now on, with requests of the org's own pages only."""
        response.set_cookie(
            self._cookie,
            self._proof,
            httponly=True,
            samesite="Strict",
            secure=self.site.is_secure,
            path="/_mock",
        )

    @property
    def _cookie(self) -> str:
        """The name has the port in it: cookies are the same for all ports of a host."""
        return f"mock_console_{urlsplit(self.site.url).port or 0}"

    @property
    def _proof(self) -> str:
        """What shows that the browser knew the token; the token does not follow from it."""
        return hmac.new(_octets(self.token or ""), _octets(self._cookie), "sha256").hexdigest()

    def _has_cookie(self, request: web.Request) -> bool:
        return _same(request.cookies.get(self._cookie, ""), self._proof)

    def host_is_ours(self, request: web.Request) -> None:
        """Raise AccessDenied for a Host name that is not the org's."""
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
        is_shown = scheme.lower() == "bearer" and self.is_token(shown.strip())
        if not is_shown and not self._has_cookie(request):
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


def _same(given: str, known: str) -> bool:
    return hmac.compare_digest(_octets(given), _octets(known))


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
