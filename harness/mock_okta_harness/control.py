"""Typed client of an org's control API, `/_mock`: to seed, to reset, to move the clock.

Synchronous, and built on the standard library: it works in any test, also against an org in another
process. An org that runs in the *same* event loop as the caller has to be driven from a thread:
`await asyncio.to_thread(control.reset)`.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import msgspec

from mock_okta_harness.fetching import fetch

if TYPE_CHECKING:
    from os import PathLike

Answer = TypeVar("Answer")


class ControlError(Exception):
    """The org refused a control request, or could not be reached (`status` is then None)."""

    def __init__(self, request: str, reason: str, status: int | None = None) -> None:
        super().__init__(f"{request}: {reason}")
        self.request = request
        self.reason = reason
        self.status = status


class SeedPart(Protocol):
    """What can say what it adds to an org; every builder is one."""

    def seed_document(self) -> Mapping[str, Any]:
        """Give a seed document with this part alone."""


class SeededUser(msgspec.Struct, frozen=True, kw_only=True):
    """A user as the org knows it; `password` only where the org tells it."""

    id: str
    login: str
    password: str | None = None


class SeededClient(msgspec.Struct, frozen=True, kw_only=True):
    """A client as the org knows it."""

    client_id: str
    name: str = ""
    type: str = ""
    client_secret: str | None = None
    login_redirect_uris: tuple[str, ...] = ()


class SeededAuthorizationServer(msgspec.Struct, frozen=True, kw_only=True):
    """An authorization server that was seeded, by its id and issuer."""

    id: str
    issuer: str


class OrgFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What `GET /_mock/org` tells: where the org is and who is in it."""

    url: str
    issuers: dict[str, str]
    users: tuple[SeededUser, ...] = ()
    clients: tuple[SeededClient, ...] = ()
    trusted_origins: tuple[str, ...] = ()


class Seeded(msgspec.Struct, frozen=True, kw_only=True):
    """What a seed request made or replaced."""

    users: tuple[SeededUser, ...] = ()
    clients: tuple[SeededClient, ...] = ()
    authorization_servers: tuple[SeededAuthorizationServer, ...] = ()


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message that the org would have sent to a user."""

    id: str
    created_at: datetime
    channel: str
    to: str
    template: str
    subject: str | None = None
    text: str


class ClockReading(msgspec.Struct, frozen=True, kw_only=True):
    """The org's time, and whether it stands still."""

    now: datetime
    frozen: bool


class Outbox(msgspec.Struct, frozen=True, kw_only=True):
    """All messages that wait in the org, oldest first."""

    messages: tuple[Message, ...]


@dataclass(frozen=True)
class Connection:
    """One org's address; sends JSON and gives back what came, or raises `ControlError`."""

    url: str
    ca_file: str | PathLike[str] | None = None

    def send(self, method: str, path: str, body: object = None) -> bytes:
        """Send one request; an answer outside 2xx is a `ControlError` with the org's reason."""
        request = f"{method} {self.url}{path}"
        try:
            content = None if body is None else msgspec.json.encode(body)
            status, answer = fetch(f"{self.url}{path}", self.ca_file, method, content)
        except (OSError, http.client.HTTPException) as failure:
            raise ControlError(request, f"no answer ({failure!r})") from failure
        if not 200 <= status < 300:
            raise ControlError(request, f"{status} {_reason(answer)}", status)
        return answer

    def ask(self, answer: type[Answer], method: str, path: str, body: object = None) -> Answer:
        """Send one request and read the answer as the given type."""
        content = self.send(method, path, body)
        try:
            return msgspec.json.decode(content, type=answer)
        except msgspec.DecodeError as failure:
            reason = f"unexpected answer: {failure}"
            raise ControlError(f"{method} {self.url}{path}", reason) from failure


