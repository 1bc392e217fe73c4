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

__all__ = ["OrgProcess", "bare_process", "org_process"]

_PATIENCE = 30.0


@dataclass(frozen=True)
class OrgProcess:
    """A running org."""

    port: int
    process: psutil.Process
    started: float

    def cpu_seconds(self) -> float:
        """Return the CPU time of the process so far, for all its threads together."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

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
def org_process(cores: Sequence[int], *options: str) -> Iterator[OrgProcess]:
    """Start `mock-okta serve` on some cores; yield it once it accepts connections; stop it."""
    port = _free_port()
    with _serving(("mock_okta", "serve", "--port", str(port), *options), port, cores) as org:
        yield org


@contextmanager
def bare_process(cores: Sequence[int]) -> Iterator[OrgProcess]:
    """Start `bench.bare` in place of the org."""
    port = _free_port()
    with _serving(("bench.bare", str(port)), port, cores) as bare:
        yield bare


@contextmanager
def _serving(words: Sequence[str], port: int, cores: Sequence[int]) -> Iterator[OrgProcess]:
    command = (sys.executable, "-m", *words)
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        child = subprocess.Popen(command, stdout=output, stderr=output)  # noqa: S603 -- our own command
        try:
            pin(child.pid, cores)
            _wait_for(port, child)
            yield OrgProcess(port, psutil.Process(child.pid), started)
        finally:
            child.terminate()
            child.wait(_PATIENCE)


def _wait_for(port: int, child: subprocess.Popen[bytes]) -> None:
    deadline = time.perf_counter() + _PATIENCE
    while child.poll() is None and time.perf_counter() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE).close()
        except OSError:
            time.sleep(0.002)
        else:
            return
    raise RuntimeError("the org did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
