"""`/_mock/events`: says what changed, as server-sent events (WHATWG HTML 9.2).

An event names one kind of thing, and the listener then asks `/_mock` for the things. While somebody
listens, the process reads the storage twice a second, once for all who listen: so it does not
matter which of several processes made a change, or which one answers. The id of an event is the
state of all kinds. A browser that comes back sends it, and gets an event at once for each kind that
changed.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from urllib.parse import parse_qsl, urlencode

import msgspec
from aiohttp import hdrs, web
from msgspec import Struct

from mock_okta.control import schema
from mock_okta.control.operations import Operation
from mock_okta.control.paths import Path
from mock_okta.storage import COLLECTIONS, Storage

__all__ = ["EventsResource", "Looks"]

_BETWEEN_LOOKS = 0.5
_LOOKS_UNTIL_A_SIGN_OF_LIFE = 30
_LONGEST_ID = 1000

_SHARE = 4
"""A large org is looked at less often: the pause is so many times as long as the look."""

_KINDS_OF_THEIR_OWN = ("clocks", "planned_faults")
_SETUP = tuple(
    name
    for name, kept in COLLECTIONS.items()
    if kept.is_setup and not kept.outlives_reset and name not in _KINDS_OF_THEIR_OWN
)
"""Apps, authorization servers, policies and all else that a seed sets up, but for users."""

State = Mapping[str, str]
"""A fingerprint of the things of each kind."""


class Looks:
    """Looks at the storage for all listeners together, and not at all when nobody listens."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._ending = asyncio.Event()
        self._pause = _BETWEEN_LOOKS
        self._coming: asyncio.Task[State | None] | None = None

    async def next(self) -> State | None:
        """Return the state at the next look, which all who wait share; None when the org stops."""
        if self._coming is None:
            self._coming = asyncio.create_task(self._later())
        return await asyncio.shield(self._coming)  # the others still wait when one leaves

    async def now(self) -> State:
        """Return the state now."""
        kept = self._storage
        newest = await kept.recorded_requests.newest()
        return {
            "requests": "" if newest is None else newest.id,
            "outbox": await _fingerprint(kept.outbox.values),
            "pushes": await _fingerprint(kept.push_requests.values),
            "clock": await _fingerprint(kept.clocks.values),
            "users": await _fingerprint(kept.users.values),
            "sessions": await _fingerprint(kept.sessions.values),
            "tokens": await _fingerprint(kept.refresh_tokens.values, kept.revocations.values),
            "faults": await _fingerprint(kept.planned_faults.values),
            "setup": await _fingerprint(*(getattr(kept, name).values for name in _SETUP)),
        }

    def end(self) -> None:
        """Wake everything that waits: the org stops."""
        self._ending.set()

    async def _later(self) -> State | None:
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), self._pause)
            if self._ending.is_set():
                return None
            loop = asyncio.get_running_loop()
            before = loop.time()
            await self._storage.refresh()  # no request of another process does it here
            state = await self.now()
            self._pause = max(_BETWEEN_LOOKS, _SHARE * (loop.time() - before))
            return state
        finally:
            self._coming = None


class EventsResource(Struct, frozen=True, kw_only=True):
    """Streams what changes, until the listener leaves or the org stops."""

    looks: Looks

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/events."""
        return (
            Operation(
                "GET",
                Path.EVENTS,
                "Stream an event for each kind of thing that changes: requests, outbox, pushes, "
                "clock, users, sessions, tokens, faults, setup (apps, servers, policies). Its data "
                "say which.",
                self._stream,
                answer=schema.Changed,
                media_type="text/event-stream",
            ),
        )

    async def end(self, _: web.Application) -> None:
        """End all streams (a signal of aiohttp's, at shutdown)."""
        self.looks.end()

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        known = _state_of(request.headers.get("Last-Event-ID", ""))
        await response.prepare(request)
        if request.method == hdrs.METH_HEAD:
            return response
        with suppress(ConnectionResetError):  # the listener has left
            first = await self.looks.now()
            await response.write(_event("hello", first))
            now: State | None = first
            known, silent = known or first, 0
            while now is not None:
                silent = silent + 1 if now == known else 0
                await _tell(response, known, now)
                if silent and silent % _LOOKS_UNTIL_A_SIGN_OF_LIFE == 0:
                    await response.write(b":\n\n")  # a proxy may close a silent connection
                known, now = now, await self.looks.next()
        return response


async def _tell(response: web.StreamResponse, known: State, now: State) -> None:
    """Send an event for each kind that differs from `known`."""
    for kind in now:
        if now[kind] != known.get(kind):
            await response.write(_event(kind, now))


async def _fingerprint(*read: Callable[[], Awaitable[object]]) -> str:
    found = [await values() for values in read]
    return hashlib.blake2b(msgspec.msgpack.encode(found), digest_size=6).hexdigest()


def _state_of(event_id: str) -> State:
    """Return the state that an event's id says; nothing for the id of something else."""
    try:
        return dict(parse_qsl(event_id[:_LONGEST_ID], keep_blank_values=True, max_num_fields=20))
    except ValueError:
        return {}


def _event(kind: str, state: State) -> bytes:
    data = msgspec.json.encode(schema.Changed(changed=kind)).decode()
    return f"id: {urlencode(state)}\nevent: {kind}\ndata: {data}\n\n".encode()
