"""Requests that wait under a key until the user has signed in or consented (facts/oauth C.6)."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.ids import Ids
from mock_okta.model.grants import ParkedAuthorization
from mock_okta.oauth.requests import Authorization
from mock_okta.storage import Storage
from mock_okta.web.errors import ShownError
from mock_okta.web.requests import Parameters

__all__ = ["RESUME_PATH", "Parking", "resume_path"]

RESUME_PATH = "/oauth2/v1/authorize/redirect"

_PARKING_TIME = timedelta(hours=1)


def resume_path(key: str) -> str:
    """Return the path that continues the request with this key."""
    return f"{RESUME_PATH}?{urlencode({'okta_key': key})}"


class Parking(Struct, frozen=True, kw_only=True):
    """Keeps requests during a sign-in: each continues once."""

    storage: Storage
    clock: Clock
    ids: Ids

    async def park(
        self,
        authorization: Authorization,
        parameters: Parameters,
        *,
        refused_session_id: str | None,
        asked_session_id: str | None,
        asked_at: datetime | None,
    ) -> str:
        """Keep the request, and the session that was refused or is to consent; return a key.

        `asked_at`: when it was parked first, if it was before.
        """
        now = self.clock.now()
        key = self.ids.opaque()
        kept = tuple((name, value) for name, value in parameters.pairs if name != "sessionToken")
        parked = ParkedAuthorization(
            server_id=authorization.server.id,
            parameters=kept,
            expires_at=now + _PARKING_TIME,
            refused_session_id=refused_session_id,
            asked_session_id=asked_session_id,
            asked_at=asked_at or now,
        )
        await self.storage.parked_authorizations.put(key, parked)
        return key

    async def take(self, key: str | None) -> ParkedAuthorization:
        """Remove and return the request; raise ShownError for an unknown, used or expired key."""
        parked = await self.storage.parked_authorizations.take(key or "")
        if parked is None:
            raise ShownError("invalid_request", "The sign-in request is unknown or has expired.")
        return parked
