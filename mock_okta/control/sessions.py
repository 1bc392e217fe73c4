"""`/_mock/sessions`: who is signed in at the org, and ending it."""

from aiohttp import web
from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.control import schema
from mock_okta.control.operations import Operation, query_as
from mock_okta.model.directory import User
from mock_okta.model.records import Session
from mock_okta.services.directory.lookup import user_named
from mock_okta.storage import Storage
from mock_okta.web.errors import NotFound

__all__ = ["SessionsResource"]


class SessionsResource(Struct, frozen=True, kw_only=True):
    """Shows and ends sessions; tokens live on, as they do when a session runs out."""

    storage: Storage
    clock: Clock

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/sessions."""
        return (
            Operation(
                method="GET",
                path=schema.Path.SESSIONS,
                summary="Show who is signed in at the org.",
                handler=self.show,
                query=schema.OfUser,
                answer=schema.LiveSessions,
            ),
            Operation(
                method="DELETE",
                path=schema.Path.SESSIONS,
                summary="End all sessions, or those of a user; tokens live on.",
                handler=self.end_all,
                query=schema.OfUser,
            ),
            Operation(
                method="DELETE",
                path=schema.Path.SESSION,
                summary="End one session; tokens live on.",
                handler=self.end,
            ),
        )

    async def show(self, request: web.Request) -> schema.LiveSessions:
        """Show who is signed in."""
        user = await self._asked(request)
        live: list[schema.LiveSession] = []
        for session in await self.storage.sessions.values():
            owner = await self.storage.users.get(session.user_id)
            if owner is not None and user in (None, owner):
                live.append(_shown(session, owner))
        return schema.LiveSessions(sessions=tuple(live))

    async def end_all(self, request: web.Request) -> None:
        """End all sessions, or those of a user."""
        user = await self._asked(request)
        kept = self.storage.sessions
        await (kept.clear() if user is None else kept.remove_by("user_id", user.id))

    async def end(self, request: web.Request) -> None:
        """End one session."""
        session_id = request.match_info["id"]
        if await self.storage.sessions.take(session_id) is None:
            raise NotFound(session_id, "Session")

    async def _asked(self, request: web.Request) -> User | None:
        name = query_as(request, schema.OfUser).user
        if name is None:
            return None
        user = await user_named(self.storage, name)
        if user is None:
            raise NotFound(name, "User")
        return user


def _shown(session: Session, user: User) -> schema.LiveSession:
    return schema.LiveSession(
        id=session.id,
        user_id=user.id,
        login=user.login,
        amr=session.amr,
        created_at=session.created_at,
        expires_at=session.expires_at,
    )
