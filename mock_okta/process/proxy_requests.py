"""Requests to a proxy, and the addresses that they lead to."""

from collections.abc import Iterable, Mapping
from typing import Self
from urllib.parse import urlsplit

from msgspec import Struct

from mock_okta.app.settings import ConfigError

__all__ = ["Asked", "Body", "Place", "Refusal", "RouteError", "Routes"]

_HOP_BY_HOP = frozenset({b"connection", b"keep-alive", b"proxy-authorization", b"proxy-connection"})

_LONGEST_NAME = 255


class RouteError(ConfigError):
    """A route is not of the form HOST:PORT to ADDRESS:PORT; the message is one line."""


class Place(Struct, frozen=True):
    """A host and port."""

    host: str
    port: int

    @classmethod
    def of(cls, authority: str, port: int | None = None) -> Self:
        """Read `host:port`; the default port is `port`. Raises ValueError."""
        parts = urlsplit(f"//{authority}")
        found = parts.port or port
        if not parts.hostname or found is None or parts.path or parts.query or parts.username:
            raise ValueError(authority)
        if (
            len(parts.hostname) > _LONGEST_NAME
        ):  # each label is looked up: many labels would take long
            raise ValueError(authority)
        return cls(parts.hostname.rstrip("."), found)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Routes(Struct, frozen=True):
    """The address for each place; `others`: hosts that are passed on, None for all."""

    places: Mapping[Place, Place]
    others: frozenset[str] | None

    @classmethod
    def of(cls, given: Mapping[str, str], others: frozenset[str] | None) -> Self:
        """Read routes; raise RouteError."""
        places = {}
        for name, address in given.items():
            try:
                places[Place.of(name)] = Place.of(address)
            except ValueError as error:
                expected = "expected HOST:PORT to ADDRESS:PORT, such as org.test:443 to 127.0.0.1:1"
                raise RouteError(f"{name} to {address}: {expected}") from error
        return cls(places, others)

    def to(self, asked: Place) -> Place | None:
        """Return the address for `asked`, or None. The longest matching name wins."""
        if asked in self.places:
            return self.places[asked]
        above = asked.host.split(".")[1:]
        while above:
            found = self.places.get(Place(".".join(("*", *above)), asked.port))
            if found is not None:
                return found
            del above[0]
        return asked if self.others is None or asked.host in self.others else None


class Refusal(Exception):
    """An error answer of the proxy; the reason is for people."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status

    def response(self) -> bytes:
        body = f"mock-okta proxy: {self}\n".encode()
        head = (
            f"HTTP/1.1 {self.status}\r\nContent-Type: text/plain; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        return head.encode() + body


class Body:
    """The rest of a request's body that is still to come (RFC 9112 6.3), by its head."""

    _END_OF_CHUNKS = b"0\r\n\r\n"

    def __init__(self, fields: Iterable[bytes] = ()) -> None:
        self._left = 0
        self._is_chunked = False
        self._tail = b""
        for name, _, value in (field.lower().partition(b":") for field in fields):
            if name == b"transfer-encoding":
                self._is_chunked = True
            elif name == b"content-length" and value.strip().isdigit():
                self._left = int(value)

    @property
    def is_to_come(self) -> bool:
        """Whether the client must send more; the last bytes show the end of chunks."""
        return self._tail != self._END_OF_CHUNKS if self._is_chunked else self._left > 0

    def take(self, part: bytes) -> None:
        """Count the bytes that came."""
        self._left -= len(part)
        self._tail = (self._tail + part)[-len(self._END_OF_CHUNKS) :]


class Asked(Struct, frozen=True):
    """A client's request: a place, the first bytes for it (none for CONNECT), the body."""

    place: Place
    head: bytes | None
    body: Body

    @classmethod
    def in_head(cls, head: bytes) -> Self:
        """Read a request's head; raise Refusal."""
        line, *fields = head[:-4].split(b"\r\n")
        try:
            method, target, version = _printable(line).split(" ")
            if method == "CONNECT":
                return cls(Place.of(target), None, Body())
            url = urlsplit(target)
            place = Place.of(url.netloc, 80)
        except ValueError as error:
            raise Refusal("400 Bad Request", "this is not a request to a proxy") from error
        if url.scheme != "http":
            raise Refusal("400 Bad Request", "other methods than CONNECT need an http:// URL")
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        own = f"{method} {path} {version}".encode()
        kept = [each for each in fields if each.partition(b":")[0].lower() not in _HOP_BY_HOP]
        return cls(place, b"\r\n".join((own, *kept, b"Connection: close", b"", b"")), Body(kept))


def _printable(line: bytes) -> str:
    text = line.decode("ascii")
    if not text.isprintable():
        raise ValueError(text)
    return text
