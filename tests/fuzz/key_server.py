"""A server for keys that sends any given answer, in pieces, or keeps its callers waiting."""

import socket
import socketserver
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

__all__ = ["KeyServer", "key_server"]


@dataclass
class KeyServer:
    """What it answers: `pieces`; without any it says nothing until it is let go.

    `waiting`: how many callers it keeps waiting.
    """

    url: str = ""
    pieces: Sequence[bytes] = ()
    waiting: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def answer(self, caller: socket.socket) -> None:
        """Read the head of a request; send the pieces, or wait until the caller hangs up."""
        pieces = self.pieces
        caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        received = b""
        while b"\r\n\r\n" not in received:
            part = caller.recv(65536)
            if not part:
                return
            received += part
        for piece in pieces:
            caller.sendall(piece)
        if not pieces:
            self.waiting.release()
            caller.recv(1)


class _Listening(socketserver.ThreadingTCPServer):
    request_queue_size = 512
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def key_server() -> Iterator[KeyServer]:
    """Give a running one."""
    keys = KeyServer()

    class Answering(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):  # the org hung up
                keys.answer(self.request)

    with _Listening(("127.0.0.1", 0), Answering) as server:
        keys.url = f"http://127.0.0.1:{server.server_address[1]}/"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield keys
        server.shutdown()
        thread.join()
