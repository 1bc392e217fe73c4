"""A real Redis server that a test starts on a free port of this machine."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.tool_chains import needs

__all__ = ["RedisServer", "free_port", "redis_server"]

_PATIENCE = 20.0


@dataclass
class RedisServer:
    """One server with its own folder; it can be killed, stopped for a while, and started again."""

    folder: Path
    port: int
    options: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None

    def url(self, org: str = "test") -> str:
        """The storage of an org on it."""
        return f"redis://127.0.0.1:{self.port}/0?org={org}"

    def start(self) -> None:
        """Run it until it answers."""
        program = needs("redis-server")
        with (self.folder / "redis.log").open("ab") as log:
            self.process = subprocess.Popen(
                (program, "--port", str(self.port), "--bind", "127.0.0.1", *self.options),
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + _PATIENCE
        while self.ask("PING") != b"+PONG\r\n":
            assert time.monotonic() < until, (self.folder / "redis.log").read_text()
            time.sleep(0.01)

    def ask(self, *words: str) -> bytes:
        """Return the first bytes of its answer to a command; none if it does not answer."""
        sent = "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
        try:
            with closing(socket.create_connection(("127.0.0.1", self.port), 5)) as connection:
                connection.sendall(f"*{len(words)}\r\n{sent}".encode())
                return connection.recv(65536)
        except OSError:
            return b""

    def kill(self) -> None:
        """End it as a power cut does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@contextmanager
def redis_server(folder: Path, *options: str) -> Iterator[RedisServer]:
    """Run a server until the block ends; it keeps nothing unless the options say so."""
    folder.mkdir(exist_ok=True)
    server = RedisServer(folder, free_port(), options or ("--save", "", "--appendonly", "no"))
    try:
        server.start()
        yield server
    finally:
        server.kill()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
