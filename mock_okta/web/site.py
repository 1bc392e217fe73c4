"""Where the org is served: the one host name and scheme that everything names."""

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
    """The org's address; `url` is byte for byte what tokens, links and discovery start with.

    `urls`: those of all names that the org has, this one's too, where it has more than one.
    """

    url: str
    names: frozenset[str]
    urls: tuple[str, ...] = ()

    @property
    def is_secure(self) -> bool:
        """Whether the org speaks https."""
        return self.url.startswith("https:")

    def is_origin_of(self, host: str, origin: str) -> bool:
        """Tell whether `origin`, of a page, is the one that was asked, by the Host header `host`.

        A page of the org's own that asks the CDN, which the org is too, asks another origin.
        """
        return origin == self.url and _place(f"//{host}")[1] in self.names

    def is_own_origin(self, origin: str) -> bool:
        """Tell whether `origin` is the org's, by any of its names."""
        return origin == self.url or origin in self.urls

    def own(self, uri: str) -> str | None:
        """Return an absolute URL on this org for a path or URL of its own; None for any other."""
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
        """Tell whether `origin` is this machine under another name or scheme than the org's.

        Browsers take the two for different sites and withhold the session cookie.
        """
        own, other = _place(self.url), _place(origin)
        return own != other and {own[1], other[1]} <= LOOPBACK_NAMES


class Sites(Struct, frozen=True, kw_only=True):
    """The org's address by the name that is asked; all other names are taken for the first."""

    first: Site
    others: Mapping[str, Site] = {}

    def asked_by(self, host: str) -> Site:
        """Return the address for a request with that Host header."""
        if not self.others:
            return self.first
        return self.others.get(_place(f"//{host}")[1] or "", self.first)


@lru_cache
def _place(url: str) -> tuple[str, str | None]:
    """Return scheme and host name; what cannot be read has neither."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", None
    return parts.scheme, parts.hostname


def origin_of(uri: str) -> str:
    """Return scheme and authority of an absolute URI, as browsers write an origin."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"


def has_redirect_origin(client: Client, origin: str) -> bool:
    """Tell whether `origin` is that of one of the client's login redirect URIs."""
    return any(_is_one(client, origin_of(uri), origin) for uri in client.login_redirect_uris)


def has_redirect_uri(client: Client, uri: str) -> bool:
    """Tell whether `uri` is one of the client's login redirect URIs (RFC 6749 3.1.2.3)."""
    if not client.has_wildcards:
        return uri in client.login_redirect_uris
    return any(_is_one(client, known, uri) for known in client.login_redirect_uris)


def _is_one(client: Client, known: str, given: str) -> bool:
    """Compare to the letter; a wildcard stands for one character of a subdomain's name or more."""
    if not (client.has_wildcards and "*" in origin_of(known)):
        return known == given
    before, _, after = known.partition("*")
    if not (given.startswith(before) and given.endswith(after)):
        return False
    return _IN_A_LABEL.fullmatch(given, len(before), len(given) - len(after)) is not None
