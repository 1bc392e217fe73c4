"""Bare sockets: octets go out as they are, in the pieces they are given; answers come back."""

import re
import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

__all__ = [
    "PATIENCE",
    "Raw",
    "at_once",
    "conversation",
    "dialed",
    "end_of",
    "get",
    "pieces_of",
    "post",
]

PATIENCE = 60.0
_PAUSE = 0.25
_LENGTH = re.compile(rb"\r\nContent-Length: (\d+)\r\n", re.IGNORECASE)


@dataclass(frozen=True)
class Raw:
    """One answer."""

    status: int
    head: bytes
    body: bytes

    @property
    def is_ours(self) -> bool:
        """Whether it has the headers that all answers have, and none of the library's own."""
        return b"\r\nX-Okta-Request-Id: " in self.head and b"\r\nServer:" not in self.head


@contextmanager
def dialed(url: str) -> Iterator[socket.socket]:
    """Give a connection; each piece that is sent goes out at once."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE) as opened:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield opened


def conversation(url: str, *pieces: bytes, ends: bool = True) -> list[Raw]:
    """Send the pieces; return the answers up to where the server hangs up.

    `ends`: whether it does by itself. Where it may go on waiting for more, the client hangs up
    first once there was nothing for a moment.
    """
    received = bytearray()
    with dialed(url) as opened:
        with suppress(ConnectionError):  # it may have hung up on the pieces before
            for piece in pieces:
                opened.sendall(piece)
        if not ends:
            opened.settimeout(_PAUSE)
        with suppress(ConnectionError):
            while True:
                try:
                    part = opened.recv(65536)
                except TimeoutError:
                    if ends or opened.gettimeout() == PATIENCE:
                        raise
                    opened.settimeout(PATIENCE)
                    opened.shutdown(socket.SHUT_WR)
                    continue
                if not part:
                    break
                received += part
    return _split(bytes(received))


def end_of(opened: socket.socket) -> Raw:
    """Read the one answer that is to come, whole."""
    received = b""
    while True:
        head, found, rest = received.partition(b"\r\n\r\n")
        if found and len(rest) >= _length(head):
            return Raw(int(head[9:12]), head, rest)
        part = opened.recv(65536)
        assert part, f"the server hung up after {received[:300]!r}"
        received += part


def _split(received: bytes) -> list[Raw]:
    """Split what came into whole answers; fail for what is none."""
    answers = []
    while received:
        head, found, rest = received.partition(b"\r\n\r\n")
        assert found, received
        assert re.match(rb"HTTP/1\.[01] \d{3} ", head), received
        status = int(head[9:12])
        length = 0 if status == 100 else _length(head)
        assert len(rest) >= length, received
        if status != 100:
            answers.append(Raw(status, head + b"\r\n", rest[:length]))
        received = rest[length:]
    return answers


def pieces_of(octets: bytes, cuts: Iterable[int]) -> list[bytes]:
    """The octets, cut at these places; at least one piece."""
    places = sorted({cut % (len(octets) + 1) for cut in cuts} | {0, len(octets)})
    return [octets[start:end] for start, end in pairwise(places)] or [b" "]


def at_once(url: str, requests: Sequence[bytes]) -> list[Raw]:
    """Send all of them at the same time: the last octets go out when all else is there."""
    with ExitStack() as stack:
        opened = [stack.enter_context(dialed(url)) for _ in requests]
        for connection, request in zip(opened, requests, strict=True):
            connection.sendall(request[:-1])
        for connection, request in zip(opened, requests, strict=True):
            connection.sendall(request[-1:])
        return [end_of(connection) for connection in opened]


def get(target: str, *lines: str) -> bytes:
    """A request without a body."""
    return "\r\n".join([f"GET {target} HTTP/1.1", "Host: localhost", *lines, "", ""]).encode()


def post(target: str, kind: str, body: bytes, *lines: str) -> bytes:
    """A request with a body."""
    about = (f"Content-Type: {kind}", f"Content-Length: {len(body)}")
    head = [f"POST {target} HTTP/1.1", "Host: localhost", *about, *lines, "", ""]
    return "\r\n".join(head).encode() + body


def _length(head: bytes) -> int:
    found = _LENGTH.search(head + b"\r\n")
    return int(found[1]) if found else 0
