"""URLs to which a browser may be redirected after a sign-in or a sign-out (facts/oauth I.3)."""

from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

from mock_okta.model.sessions import Session
from mock_okta.services.directory.lookup import is_trusted
from mock_okta.storage import Storage
from mock_okta.web.site import Site, origin_of

__all__ = ["Destinations"]


class Destinations(Struct, frozen=True, kw_only=True):
    """Allows URLs of the org itself and of origins with the scope `REDIRECT`.

    Otherwise the maker of a link could send users to any site.
    """

    storage: Storage
    site: Site

    async def allowed(self, uri: str | None) -> str | None:
        """Return the absolute URL; None if it is not trusted or not a URL."""
        if uri is None or any(not c.isprintable() or c in " \\" for c in uri):
            return None
        own = self.site.own(uri)
        if own is not None:
            return own
        try:
            origin = origin_of(uri)
        except ValueError:
            return None
        return uri if await is_trusted(self.storage, origin, "REDIRECT") else None

    async def asks_anew(self, url: str, session: Session) -> bool:
        """Return whether a request waits at `url` that needs a new sign-in.

        Its `prompt` or `max_age` requires the user to sign in again.
        """
        keys = parse_qs(urlsplit(url).query).get("okta_key", [""])
        parked = await self.storage.parked_authorizations.get(keys[0])
        return parked is not None and parked.refused_session_id == session.id
