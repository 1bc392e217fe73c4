"""The cost of a code flow on each storage, as a ratio to memory."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from bench import loads
from bench.org_process import org_process
from bench.under_load import measured

__all__ = ["flow_costs"]

_PATIENCE = 10.0


def flow_costs(core: int, seconds: float, connections: int) -> dict[str, float]:
    """Return the CPU of a code flow in signatures, by storage; Redis only if it is installed.

    `redis and its server`: with the CPU of `redis-server`.
    """
    with tempfile.TemporaryDirectory() as folder:
        found = {
            "memory": _cost(core, "memory", seconds, connections)[0],
            "sqlite": _cost(core, f"sqlite:{folder}/org.sqlite", seconds, connections)[0],
        }
        if shutil.which("redis-server") is None:
            return found
        with _redis_server(Path(folder)) as (port, server):
            url = f"redis://127.0.0.1:{port}/0"
            of_org, of_both = _cost(core, url, seconds, connections, server)
        return found | {"redis": of_org, "redis and its server": of_both}


def _cost(
    core: int,
    storage: str,
    seconds: float,
    connections: int,
    server: psutil.Process | None = None,
) -> tuple[float, float]:
    """Return the CPU of a flow in signatures: the org's, and that with the server's."""
    with org_process([core], "--storage", storage) as org:
        load, before = loads.code_flow(org), _cpu(server)
        rate = measured(org, load, seconds, connections)
        of_server = (_cpu(server) - before) / rate.rounds
    return rate.cpu_each / rate.reference, (rate.cpu_each + of_server) / rate.reference


def _cpu(process: psutil.Process | None) -> float:
    if process is None:
        return 0.0
    times = process.cpu_times()
    return float(times.user + times.system)


@contextmanager
def _redis_server(folder: Path) -> Iterator[tuple[int, psutil.Process]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    words = ("redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "")
    with subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL) as child:  # noqa: S603 -- found above
        try:
            until = time.perf_counter() + _PATIENCE
            while not _listens(port):
                if time.perf_counter() > until:
                    raise RuntimeError("redis-server did not start")
            yield port, psutil.Process(child.pid)
        finally:
            child.terminate()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE).close()
    except OSError:
        time.sleep(0.01)
        return False
    return True
