"""Where a browser may be sent after a sign-in or a sign-out (facts/oauth I.3)."""

from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

from mock_okta.model.records import Session
from mock_okta.services.directory.lookup import is_trusted
from mock_okta.storage import Storage
from mock_okta.web.site import Site, origin_of

__all__ = ["Destinations"]


class Destinations(Struct, frozen=True, kw_only=True):
    """The org itself and origins with the scope `REDIRECT`.

    Else whoever makes a link chose where a user ends up.
    """

    storage: Storage
    site: Site

    async def allowed(self, uri: str | None) -> str | None:
        """Return the absolute URL; None for a place that nobody trusts, or no place at all."""
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
        """Tell whether a request waits at `url` that the session was not good enough for.

        Its `prompt` or `max_age` wants the user to sign in again.
        """
        keys = parse_qs(urlsplit(url).query).get("okta_key", [""])
        parked = await self.storage.parked_authorizations.get(keys[0])
        return parked is not None and parked.refused_session_id == session.id
