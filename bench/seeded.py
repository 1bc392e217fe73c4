"""An org with many users: how long it takes to start, and what a flow costs."""

import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.event_loop import run
from bench.loads import code_flow, first_token
from bench.org_process import org_process
from bench.under_load import Rate, measured
from bench.wire import Connection
from mock_okta.model.seed import default_seed

__all__ = ["Seeded", "seeded", "users_of"]

_PATIENCE = 600.0


@dataclass(frozen=True, kw_only=True)
class Seeded:
    """An org with that many users: seconds to its first token, its memory, and a load of flows."""

    users: int
    first_token: float
    resident: int
    flows: Rate


def seeded(
    cores: Sequence[int], users: int, storage: str, seconds: float, connections: int
) -> Seeded:
    """Start an org from a JSON file with so many users, and let one of them sign in."""
    with tempfile.TemporaryDirectory() as folder:
        seed = Path(folder) / "seed.json"
        seed.write_text(json.dumps({"users": users_of(users)}))
        with org_process(cores, str(seed), "--storage", storage, patience=_PATIENCE) as org:
            run(_first_token(org.port))
            started = time.perf_counter() - org.started
            resident = org.resident_bytes()
            flows = measured(org, code_flow(org), seconds, connections)
    return Seeded(users=users, first_token=started, resident=resident, flows=flows)


def users_of(count: int) -> list[dict[str, str]]:
    """Return the user of the default org, who signs in, and enough others."""
    (user,) = default_seed().users
    others = [
        {"login": f"user{number}@example.com", "password": "Password-1"}
        for number in range(count - 1)
    ]
    return [{"login": user.login, "password": user.password}, *others]


async def _first_token(port: int) -> None:
    connection = await Connection.to(port)
    await first_token(connection)
    connection.close()
