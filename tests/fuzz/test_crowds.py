"""Thousands of connections that rest, and hundreds that stop half way, while others sign in."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest
from mock_okta.config import HEAD_TIMEOUT

from bench.event_loop import run
from bench.loads import code_flow
from bench.org_process import OrgProcess
from bench.under_load import sent, verified
from tests.fuzz.inputs import EXAMPLES
from tests.fuzz.sockets import PATIENCE, Raw, dialed, end_of, get
from tests.fuzz.tally import Tally

resource = pytest.importorskip("resource", reason="open files are not limited so here")

IDLE, HALF, FLOWS = (300, 50, 20) if EXAMPLES < 10_000 else (9_500, 200, 200)
SIGNING_IN = 8
OPEN_FILES_BESIDE = 100  # of this process, and of the org's
LINE = get("/nowhere")
HALF_SENT = (LINE[:30], get("/signin", "Cookie: " + 500 * "x")[:300], LINE[:1])


@pytest.fixture
def most_open_files() -> Iterator[int]:
    """As many as this machine lets us have."""
    before, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = IDLE + HALF + SIGNING_IN + 2 * OPEN_FILES_BESIDE
    limit = wanted if most == resource.RLIM_INFINITY else min(most, wanted)
    if before != resource.RLIM_INFINITY and before < limit:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, most))
    yield limit
    resource.setrlimit(resource.RLIMIT_NOFILE, (before, most))


@contextmanager
def _served(log: Path) -> Iterator[OrgProcess]:
    """The command in a process of its own, which has as many open files as this one may have."""
    command = [sys.executable, "-m", "mock_okta", "serve", "--port", "0", "--log-format", "json"]
    with log.open("wb") as told:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=told)
        try:
            assert process.stdout is not None
            line = next(each for each in process.stdout if b" at http://" in each)
            port = int(line.partition(b" at http://localhost:")[2].split()[0])
            yield OrgProcess(port, psutil.Process(process.pid), time.perf_counter())
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)


def _rest_of(opened: socket.socket, half: bytes, since: float) -> Raw | None:
    """Send what is missing of a request; None if the server had hung up, which it may if late."""
    whole = next(each for each in (LINE, get("/signin", "Cookie: " + 500 * "x")) if half in each)
    try:
        opened.sendall(whole[len(half) :])
        return end_of(opened)
    except (ConnectionError, AssertionError):
        assert time.monotonic() - since >= HEAD_TIMEOUT.total_seconds()
        return None


def _closed(org: OrgProcess, before: int) -> bool:
    """Whether the org has closed what its clients have left."""
    deadline = time.monotonic() + PATIENCE
    while org.process.num_fds() > before + SIGNING_IN and time.monotonic() < deadline:
        org.control("GET", "/health")
    return org.process.num_fds() <= before + SIGNING_IN


def test_crowds_that_rest_or_stop_half_way_keep_nobody_from_signing_in(
    tmp_path: Path, most_open_files: int, tally: Tally
) -> None:
    room = most_open_files - HALF - SIGNING_IN - 2 * OPEN_FILES_BESIDE
    idle = min(IDLE, room)
    assert idle > 0, f"this machine lets a process open {most_open_files} files"
    cut = f" ({IDLE:,} were meant to be: a process may open {most_open_files:,} files)"
    tally.remarks.append(
        f"{idle:,} idle and {HALF} half-sent connections during {FLOWS} sign-ins"
        f"{cut if idle < IDLE else ''}"
    )
    log = tmp_path / "log"
    with _served(log) as org, ExitStack() as stack:
        before = org.process.num_fds()
        url = f"http://127.0.0.1:{org.port}"
        resting = []
        for _ in range(idle):
            resting.append(stack.enter_context(dialed(url)))
            resting[-1].sendall(LINE)
            assert end_of(resting[-1]).status == 404
        halves = []
        for number in range(HALF):
            half = HALF_SENT[number % len(HALF_SENT)]
            halves.append((stack.enter_context(dialed(url)), half, time.monotonic()))
            halves[-1][0].sendall(half)

        tokens = run(sent(org, code_flow(org), SIGNING_IN, lambda done: done < FLOWS))
        assert run(verified(org, (token for each in tokens for token in each))) >= 2 * FLOWS

        answers = [_rest_of(*each) for each in halves]
        assert {each.status for each in answers if each is not None} <= {200, 404, 408}
        for connection in resting:
            connection.sendall(LINE)
            assert end_of(connection).status == 404
        stack.close()
        assert _closed(org, before)
    _add(log, tally)


def _add(log: Path, tally: Tally) -> None:
    """Count what the org's process logged."""
    for line in map(json.loads, log.read_text().splitlines()):
        if line["logger"] == "mock_okta.requests":
            tally.answers[f"{line['status'] // 100}xx"] += 1
        if line["level"] == "error":
            tally.defects.append(str(line))
