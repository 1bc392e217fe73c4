"""The org's cookies: of the session and of the device (facts/oauth H.4)."""

from collections.abc import Mapping
from types import MappingProxyType

from aiohttp import hdrs, web
from msgspec import Struct

from mock_okta.ids import Ids
from mock_okta.model.directory import EngineName
from mock_okta.model.sessions import Session
from mock_okta.services.sign_in.sessions import Sessions
from mock_okta.web.requests import NOTES
from mock_okta.web.site import Site

__all__ = ["Cookies"]

_DEVICE_LIFETIME = 63072000
# The first is what a session is found by: Identity Engine has `idx` for `sid` (guides,
# `oie-upgrade-sessions-api`). `xids` comes with it; what Okta reads it for is not known.
_OF_SESSION: Mapping[EngineName, tuple[str, ...]] = MappingProxyType(
    {"classic": ("sid",), "identity": ("idx", "xids")}
)


class Cookies(Struct, frozen=True, kw_only=True):
    """Reads and sets cookies: `SameSite=None; Secure` on https, neither on http.

    Deviation: Okta clears the session's on every API answer without one. Here only a sign-out does:
    on localhost all ports share their cookies, and one org would end another's session. That two
    orgs of one host name can have a session each in one browser, one of them has a `suffix`.
    """

    site: Site
    ids: Ids
    sessions: Sessions
    engine: EngineName
    suffix: str = ""

    @property
    def session_name(self) -> str:
        """Return what the session's cookie is called: `sid` or `idx`, and the suffix."""
        return self._session_names[0]

    @property
    def _session_names(self) -> tuple[str, ...]:
        """Return the names of all cookies that come and go with a session."""
        return tuple(f"{name}{self.suffix}" for name in _OF_SESSION[self.engine])

    @property
    def _device_name(self) -> str:
        return f"DT{self.suffix}"

    async def session(self, request: web.BaseRequest) -> Session | None:
        """Return the live session of the request."""
        session = await self.sessions.live(request.cookies.get(self.session_name))
        if session is not None:
            request[NOTES].user_id = session.user_id
        return session

    async def begin_session(
        self, request: web.BaseRequest, response: web.StreamResponse, session: Session
    ) -> None:
        """Set `session` in the browser; its earlier session ends."""
        earlier = request.cookies.get(self.session_name)
        if earlier is not None and earlier != session.id:
            await self.sessions.end(earlier)
        kept_for = self.sessions.kept_for(session)
        max_age = None if kept_for is None else int(kept_for.total_seconds())
        for name in self._session_names:
            self._set(response, name, session.id, max_age=max_age)
        request[NOTES].user_id = session.user_id
        device = self.device_token(request)
        if device is None:
            device = self.ids.device_token()
            self.keep_device(response, device)
        await self.sessions.note_device(session, device)

    def device_token(self, request: web.BaseRequest) -> str | None:
        """Return the browser's device token."""
        return request.cookies.get(self._device_name)

    def keep_device(self, response: web.StreamResponse, device_token: str) -> None:
        """Set the browser's device token."""
        self._set(response, self._device_name, device_token, max_age=_DEVICE_LIFETIME)

    def end_session(self, response: web.StreamResponse) -> None:
        """Take the session's cookies from the browser."""
        for name in self._session_names:
            response.del_cookie(
                name,
                path="/",
                httponly=True,
                secure=self.site.is_secure,
                samesite="None" if self.site.is_secure else None,
            )

    def _set(
        self, response: web.StreamResponse, name: str, value: str, max_age: int | None = None
    ) -> None:
        """Set a cookie whose value needs no quoting.

        The result is that of `response.set_cookie`, which goes through `http.cookies`, at a tenth
        of the cost.
        """
        lifetime = "" if max_age is None else f" Max-Age={max_age};"
        reach = "; SameSite=None; Secure" if self.site.is_secure else ""
        cookie = f"{name}={value}; HttpOnly;{lifetime} Path=/{reach}"
        response.headers.add(hdrs.SET_COOKIE, cookie)
