"""The org's cookies: `sid` (the session) and `DT` (the device). Contract H.4."""

from dataclasses import dataclass

from aiohttp import web

from mock_okta.domain.records import Session
from mock_okta.ids import Ids
from mock_okta.services.sign_in import SignIn
from mock_okta.web.site import Site

__all__ = ["Cookies"]

_SESSION = "sid"
_DEVICE = "DT"
_DEVICE_LIFETIME = 63072000


@dataclass(frozen=True, kw_only=True)
class Cookies:
    """Reads and sets cookies: `SameSite=None; Secure` on https, neither on http.

    Deviation: Okta clears `sid` on every API answer without a session. Here only a sign-out does:
    on localhost all ports share their cookies, and one org would end another's session.
    """

    site: Site
    ids: Ids
    sign_in: SignIn

    async def session(self, request: web.BaseRequest) -> Session | None:
        """Return the live session that the request carries."""
        return await self.sign_in.live_session(request.cookies.get(_SESSION))

    async def begin_session(
        self, request: web.BaseRequest, response: web.StreamResponse, session: Session
    ) -> None:
        """Give the browser `session` in place of the one it has, which ends."""
        earlier = request.cookies.get(_SESSION)
        if earlier is not None and earlier != session.id:
            await self.sign_in.end_session(earlier)
        self._set(response, _SESSION, session.id)
        device = request.cookies.get(_DEVICE)
        if device is None:
            device = self.ids.device_token()
            self._set(response, _DEVICE, device, max_age=_DEVICE_LIFETIME)
        await self.sign_in.note_device(session.user_id, device)

    def end_session(self, response: web.StreamResponse) -> None:
        """Take the session cookie from the browser."""
        response.del_cookie(
            _SESSION,
            path="/",
            httponly=True,
            secure=self.site.is_secure,
            samesite="None" if self.site.is_secure else None,
        )

    def _set(
        self, response: web.StreamResponse, name: str, value: str, max_age: int | None = None
    ) -> None:
        response.set_cookie(
            name,
            value,
            path="/",
            httponly=True,
            max_age=max_age,
            secure=self.site.is_secure,
            samesite="None" if self.site.is_secure else None,
        )
