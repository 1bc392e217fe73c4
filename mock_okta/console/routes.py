"""What the console serves: its pages and their files, and the form for the control token."""

from functools import cache
from importlib.resources import files

from aiohttp import web
from msgspec import Struct

from mock_okta.console.rooms import ROOMS, Room
from mock_okta.web.errors import UnknownPath
from mock_okta.web.guard import Guard
from mock_okta.web.pages import text_of
from mock_okta.web.routing import Route

__all__ = ["Console"]

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
# Releases before 5 compile their templates (unsafe-eval), and all of them add styles. The page's
# own script is a file, so nothing that is pasted in runs.
_POLICY_OF_FRAME = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_CALLBACK = Room(name="callback", title="Test client", about="What came back from the sign-in.")


class Console(Struct, frozen=True, kw_only=True):
    """Serves pages without data to everybody who may reach the org; the API keeps its guard."""

    guard: Guard

    def routes(self) -> tuple[Route, ...]:
        """Serve the rooms, their files and the form."""
        enter = self.guard.of_page(self._enter)
        return (
            Route(method="GET", path="/_mock", handler=self._lead),
            Route(method="GET", path="/_mock/", handler=self._lead),
            *(Route(method="GET", path=each.path, handler=self._room) for each in ROOMS),
            Route(method="GET", path=_CALLBACK.path, handler=self._room),
            Route(method="GET", path="/_mock/console/frame", handler=self._frame),
            Route(method="POST", path="/_mock/console/token", handler=enter),
            Route(method="GET", path="/_mock/console/assets/{name}", handler=self._asset),
        )

    async def _lead(self, _: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "/_mock/console"})

    async def _room(self, request: web.Request) -> web.Response:
        self.guard.host_is_ours(request)
        (room,) = (each for each in (*ROOMS, _CALLBACK) if each.path == request.path)
        return _page(room, wants_token=self.guard.wants_token(request))

    async def _frame(self, request: web.Request) -> web.Response:
        """Show the page of a screen of the gallery, which the room fills."""
        self.guard.host_is_ours(request)
        text = text_of("mock_okta.console", "frame.html")
        headers = {"Content-Security-Policy": _POLICY_OF_FRAME, "Referrer-Policy": "same-origin"}
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def _enter(self, request: web.Request) -> web.Response:
        """Keep the control token in a cookie that no script and no other site can use."""
        given = str((await request.post()).get("token", ""))
        if not self.guard.is_token(given.strip()):
            return _page(ROOMS[0], wants_token=True, refused=True, status=403)
        response = web.Response(status=303, headers={"Location": "/_mock/console"})
        self.guard.keep(response)
        return response

    async def _asset(self, request: web.Request) -> web.Response:
        found = _asset(request.match_info["name"])
        if found is None:
            raise UnknownPath(remark="the console has no such file")
        text, kind = found
        headers = {"Cache-Control": "no-cache", "Content-Security-Policy": _POLICY}
        return web.Response(text=text, content_type=kind, headers=headers)


def _page(
    room: Room, *, wants_token: bool, refused: bool = False, status: int = 200
) -> web.Response:
    text = text_of(
        "mock_okta.console",
        "room.html",
        room=room,
        rooms=ROOMS,
        wants_token=wants_token,
        refused=refused,
    )
    return web.Response(
        text=text,
        status=status,
        content_type="text/html",
        headers={"Content-Security-Policy": _POLICY, "Referrer-Policy": "same-origin"},
    )


@cache
def _assets() -> dict[str, tuple[str, str]]:
    """Return the files by name, with their types: a few kilobytes, read once a process."""
    return {
        each.name: (each.read_text("utf-8"), _TYPES[f".{each.name.rpartition('.')[2]}"])
        for each in files("mock_okta.console").joinpath("assets").iterdir()
        if each.name.endswith(tuple(_TYPES))
    }


def _asset(name: str) -> tuple[str, str] | None:
    return _assets().get(name)
