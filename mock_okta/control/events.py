"""`/_mock/events`: says what changed, as server-sent events (WHATWG HTML 9.2).

An event names one kind of thing, and the listener then asks `/_mock` for the things. While somebody
listens, the storage is read twice a second: so it does not matter which of several processes made a
change, or which one answers. The id of an event is the state of all kinds. A browser that comes
back sends it, and gets an event at once for each kind that changed.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from urllib.parse import parse_qsl, urlencode

import msgspec
from aiohttp import hdrs, web
from msgspec import Struct, field

from mock_okta.control import schema
from mock_okta.control.operations import Operation
from mock_okta.control.paths import Path
from mock_okta.storage import Storage

__all__ = ["EventsResource"]

_BETWEEN_LOOKS = 0.5
_LOOKS_UNTIL_A_SIGN_OF_LIFE = 30
_LONGEST_ID = 1000

State = Mapping[str, str]
"""A fingerprint of the things of each kind."""


class EventsResource(Struct, frozen=True, kw_only=True):
    """Streams what changes, until the listener leaves or the org stops."""

    storage: Storage
    ending: asyncio.Event = field(default_factory=asyncio.Event)

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/events."""
        return (
            Operation(
                "GET",
                Path.EVENTS,
                "Stream an event for each kind of thing that changes: requests, outbox, pushes, "
                "clock, users, sessions, tokens, faults. Its data say which.",
                self._stream,
                answer=schema.Changed,
                media_type="text/event-stream",
            ),
        )

    async def end(self, _: web.Application) -> None:
        """End all streams (a signal of aiohttp's, at shutdown)."""
        self.ending.set()

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        known = _state_of(request.headers.get("Last-Event-ID", ""))
        await response.prepare(request)
        if request.method == hdrs.METH_HEAD:
            return response
        with suppress(ConnectionResetError):  # the listener has left
            known = await self._tell(response, known or await self._state(), greet=True)
            silent = 0
            while not await self._has_ended():
                before, known = known, await self._tell(response, known)
                silent = silent + 1 if before == known else 0
                if silent and silent % _LOOKS_UNTIL_A_SIGN_OF_LIFE == 0:
                    await response.write(b":\n\n")  # a proxy may close a silent connection
        return response

    async def _tell(
        self, response: web.StreamResponse, known: State, *, greet: bool = False
    ) -> State:
        """Send an event for each kind that differs from `known`; return the state now."""
        now = await self._state()
        if greet:
            await response.write(_event("hello", now))
        for kind in now:
            if now[kind] != known.get(kind):
                await response.write(_event(kind, now))
        return now

    async def _has_ended(self) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.ending.wait(), _BETWEEN_LOOKS)
        return self.ending.is_set()

    async def _state(self) -> State:
        kept = self.storage
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
        }


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
