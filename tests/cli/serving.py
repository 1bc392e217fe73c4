"""Processes of `mock-okta`: one that has ended, and one that serves."""

import json
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest

COMMAND = [sys.executable, "-m", "mock_okta"]
PATIENCE = 30


@dataclass(frozen=True)
class Finished:
    """What a command left."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Serving:
    """A running `mock-okta serve`."""

    process: subprocess.Popen[str]
    greeting: str

    @property
    def url(self) -> str:
        found = re.search(r" at (https?://\S+)", self.greeting)
        assert found, self.greeting
        return found[1]

    def stop(self, by: signal.Signals = signal.SIGTERM) -> Finished:
        """Send the signal and wait for the end."""
        self.process.send_signal(by)
        out, err = self.process.communicate(timeout=PATIENCE)
        return Finished(self.process.returncode, out, err)

    def get(self, path: str, **headers: str) -> int:
        request = urllib.request.Request(self.url + path, headers=headers)  # noqa: S310 -- ours
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 -- ours
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Send JSON and return the JSON that answers."""
        return self._send("POST", path, body)

    def put(self, path: str, body: Mapping[str, Any]) -> Any:
        """Send JSON and return the JSON that answers."""
        return self._send("PUT", path, body)

    def _send(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        request = urllib.request.Request(  # noqa: S310 -- ours
            self.url + path,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 -- ours
            return json.load(answer)


Serve = Callable[..., AbstractContextManager[Serving]]


def greeting_of(process: subprocess.Popen[str]) -> str:
    """Read up to the last line that is said before serving."""
    assert process.stdout is not None
    assert process.stderr is not None
    impatience = threading.Timer(PATIENCE, process.kill)
    impatience.start()
    lines: list[str] = []
    while not lines or "Stop with Ctrl-C" not in lines[-1]:
        line = process.stdout.readline()
        if not line:
            pytest.fail(f"it ended: {process.stderr.read()}")
        lines.append(line)
    impatience.cancel()
    return "".join(lines)


def is_one_clear_line(finished: Finished) -> bool:
    assert finished.status != 0
    (line,) = finished.err.splitlines()
    return line.startswith("Error: ")
