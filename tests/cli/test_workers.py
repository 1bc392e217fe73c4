"""`mock-okta serve --workers`: several processes that serve one org on one port."""

import json
import os
import re
import select
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from urllib.parse import urlsplit

import pytest

from tests.cli.serving import PATIENCE, Finished, Serve, Serving, is_one_clear_line

pytestmark = pytest.mark.process

SERVES = re.compile(r"\[(\d)\] serves, process (\d+)$")
REQUEST = re.compile(r"\[(\d)\] GET /nowhere 404 ")


class Log:
    """The lines that a command logs, as they come."""

    def __init__(self, serving: Serving) -> None:
        assert serving.process.stderr is not None
        self._lines: Queue[str] = Queue()
        self._stream = serving.process.stderr
        threading.Thread(target=self._read, daemon=True).start()

    def wait_for(self, pattern: re.Pattern[str]) -> re.Match[str]:
        """Return the next line that matches."""
        while True:
            try:
                line = self._lines.get(timeout=PATIENCE)
            except Empty:
                pytest.fail(f"no line matches {pattern.pattern}")
            if found := pattern.search(line.rstrip()):
                return found

    def _read(self) -> None:
        for line in self._stream:
            self._lines.put(line)


@contextmanager
def two_workers(serve: Serve, folder: Path) -> Iterator[tuple[Serving, Log, dict[str, int]]]:
    """An org by two processes, its log, and their process ids by number."""
    with serve("--workers", "2", "--state-dir", str(folder / "state")) as serving:
        log = Log(serving)
        found = (log.wait_for(SERVES) for _ in range(2))
        yield serving, log, {each[1]: int(each[2]) for each in found}


def workers_that_answer(serving: Serving, log: Log, *, requests: int) -> set[str]:
    """Return the numbers of the workers that answered some requests, each on a new connection."""
    seen = set()
    for _ in range(requests):
        assert serving.get("/nowhere") == 404
        seen.add(log.wait_for(REQUEST)[1])
    return seen


def test_both_workers_answer_and_serve_the_same_org(serve: Serve, tmp_path: Path) -> None:
    with two_workers(serve, tmp_path) as (serving, log, processes):
        assert set(processes) == {"1", "2"}
        assert len(set(processes.values())) == 2
        assert workers_that_answer(serving, log, requests=64) == {"1", "2"}
        for number in range(16):
            user = {"login": f"u{number}@example.com", "password": "mock-Password-1"}
            serving.put("/_mock/seed", {"users": [user]})
            signed_in = {"username": user["login"], "password": user["password"]}
            assert serving.post("/api/v1/authn", signed_in)["status"] == "SUCCESS"
        assert serving.process.poll() is None


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_they_stop_together(serve: Serve, tmp_path: Path, by: signal.Signals) -> None:
    with two_workers(serve, tmp_path) as (serving, _, processes):
        serving.process.send_signal(by)
        assert serving.process.wait(PATIENCE) == 0
        assert not any(is_alive(process) for process in processes.values())
        assert_is_free(serving)


def test_a_worker_that_dies_is_replaced(serve: Serve, tmp_path: Path) -> None:
    with two_workers(serve, tmp_path) as (serving, log, processes):
        os.kill(processes["2"], signal.SIGKILL)
        log.wait_for(re.compile(r"worker 2 ended with status -9: another one starts$"))
        assert log.wait_for(SERVES)[1] == "2"
        assert workers_that_answer(serving, log, requests=64) == {"1", "2"}


def test_workers_end_with_a_command_that_is_killed(serve: Serve, tmp_path: Path) -> None:
    with two_workers(serve, tmp_path) as (serving, _, processes):
        serving.process.kill()
        serving.process.wait(PATIENCE)
        for process in processes.values():
            wait_for_the_end_of(process)
        assert_is_free(serving)


def test_the_worker_s_number_is_in_json_logs(serve: Serve, tmp_path: Path) -> None:
    state = ("--state-dir", str(tmp_path / "state"))
    with serve("--workers", "2", "--log-format", "json", *state) as serving:
        assert serving.get("/nowhere") == 404
        lines = [json.loads(line) for line in serving.stop().err.splitlines()]
    (request,) = [line for line in lines if "path" in line]
    assert request["worker"] in {1, 2}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "several processes need a storage that they share"),
        (("--storage", "memory"), "several processes need a storage that they share"),
        (("--storage", "sqlite:org.db", "--https"), "--state-dir must name a folder for the CA"),
        (("--storage", "redis://127.0.0.1:9"), "redis://127.0.0.1:9"),
    ],
)
def test_what_workers_cannot_share_is_refused_in_one_line(
    run: Callable[..., Finished], options: tuple[str, ...], said: str
) -> None:
    finished = run("serve", "--port", "0", "--workers", "2", *options)
    assert is_one_clear_line(finished)
    assert said in finished.err


def test_a_port_that_another_org_has_is_not_shared_with_it(
    serve: Serve, run: Callable[..., Finished], tmp_path: Path
) -> None:
    with two_workers(serve, tmp_path) as (serving, _, _):
        port = str(urlsplit(serving.url).port)
        state = ("--state-dir", str(tmp_path / "state"))
        finished = run("serve", "--port", port, "--workers", "2", *state)
    assert is_one_clear_line(finished)
    assert f"cannot listen on port {port}" in finished.err


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for_the_end_of(process: int) -> None:
    """Wait for a process that is no child of ours."""
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    assert poll.poll(PATIENCE * 1000), f"process {process} still runs"
    os.close(descriptor)


def assert_is_free(serving: Serving) -> None:
    """A port that nobody listens on refuses connections."""
    with socket.socket() as client:
        assert client.connect_ex(("127.0.0.1", urlsplit(serving.url).port or 0)) != 0
