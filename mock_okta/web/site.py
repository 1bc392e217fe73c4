"""Where the org is served: the one host name and scheme that everything names."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from mock_okta.domain.directory import Client

__all__ = ["LOOPBACK_NAMES", "Site", "has_redirect_origin", "origin_of"]

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, kw_only=True)
class Site:
    """The org's address; `url` is byte for byte what tokens, links and discovery start with."""

    url: str
    names: frozenset[str]

    @property
    def is_secure(self) -> bool:
        """Whether the org speaks https."""
        return self.url.startswith("https:")

    def mixes_with(self, origin: str) -> bool:
        """Tell whether `origin` is this machine under another name or scheme than the org's.

        Browsers take the two for different sites and withhold the session cookie.
        """
        try:
            own, other = urlsplit(self.url), urlsplit(origin)
        except ValueError:
            return False
        if other.hostname not in LOOPBACK_NAMES or own.hostname not in LOOPBACK_NAMES:
            return False
        return (own.scheme, own.hostname) != (other.scheme, other.hostname)


def origin_of(uri: str) -> str:
    """Return scheme and authority of an absolute URI, as browsers write an origin."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"


def has_redirect_origin(client: Client, origin: str) -> bool:
    """Tell whether `origin` is that of one of the client's login redirect URIs."""
    return any(origin_of(uri) == origin for uri in client.login_redirect_uris)
