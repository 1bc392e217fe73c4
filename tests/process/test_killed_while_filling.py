"""A process that is killed while it fills or resets a large org leaves nothing half done."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread

import pytest

from tests.storage.redis_server import RedisServer, free_port, redis_server

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL"),
    pytest.mark.process,
]
USERS = 20_000
PASSWORD = "mock-Password-1"
PREFIX = "mock_okta:{test}:"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path / "redis") as server:
        yield server


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    """Many users."""
    users = [{"login": f"u{n}@example.com", "password": PASSWORD} for n in range(USERS)]
    path = tmp_path / "seed.json"
    path.write_text(json.dumps({"users": users}))
    return path


@contextmanager
def serving(seed: Path, storage: str, port: int, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that starts to serve; it may still fill the org."""
    command = (sys.executable, "-m", "mock_okta", "serve", str(seed), "--quiet")
    options = ("--port", str(port), "--public-url", "http://localhost:1", "--storage", storage)
    with ExitStack() as stack:
        log = stack.enter_context((seed.parent / f"{port}.log").open("wb"))
        process = subprocess.Popen((*command, *options, *more), stdout=subprocess.PIPE, stderr=log)
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


def _serves(process: subprocess.Popen[bytes]) -> bool:
    """Wait until the process serves, or has ended."""
    assert process.stdout is not None
    return bool(process.stdout.readline())


def _number(server: RedisServer, *command: str) -> int:
    return int(server.ask(*command).strip(b":\r\n"))


def _signs_in(port: int, number: int) -> bool:
    body = json.dumps({"username": f"u{number}@example.com", "password": PASSWORD}).encode()
    headers = {"Content-Type": "application/json"}
    with closing(HTTPConnection("localhost", port)) as connection:
        connection.request("POST", "/api/v1/authn", body, headers)
        return bool(json.load(connection.getresponse()).get("status") == "SUCCESS")


def test_another_process_goes_on_when_the_one_that_fills_the_org_is_killed(
    server: RedisServer, seed: Path
) -> None:
    ports = free_port(), free_port()
    with (
        serving(seed, server.url(), ports[0]) as first,
        serving(seed, server.url(), ports[1]) as other,
    ):
        while _number(server, "HLEN", f"{PREFIX}users") == 0:
            assert first.poll() is other.poll() is None
        filler, heir, port = first, other, ports[1]
        if "waits for it" in (seed.parent / f"{ports[0]}.log").read_text():
            filler, heir, port = other, first, ports[0]
        filler.kill()
        assert not _serves(filler)
        assert _serves(heir)
        assert _number(server, "HLEN", f"{PREFIX}users") == USERS
        assert _signs_in(port, USERS - 1)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_process_that_is_stopped_while_it_fills_the_org_leaves_it_to_the_next(
    server: RedisServer, seed: Path, workers: str
) -> None:
    with serving(seed, server.url(), free_port(), "--workers", workers) as process:
        while _number(server, "HLEN", f"{PREFIX}users") == 0:
            assert process.poll() is None
        process.terminate()
        assert not _serves(process)
        assert process.wait() == 0
    assert 0 < _number(server, "HLEN", f"{PREFIX}users") < USERS
    assert b"claimant\xa0" in server.ask("HVALS", f"{PREFIX}applied_seeds")
    with serving(seed, server.url(), free_port()) as process:
        assert _serves(process)
        assert _number(server, "HLEN", f"{PREFIX}users") == USERS


def test_a_reset_that_is_killed_leaves_the_org_as_it_was(server: RedisServer, seed: Path) -> None:
    port = free_port()
    with serving(seed, server.url(), port) as process:
        assert _serves(process)
        resetting = Thread(target=_reset, args=(port,))
        resetting.start()
        while _number(server, "HLEN", f"{PREFIX}1:users") == 0:
            assert resetting.is_alive()
        process.kill()
        resetting.join()
    with serving(seed, server.url(), port) as process:
        assert _serves(process)
        assert _number(server, "HLEN", f"{PREFIX}users") == USERS
        assert _signs_in(port, 0)
        assert _signs_in(port, USERS - 1)


def _reset(port: int) -> None:
    with closing(HTTPConnection("localhost", port)) as connection:
        connection.request("POST", "/_mock/reset")
        with suppress(HTTPException, OSError):
            connection.getresponse()
