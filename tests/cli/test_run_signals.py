"""Signals and `mock-okta run`: real ones, sent by hand and by a terminal."""

import os
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from mock_okta.process.child_command import ChildCommand
from tests.cli.running import PATIENCE, RUN, with_leftovers

NOTES_SIGNALS = """
import os, signal, sys
def note(number, _):
    # The first signal may come while the URL is still being printed: `print` takes one at a time.
    os.write(1, f"took {signal.Signals(number).name}\\n".encode())
    if number == signal.SIGTERM: sys.exit(7)
for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM): signal.signal(number, note)
print(os.environ["MOCK_OKTA_URL"], flush=True)
# A pause could miss a signal that comes just before it; a byte in the pipe waits.
waking, waker = os.pipe()
os.set_blocking(waker, False)
signal.set_wakeup_fd(waker)
while True: os.read(waking, 1)
"""


HERE = Path(__file__)
# What a shell does to tests in its background, and `nohup`: they ignore these, and so do their
# children.
IGNORED = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGHUP", "SIGTERM") if hasattr(signal, name)
)


@pytest.fixture(autouse=True)
def signals_are_heard() -> Iterator[None]:
    """Let the processes of a test hear signals, whatever started the tests."""
    before = {number: signal.getsignal(number) for number in IGNORED}
    for number, handler in before.items():
        if handler is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def environment() -> dict[str, str]:
    return with_leftovers()


@contextmanager
def running(environment: Mapping[str, str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A run whose command says which signals it takes, and ends at SIGTERM; its org's URL."""
    with subprocess.Popen(
        [*RUN, "--", sys.executable, "-c", NOTES_SIGNALS],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # CI has no terminal
    ) as process:
        impatience = threading.Timer(PATIENCE, os.killpg, (process.pid, signal.SIGKILL))
        impatience.start()
        try:
            yield process, line_of(process.stdout)
        finally:
            impatience.cancel()
            process.kill()


def line_of(output: IO[str] | None) -> str:
    assert output is not None
    return output.readline().strip()


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_signals_reach_the_command_which_decides_what_they_do(
    environment: dict[str, str],
) -> None:
    with running(environment) as (process, url):
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGINT):
            process.send_signal(number)
            assert line_of(process.stdout) == f"took {number.name}"
        with urllib.request.urlopen(f"{url}/_mock/org") as answer:  # noqa: S310 -- ours
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        assert line_of(process.stdout) == "took SIGTERM"
        assert process.wait(PATIENCE) == 7


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_command_that_a_signal_ends_ends_the_run_with_it(environment: dict[str, str]) -> None:
    code = "import signal; print('ready', flush=True); signal.pause()"
    with subprocess.Popen(
        [*RUN, "--", sys.executable, "-c", code],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert line_of(process.stdout) == "ready"
        process.terminate()
        assert process.wait(PATIENCE) == 128 + signal.SIGTERM
        assert process.stderr is not None
        assert process.stderr.read() == ""


# What a person does who presses Ctrl-C: the terminal sends SIGINT to all in its foreground.
AT_A_TERMINAL = """
import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[1], sys.argv[1:])
said = b""
while b"http://" not in said: said += os.read(terminal, 1000)
os.write(terminal, b"\\x03")
while b"^C" not in said: said += os.read(terminal, 1000)
os.kill(child, 15)
try:
    while more := os.read(terminal, 1000): said += more
except OSError: pass
sys.stdout.buffer.write(said)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX terminals")
@pytest.mark.parametrize(("place", "times"), [("", 1), ("os.setpgid(0, 0)", 0)])
def test_ctrl_c_reaches_the_command_by_the_terminal_alone(
    environment: dict[str, str], place: str, times: int
) -> None:
    """A command that has left the foreground shows that nothing is sent on beside."""
    code = f"import os\n{place}\n{NOTES_SIGNALS}"
    done = subprocess.run(
        [sys.executable, "-c", AT_A_TERMINAL, *RUN, "--", sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 7, done.stderr
    assert done.stdout.count("took SIGINT") == times
    assert done.stdout.count("took SIGTERM") == 1


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_signal_that_is_ignored_stays_so(environment: dict[str, str]) -> None:
    ignoring = "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN)"
    code = "import signal; print(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN)"
    done = subprocess.run(
        [
            *(sys.executable, "-c", f"{ignoring}; os.execv(sys.argv[1], sys.argv[1:])"),
            *(*RUN, "--", sys.executable, "-c", code),
        ],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.stdout == "True\n"


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_the_tests_of_signals_hold_where_all_are_ignored() -> None:
    ignoring = f"import os, signal, sys\nfor number in {[*map(int, IGNORED)]}: "
    ignoring += "signal.signal(number, signal.SIG_IGN)\nos.execv(sys.argv[1], sys.argv[1:])"
    tests = f"{HERE}::{test_signals_reach_the_command_which_decides_what_they_do.__name__}"
    done = subprocess.run(
        [
            *(sys.executable, "-c", ignoring),
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", tests),
        ],
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
        check=False,
        cwd=HERE.parents[2],
    )
    assert done.returncode == 0, done.stdout


def test_a_signal_that_comes_before_the_command_keeps_it_from_running(tmp_path: Path) -> None:
    child, ran = ChildCommand(), tmp_path / "ran"
    child.pass_on(signal.SIGTERM, None)
    status = child.run([sys.executable, "-c", f"open({str(ran)!r}, 'w')"], os.environ)
    assert status == 128 + signal.SIGTERM
    assert not ran.exists()
