"""Two processes of one org, without a load balancer: who visits asks each in turn."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import msgspec

from mock_okta import Clock, Seed
from mock_okta.services.seeding.exporting import document_of, yaml_of
from tests.oauth.devices import TV, device_org
from tests.oauth.interacting import interacting
from tests.storage.redis_server import free_port
from tests.visiting import Answer, Visitor

__all__ = ["Replicas", "TakingTurns", "replicated", "whole_seed"]


@dataclass(frozen=True)
class Replicas:
    """An org at one URL, behind which nobody listens, and where its processes do.

    `clock` is the machine's: for tests that do not move the org's.
    """

    url: str
    places: tuple[str, ...]
    clock: Clock = field(default_factory=Clock)


class TakingTurns(Visitor):
    """Sends each request to another replica than the one before."""

    def __init__(self, org: Replicas, http: Any) -> None:
        super().__init__(org, http)  # type: ignore[arg-type] -- it has the URL and the clock
        object.__setattr__(self, "_turns", cycle(org.places))

    async def ask(self, method: str, url: str, **options: Any) -> Answer:
        place: str = next(self._turns)  # type: ignore[attr-defined] -- the class is frozen
        return await super().ask(method, place + url.removeprefix(self.org.url), **options)


@contextmanager
def replicated(storage: str, folder: Path) -> Iterator[Replicas]:
    """Run `mock-okta serve` twice with that storage."""
    folder.mkdir(exist_ok=True)
    seed, url = folder / "seed.yaml", f"http://localhost:{free_port()}"
    seed.write_text(yaml_of(document_of(whole_seed())))
    ports = free_port(), free_port()
    with ExitStack() as stack:
        log = stack.enter_context((folder / "log").open("ab"))
        command = (sys.executable, "-m", "mock_okta", "serve", "--quiet", "--storage", storage)
        processes = []
        for port in ports:
            own = ("--seed", str(seed), "--public-url", url, "--port", str(port))
            process = subprocess.Popen((*command, *own), stdout=subprocess.PIPE, stderr=log)
            stack.callback(_end, process)
            processes.append(process)
        for process in processes:  # they start at the same time
            assert process.stdout is not None
            assert process.stdout.readline(), (folder / "log").read_text()
        yield Replicas(url, tuple(f"http://localhost:{port}" for port in ports))


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()


def whole_seed() -> Seed:
    """An org on the Identity Engine, with a television."""
    usual = interacting().given_seed().whole
    (television,) = [each for each in device_org().seed.clients if each.client_id == TV]
    return msgspec.structs.replace(usual, clients=(*usual.clients, television))
