"""How long a new process needs until its first keys and its first token."""

import compileall
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import mock_okta
from bench.event_loop import run
from bench.loads import first_token, keys
from bench.org_process import OrgProcess, org_process
from bench.wire import Connection

__all__ = ["start_seconds"]


def start_seconds(cores: Sequence[int], repeats: int) -> dict[str, float]:
    """Return medians, in seconds of wall time from the start of a process.

    Byte code is written before, as it is for aiohttp: pip writes it when it installs a package, but
    not for an editable install.
    """
    compileall.compile_dir(Path(mock_okta.__file__).parent, quiet=1)
    imports, first_keys, first_tokens = [], [], []
    for _ in range(repeats):
        imports.append(_import_seconds())
        first_keys.append(_first(cores, "keys"))
        first_tokens.append(_first(cores, "token"))
    bare = median(imports)
    return {
        "import_aiohttp_web": bare,
        "first_keys": median(first_keys),
        "first_token": median(first_tokens),
        "first_keys_above_import": median(first_keys) - bare,
        "first_token_above_import": median(first_tokens) - bare,
    }


def _import_seconds() -> float:
    started = time.perf_counter()
    subprocess.run((sys.executable, "-c", "import aiohttp.web"), check=True)
    return time.perf_counter() - started


def _first(cores: Sequence[int], what: str) -> float:
    with org_process(cores) as org:
        run(_asked(org, what))
        return time.perf_counter() - org.started


async def _asked(org: OrgProcess, what: str) -> None:
    connection = await Connection.to(org.port)
    await (keys(connection) if what == "keys" else first_token(connection))
    connection.close()
