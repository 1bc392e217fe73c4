"""The command `mock-okta`: in a process of its own, as a person runs it, or in the test's."""

import logging
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mock_okta.cli import main

pytest.register_assert_rewrite("tests.cli.serving")

from tests.cli.running import in_this_process  # noqa: E402 -- as the next
from tests.cli.serving import (  # noqa: E402 -- after its asserts are set to be rewritten
    COMMAND,
    PATIENCE,
    Finished,
    Serve,
    Serving,
    greeting_of,
)

LOGGING_SETTINGS = ("logThreads", "logProcesses", "logMultiprocessing")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home of its own, where no widget is installed."""
    usual = {k: v for k, v in os.environ.items() if not k.startswith(("MOCK_OKTA", "COVERAGE"))}
    return usual | {"MOCK_OKTA_WIDGET_DIR": str(tmp_path / "widget"), "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path) -> Callable[..., Finished]:
    """Run the command to its end."""

    def ran(*arguments: str, **more: str) -> Finished:
        done = subprocess.run(
            [*COMMAND, *arguments],
            env=environment | more,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return Finished(done.returncode, done.stdout, done.stderr)

    return ran


@pytest.fixture
def invoke(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Finished]:
    """Run the command to its end in this process, which takes a hundredth of the time."""
    monkeypatch.chdir(tmp_path)

    def invoked(*arguments: str, **more: str) -> Finished:
        elsewhere: dict[str, str | None] = dict.fromkeys(os.environ)
        with _logging_as_before():
            done = in_this_process().invoke(
                main,
                arguments,
                env=elsewhere | environment | more,
                prog_name="mock-okta",
                catch_exceptions=False,
            )
        return Finished(done.exit_code, done.stdout, done.stderr)

    return invoked


@contextmanager
def _logging_as_before() -> Iterator[None]:
    """Take back what the command sets for its whole process: later tests run in it."""
    settings = {name: getattr(logging, name) for name in LOGGING_SETTINGS}
    disabled = logging.root.manager.disable
    loggers = [
        (each, vars(each).copy()) for each in map(logging.getLogger, ("mock_okta", "aiohttp"))
    ]
    try:
        yield
    finally:
        vars(logging).update(settings)
        logging.disable(disabled)
        for logger, state in loggers:
            logger.handlers, logger.propagate = state["handlers"], state["propagate"]
            logger.setLevel(state["level"])


@pytest.fixture
def serve(environment: dict[str, str], tmp_path: Path) -> Serve:
    """Run `mock-okta serve` on a free port until the block ends."""

    @contextmanager
    def served(*arguments: str, **more: str) -> Iterator[Serving]:
        process = subprocess.Popen(
            [*COMMAND, "serve", *arguments],
            env={"MOCK_OKTA_SERVE_PORT": "0"} | environment | more,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield Serving(process, greeting_of(process))
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()

    return served
