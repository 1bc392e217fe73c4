"""The cost of a code flow on each storage, and with several processes on one Redis server."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psutil

from bench import loads
from bench.org_process import OrgProcess, org_process
from bench.under_load import measured

__all__ = ["REPLICAS", "flow_costs", "has_redis", "redis_server", "replica_costs"]

REPLICAS = (1, 2, 4)
_PATIENCE = 10.0
_ALL_WORKERS = 60.0


def flow_costs(core: int, seconds: float, connections: int) -> dict[str, float]:
    """Return the CPU of a code flow in signatures, by storage; Redis only if it is installed.

    `redis and its server`: with the CPU of `redis-server`.
    """
    with tempfile.TemporaryDirectory() as folder:
        found = {
            "memory": _cost([core], "memory", seconds, connections)[0],
            "sqlite": _cost([core], f"sqlite:{folder}/org.sqlite", seconds, connections)[0],
        }
        if not has_redis():
            return found
        with redis_server(Path(folder)) as (url, server):
            of_org, of_both = _cost([core], url, seconds, connections, server=server)
        return found | {"redis": of_org, "redis and its server": of_both}


def replica_costs(cores: Sequence[int], seconds: float, connections: int) -> dict[int, float]:
    """Return the CPU of a code flow in signatures by the number of processes, Redis's with it.

    Each process has as many clients as one alone.
    """
    found = {}
    for number in REPLICAS:
        with tempfile.TemporaryDirectory() as folder, redis_server(Path(folder)) as (url, server):
            together = number * connections
            found[number] = _cost(
                cores,
                url,
                seconds,
                together,
                server=server,
                workers=number,
                load_of=loads.code_flow_of_many,
            )[1]
    return found


def has_redis() -> bool:
    """Return whether Redis is installed."""
    return shutil.which("redis-server") is not None


def _cost(  # noqa: PLR0913 -- a storage, what runs on it, and how much of a load
    cores: Sequence[int],
    storage: str,
    seconds: float,
    connections: int,
    *,
    server: psutil.Process | None = None,
    workers: int = 1,
    load_of: Callable[[OrgProcess], loads.Load] = loads.code_flow,
) -> tuple[float, float]:
    """Return the CPU of a flow in signatures: the org's, and that with the server's."""
    options = () if workers == 1 else ("--workers", str(workers))
    with org_process(cores, "--storage", storage, *options) as org:
        _wait_for_all(org.process, workers)
        load = load_of(org)
        rate = measured(org, load, seconds, connections, beside=partial(_cpu, server))
    return rate.cpu_each / rate.reference, (rate.cpu_each + rate.beside_each) / rate.reference


def _wait_for_all(process: psutil.Process, workers: int) -> None:
    """Wait until all workers listen; the first is not another process if it is alone."""
    until = time.perf_counter() + _ALL_WORKERS
    while workers > 1 and workers > sum(map(_is_listening, process.children(recursive=True))):
        if time.perf_counter() > until:
            raise RuntimeError("not all workers started")
        time.sleep(0.05)


def _is_listening(process: psutil.Process) -> bool:
    return any(each.status == psutil.CONN_LISTEN for each in process.net_connections("tcp"))


def _cpu(process: psutil.Process | None) -> float:
    if process is None:
        return 0.0
    times = process.cpu_times()
    return float(times.user + times.system)


@contextmanager
def redis_server(folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Run a server that keeps nothing; yield the URL of a storage on it, and its process."""
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
            yield f"redis://127.0.0.1:{port}/0", psutil.Process(child.pid)
        finally:
            child.terminate()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE).close()
    except OSError:
        time.sleep(0.01)
        return False
    return True