@dataclass(frozen=True)
class ControlledClock:
    """The org's clock. Every act answers with the org's time after it."""

    connection: Connection

    def now(self) -> datetime:
        """Read the org's time."""
        return self._ask("GET").now

    def is_frozen(self) -> bool:
        """Tell whether the org's time stands still."""
        return self._ask("GET").frozen

    def freeze(self, at: datetime | None = None) -> datetime:
        """Stop the org's time, now or at the given instant."""
        return self._ask("PUT", {"frozen": True, **_instant(at)}).now

    def set(self, at: datetime) -> datetime:
        """Set the org's time; a running clock runs on from there."""
        return self._ask("PUT", _instant(at)).now

    def advance(self, by: timedelta | float) -> datetime:
        """Move the org's time on by a duration (a number is seconds)."""
        seconds = by.total_seconds() if isinstance(by, timedelta) else by
        path = "/_mock/clock/advance"
        return self.connection.ask(ClockReading, "POST", path, {"seconds": seconds}).now

    def resume(self) -> datetime:
        """Let the org's time run on from where it stands."""
        return self._ask("PUT", {"frozen": False}).now

    def _ask(self, method: str, change: Mapping[str, object] | None = None) -> ClockReading:
        return self.connection.ask(ClockReading, method, "/_mock/clock", change)


class Control:
    """The control API of the org at `url`; `ca_file` is its CA when it serves https."""

    def __init__(self, url: str, ca_file: str | PathLike[str] | None = None) -> None:
        self._connection = Connection(url.rstrip("/"), ca_file)
        self.clock = ControlledClock(self._connection)

    @property
    def url(self) -> str:
        """The org's URL, without a slash at its end."""
        return self._connection.url

    def org(self) -> OrgFacts:
        """Tell who and what is in the org."""
        return self._connection.ask(OrgFacts, "GET", "/_mock/org")

    def seed(self, *parts: Mapping[str, Any] | SeedPart | msgspec.Struct) -> Seeded:
        """Add users, clients, authorization servers, trusted origins; the same key replaces.

        A part is a seed document, a builder, or mock_okta's own `Seed`; all go in one request.
        """
        document = seed_document(*parts)
        return self._connection.ask(Seeded, "PUT", "/_mock/seed", document)

    def reset(self) -> None:
        """Bring the org back to its first seed: no sessions, tokens or messages, real time."""
        self._connection.send("POST", "/_mock/reset")

    def rotate_keys(self, authorization_server: str = "default") -> None:
        """Sign with a new key from now on; the old one is published while its tokens live."""
        body = {"authorization_server": authorization_server}
        self._connection.send("POST", "/_mock/keys/rotate", body)

    def outbox(self) -> tuple[Message, ...]:
        """Give the messages that the org would have sent, oldest first."""
        return self._connection.ask(Outbox, "GET", "/_mock/outbox").messages

    def empty_outbox(self) -> None:
        """Throw all messages away."""
        self._connection.send("DELETE", "/_mock/outbox")


def seed_document(*parts: Mapping[str, Any] | SeedPart | msgspec.Struct) -> dict[str, Any]:
    """Join seed documents to one: lists in the order given; of all else the last one counts."""
    joined: dict[str, Any] = {}
    for part in parts:
        for key, value in _as_document(part).items():
            if isinstance(value, list | tuple):
                joined[key] = [*joined.get(key, ()), *value]
            else:
                joined[key] = value
    return joined


def _as_document(part: Mapping[str, Any] | SeedPart | msgspec.Struct) -> Mapping[str, Any]:
    if isinstance(part, Mapping):
        return part
    if isinstance(part, msgspec.Struct):
        # Only what was said: defaults of parts that a Seed does not name are not to replace others.
        document: dict[str, Any] = msgspec.to_builtins(part)
        return {key: value for key, value in document.items() if value}
    return part.seed_document()


def _instant(at: datetime | None) -> dict[str, str]:
    if at is None:
        return {}
    if at.tzinfo is None:
        raise ValueError("The org's clock takes an aware datetime: give it a time zone.")
    return {"now": at.isoformat()}


def _reason(content: bytes) -> str:
    """Give the org's own words, with the causes that name the path of a mistake."""
    try:
        error = json.loads(content)
        causes = [cause["errorSummary"] for cause in error.get("errorCauses", ())]
        return ": ".join([f"{error['errorCode']} {error['errorSummary']}", *causes])
    except (ValueError, KeyError, TypeError, AttributeError):
        return content.decode("utf-8", "replace")[:200].strip()
