"""Starts of an org with many users on SQLite: the one that fills it, and the next one.

Run it as `python -m bench.seeded_starts [USERS]`. The seed is a JSON file, then the same in YAML.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from bench.cores import available
from bench.event_loop import run
from bench.loads import first_token
from bench.org_process import org_process
from bench.seeded import users_of
from bench.starting import write_byte_code
from bench.wire import Connection

__all__ = ["Start", "starts"]

_PATIENCE = 600.0
_URL = "http://localhost:8700"


@dataclass(frozen=True, kw_only=True)
class Start:
    """Seconds from the command to the first token, and of CPU time."""

    name: str
    wall: float
    cpu: float


def starts(users: int) -> Iterator[Start]:
    """Start an org with so many users twice on each kind of seed file."""
    write_byte_code()
    document = {"users": users_of(users)}
    with tempfile.TemporaryDirectory() as folder:
        for seed in (Path(folder) / "seed.json", Path(folder) / "seed.yaml"):
            is_json = seed.suffix == ".json"
            seed.write_text(json.dumps(document) if is_json else yaml.safe_dump(document))
            storage = f"sqlite:{seed.with_suffix(f'{seed.suffix}.sqlite')}"
            for number in ("first", "second"):
                yield _start(f"{seed.suffix[1:]}, {number} start", str(seed), storage)


def _start(name: str, seed: str, storage: str) -> Start:
    # One URL for both: with another port, the records of the servers change, and so the seed.
    options = ("--quiet", "--seed", seed, "--storage", storage, "--public-url", _URL)
    with org_process(available(), *options, patience=_PATIENCE) as org:
        run(_token(org.port))
        return Start(name=name, wall=time.perf_counter() - org.started, cpu=org.cpu_seconds())


async def _token(port: int) -> None:
    connection = await Connection.to(port)
    await first_token(connection)
    connection.close()


if __name__ == "__main__":
    for each in starts(int(sys.argv[1]) if sys.argv[1:] else 100_000):
        print(f"{each.name:20} {each.wall:6.2f} s, CPU {each.cpu:6.2f} s", flush=True)
