"""`/_mock/sessions`: who is signed in at the org."""

from aiohttp import web
from msgspec import Struct

from mock_okta.control import schema
from mock_okta.control.operations import Operation, body_as, json_answer, query_as
from mock_okta.control.paths import Path
from mock_okta.control.users import NotInThisStatus, user_or_none
from mock_okta.model.directory import User
from mock_okta.model.failures import NotSignable
from mock_okta.model.sessions import Session
from mock_okta.storage import Storage
from mock_okta.web.cookies import Cookies
from mock_okta.web.errors import NotFound

__all__ = ["SessionsResource"]


class SignInAs(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is to be signed in: a login or an id."""

    user: str


class SessionsResource(Struct, frozen=True, kw_only=True):
    """Shows and ends sessions; tokens stay valid, as they do when a session expires."""

    storage: Storage
    cookies: Cookies

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/sessions."""
        return (
            Operation(
                "GET",
                Path.SESSIONS,
                "Show who is signed in at the org.",
                self._show,
                query=schema.OfUser,
                answer=schema.LiveSessions,
            ),
            Operation(
                "DELETE",
                Path.SESSIONS,
                "End all sessions, or those of a user; tokens stay valid.",
                self._end_all,
                query=schema.OfUser,
            ),
            Operation(
                "POST",
                Path.SESSIONS,
                "Sign a user in without a password, in the browser that asks: the answer sets the "
                "session's cookie.",
                self._begin,
                body=SignInAs,
                answer=schema.LiveSession,
            ),
            Operation("DELETE", Path.SESSION, "End one session; tokens stay valid.", self._end),
        )

    async def _show(self, request: web.Request) -> schema.LiveSessions:
        user = await self._user(request)
        live: list[schema.LiveSession] = []
        for session in await self.storage.sessions.values():
            owner = await self.storage.users.get(session.user_id)
            if owner is not None and user in (None, owner):
                live.append(_shown(session, owner))
        return schema.LiveSessions(sessions=tuple(live))

    async def _begin(self, request: web.Request) -> web.Response:
        name = (await body_as(request, SignInAs)).user
        user = await user_or_none(self.storage, name)
        if user is None:
            raise NotFound(name, "User")
        try:
            session = await self.cookies.sessions.begin(user, amr=("pwd",))
        except NotSignable as failure:
            raise NotInThisStatus(remark=str(failure), causes=(str(failure),)) from failure
        response = json_answer(_shown(session, user))
        await self.cookies.begin_session(request, response, session)
        return response

    async def _end_all(self, request: web.Request) -> None:
        user = await self._user(request)
        kept = self.storage.sessions
        await (kept.clear() if user is None else kept.remove_by("user_id", user.id))

    async def _end(self, request: web.Request) -> None:
        session_id = request.match_info["id"]
        if await self.storage.sessions.take(session_id) is None:
            raise NotFound(session_id, "Session")

    async def _user(self, request: web.Request) -> User | None:
        return await user_or_none(self.storage, query_as(request, schema.OfUser).user)


def _shown(session: Session, user: User) -> schema.LiveSession:
    return schema.LiveSession(
        id=session.id,
        user_id=user.id,
        login=user.login,
        amr=session.amr,
        created_at=session.created_at,
        expires_at=session.expires_at,
        ends_at=session.ends_at,
        factor_verified_at=session.factor_verified_at,
        idp=session.idp_id,
        device=session.fingerprint,
    )
