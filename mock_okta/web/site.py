"""The org's address: the host name and scheme in all its URLs."""

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from msgspec import Struct

from mock_okta.model.clients import Client

__all__ = [
    "LOOPBACK_NAMES",
    "Site",
    "Sites",
    "has_redirect_origin",
    "has_redirect_uri",
    "origin_of",
]

_IN_A_LABEL = re.compile(r"[A-Za-z0-9-]+")

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class Site(Struct, frozen=True, kw_only=True):
    """The org's address; tokens, links and discovery start with exactly `url`.

    `urls`: the URLs of all names of the org, this one too, if it has more than one.
    """

    url: str
    names: frozenset[str]
    urls: tuple[str, ...] = ()

    @property
    def is_secure(self) -> bool:
        """Whether the org serves https."""
        return self.url.startswith("https:")

    def is_origin_of(self, host: str, origin: str) -> bool:
        """Return whether a page's `origin` is that of the request with the Host header `host`.

        The org also serves as the CDN: an own page that requests the CDN requests another origin.
        """
        return origin == self.url and _place(f"//{host}")[1] in self.names

    def is_own_origin(self, origin: str) -> bool:
        """Return whether `origin` is the org's, with any of its names."""
        return origin == self.url or origin in self.urls

    def own(self, uri: str) -> str | None:
        """Return the absolute URL for a path or URL of this org; None for any other."""
        try:
            parts = urlsplit(uri)
        except ValueError:
            return None
        if any(not c.isprintable() or c in " \\" for c in uri):
            return None
        if self.is_own_origin(f"{parts.scheme}://{parts.netloc}"):
            return uri
        is_path = not parts.scheme and not parts.netloc and uri.startswith("/")
        return self.url + uri if is_path and not uri.startswith("//") else None

    def mixes_with(self, origin: str) -> bool:
        """Return whether `origin` is this machine under another name or scheme than the org's.

        For browsers these are different sites, so they do not send the session cookie.
        """
        own, other = _place(self.url), _place(origin)
        return own != other and {own[1], other[1]} <= LOOPBACK_NAMES


class Sites(Struct, frozen=True, kw_only=True):
    """The org's addresses by name; requests for other names get the first."""

    first: Site
    others: Mapping[str, Site] = {}

    def asked_by(self, host: str) -> Site:
        """Return the address for a request with that Host header."""
        if not self.others:
            return self.first
        return self.others.get(_place(f"//{host}")[1] or "", self.first)


@lru_cache
def _place(url: str) -> tuple[str, str | None]:
    """Return scheme and host name; both are empty for an invalid URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", None
    return parts.scheme, parts.hostname


def origin_of(uri: str) -> str:
    """Return the origin of an absolute URI, as browsers write it."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"


def has_redirect_origin(client: Client, origin: str) -> bool:
    """Return whether one of the client's login redirect URIs has this `origin`."""
    return any(_is_one(client, origin_of(uri), origin) for uri in client.login_redirect_uris)


def has_redirect_uri(client: Client, uri: str) -> bool:
    """Return whether `uri` is one of the client's login redirect URIs (RFC 6749 3.1.2.3)."""
    if not client.has_wildcards:
        return uri in client.login_redirect_uris
    return any(_is_one(client, known, uri) for known in client.login_redirect_uris)


def _is_one(client: Client, known: str, given: str) -> bool:
    """Compare exactly; a wildcard stands for one or more characters of a subdomain's name."""
    if not (client.has_wildcards and "*" in origin_of(known)):
        return known == given
    before, _, after = known.partition("*")
    if not (given.startswith(before) and given.endswith(after)):
        return False
    return _IN_A_LABEL.fullmatch(given, len(before), len(given) - len(after)) is not None
