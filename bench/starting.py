"""How long a new process needs until its first keys and its first token."""

import compileall
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from aiohttp import web

import mock_okta
from bench.event_loop import run
from bench.loads import first_token, keys
from bench.org_process import OrgProcess, org_process
from bench.wire import Connection

__all__ = ["start_seconds", "write_byte_code"]

_IMPORT = "import aiohttp.web, time; print(time.process_time())"
_KINDS = ("", "_cpu")


def start_seconds(cores: Sequence[int], repeats: int) -> dict[str, float]:
    """Return medians, in seconds from the start: on the clock, and of its main thread.

    Other threads make keys meanwhile, also some for later.
    """
    write_byte_code()
    found: list[dict[str, float]] = []
    for _ in range(repeats):
        measured = {"import_aiohttp_web": _import(), "first_keys": _first(cores, "keys")}
        measured["first_token"] = _first(cores, "token")
        found.append(_both(measured))
    return {name: median(each[name] for each in found) for name in found[0]}


def write_byte_code() -> None:
    """Write what an import would write at its first time.

    pip does so when it installs a package, but not for an editable install, and other installers
    may not do it at all.
    """
    for folder in (Path(mock_okta.__file__).parent, Path(web.__file__).parents[1]):
        compileall.compile_dir(folder, quiet=2)


def _both(measured: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """Return all times, and by how much those of an org are above those of the bare import.

    Each is compared with the import just before it, because other work slows both.
    """
    by_name = {}
    for name, times in measured.items():
        for kind, seconds, bare in zip(_KINDS, times, measured["import_aiohttp_web"], strict=True):
            by_name[f"{name}{kind}"] = seconds
            if name != "import_aiohttp_web":
                by_name[f"{name}{kind}_above_import"] = seconds - bare
    return by_name


def _import() -> tuple[float, float]:
    """Return seconds on the clock and of CPU time."""
    started = time.perf_counter()
    said = subprocess.check_output((sys.executable, "-c", _IMPORT))  # noqa: S603 -- our own command
    return time.perf_counter() - started, float(said)


def _first(cores: Sequence[int], what: str) -> tuple[float, float]:
    """Return seconds on the clock and of CPU time."""
    with org_process(cores) as org:
        run(_asked(org, what))
        return time.perf_counter() - org.started, org.main_thread_seconds()


async def _asked(org: OrgProcess, what: str) -> None:
    connection = await Connection.to(org.port)
    await (keys(connection) if what == "keys" else first_token(connection))
    connection.close()
