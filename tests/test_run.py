"""`mock-okta run -- COMMAND`, as a person and as CI run it: real processes, real signals."""

import json
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

import click
import pytest

from mock_okta.commands.run import run as run_command
from mock_okta.running import Relay

RUN = (sys.executable, "-m", "mock_okta", "run")
PATIENCE = 30
SECRETS_OF_A_REAL_ORG = {
    "OKTA_CLIENT_TOKEN": "a real org's",
    "OKTA_CLIENT_SECRET": "a real org's",
    "CLIENT_SECRET": "a real org's",
}
TELL = "import json, os; print(json.dumps(dict(os.environ)))"
WIDE_SEED = """
users: [{login: mine@example.com, password: mine-1}]
clients:
  - {name: Mine, type: web, client_id: 0oa1web, client_secret: secret-1}
  - {name: Single page, type: spa, client_id: 0oa1spa}
authorization_servers: [{id: mine, audiences: ["api://mine"]}]
api_tokens: [{token: token-1}]
"""


@pytest.fixture
def environment() -> dict[str, str]:
    """The environment, with leftovers of a real org."""
    ours = ("MOCK_OKTA", "COVERAGE", "PYTEST_XDIST")
    usual = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    return usual | SECRETS_OF_A_REAL_ORG


def ended(
    *arguments: str | Path, environment: Mapping[str, str], words: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `mock-okta run` to its end; `words` are on the command's standard input."""
    return subprocess.run(
        [*RUN, *arguments],
        env=environment,
        input=words,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def told(*arguments: str | Path, environment: Mapping[str, str]) -> dict[str, str]:
    """What the command finds in its environment."""
    done = ended(*arguments, "--", sys.executable, "-c", TELL, environment=environment)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_the_command_finds_a_ready_org_in_its_environment(environment: dict[str, str]) -> None:
    code = """
import json, os, urllib.request
with urllib.request.urlopen(os.environ["ISSUER"] + "/.well-known/openid-configuration") as answer:
    print(json.load(answer)["issuer"] == os.environ["ISSUER"])
"""
    done = ended("--", sys.executable, "-c", code, environment=environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")


def test_it_is_told_of_the_org_in_the_words_of_okta_s_sdks(
    environment: dict[str, str], tmp_path: Path
) -> None:
    seed = tmp_path / "seed.yaml"
    seed.write_text(WIDE_SEED)
    found = told("--seed", seed, environment=environment)
    url = found["MOCK_OKTA_URL"]
    expected = {
        "OKTA_ORG_URL": url,
        "OKTA_CLIENT_ORGURL": url,
        "ISSUER": f"{url}/oauth2/mine",
        "OKTA_ISSUER": f"{url}/oauth2/mine",
        "OKTA_OAUTH2_ISSUER": f"{url}/oauth2/mine",
        "OKTA_OAUTH2_AUDIENCE": "api://mine",
        "CLIENT_ID": "0oa1web",
        "OKTA_CLIENT_ID": "0oa1web",
        "OKTA_CLIENT_CLIENTID": "0oa1web",
        "OKTA_OAUTH2_CLIENT_ID": "0oa1web",
        "CLIENT_SECRET": "secret-1",
        "OKTA_CLIENT_SECRET": "secret-1",
        "OKTA_OAUTH2_CLIENT_SECRET": "secret-1",
        "SPA_CLIENT_ID": "0oa1spa",
        "WEB_CLIENT_ID": "0oa1web",
        "OKTA_USERNAME": "mine@example.com",
        "OKTA_PASSWORD": "mine-1",
        "OKTA_CLIENT_TOKEN": "token-1",
    }
    assert {name: found.get(name) for name in expected} == expected
    assert url.startswith("http://localhost:")


@pytest.mark.parametrize("client", ["Single page", "0oa1spa"])
def test_another_client_can_be_chosen_and_no_secret_is_left_over(
    environment: dict[str, str], tmp_path: Path, client: str
) -> None:
    seed = tmp_path / "seed.yaml"
    seed.write_text(WIDE_SEED.replace("api_tokens", "trusted_origins: []\n#"))
    found = told("--seed", seed, "--client", client, environment=environment)
    assert found["CLIENT_ID"] == found["OKTA_OAUTH2_CLIENT_ID"] == "0oa1spa"
    assert "OKTA_OAUTH2_CLIENT_SECRET" not in found
    assert not SECRETS_OF_A_REAL_ORG.keys() & found.keys()


def test_an_empty_seed_leaves_the_org_s_own_issuer(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "seed.json").write_text("{}")
    found = told("--seed", tmp_path / "seed.json", environment=environment)
    assert found["ISSUER"] == found["MOCK_OKTA_URL"]
    assert not {"CLIENT_ID", "OKTA_USERNAME", "SPA_CLIENT_ID", "OKTA_OAUTH2_AUDIENCE"} & set(found)


@pytest.mark.parametrize(
    "variables", [{}, {"MOCK_OKTA_RUN_HTTPS": "1"}], ids=["option", "variable"]
)
def test_over_https_it_trusts_the_ca(
    environment: dict[str, str], variables: dict[str, str]
) -> None:
    code = """
import os, ssl, urllib.request
print(urllib.request.urlopen(os.environ["MOCK_OKTA_URL"] + "/_mock/org").status)
context = ssl.create_default_context(cafile=os.environ["MOCK_OKTA_CA_FILE"])
print(len(context.get_ca_certs()))
names = "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"
print(len({os.environ[name] for name in names}))
"""
    arguments = () if variables else ("--https",)
    done = ended(*arguments, "--", sys.executable, "-c", code, environment=environment | variables)
    assert (done.returncode, done.stdout, done.stderr) == (0, "200\n1\n1\n", "")


def test_the_plugin_finds_the_org(environment: dict[str, str], tmp_path: Path) -> None:
    test = tmp_path / "test_it.py"
    test.write_text(
        "import os\n"
        "def test_it(okta_url, okta_control):\n"
        "    assert okta_url == os.environ['MOCK_OKTA_URL'] == okta_control.org().url\n"
    )
    command = (sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", tmp_path, test)
    done = ended("--https", "--", *map(str, command), environment=environment)
    assert (done.returncode, "1 passed" in done.stdout) == (0, True), done.stdout


def test_standard_input_and_output_are_the_command_s_own(environment: dict[str, str]) -> None:
    code = "import sys; sys.stdout.write(sys.stdin.read().upper()); sys.stderr.write('own')"
    done = ended("--", sys.executable, "-c", code, environment=environment, words="words")
    assert (done.stdout, done.stderr) == ("WORDS", "own")


def test_what_the_org_says_is_on_standard_error_when_asked_for(
    environment: dict[str, str],
) -> None:
    code = """
import os, urllib.error, urllib.request
try: urllib.request.urlopen(os.environ["MOCK_OKTA_URL"] + "/nowhere")
except urllib.error.HTTPError as error: error.close()
"""
    quiet = ended("--", sys.executable, "-c", code, environment=environment)
    assert (quiet.stdout, quiet.stderr) == ("", "")
    verbose = ended("-v", "--", sys.executable, "-c", code, environment=environment)
    assert verbose.stdout == ""
    assert "tester@example.com" in verbose.stderr
    assert " GET /nowhere 404 " in verbose.stderr


@pytest.mark.parametrize("status", [0, 1, 5, 255])
def test_its_exit_status_is_the_command_s(environment: dict[str, str], status: int) -> None:
    done = ended(sys.executable, "-c", f"raise SystemExit({status})", environment=environment)
    assert (done.returncode, done.stderr) == (status, "")


def test_an_end_by_a_signal_is_told_as_shells_tell_it(environment: dict[str, str]) -> None:
    code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    done = ended("--", sys.executable, "-c", code, environment=environment)
    assert done.returncode == 128 + signal.SIGKILL


@pytest.mark.parametrize(
    ("arguments", "status", "named"),
    [
        (["--", "no-such-command"], 127, "no-such-command"),
        (["--", "./no/such/file"], 127, "./no/such/file"),
        (["--", "."], 127, ".:"),
        ([], 2, "COMMAND"),
        (["--client", "nobody", "--", "true"], 1, "'nobody'"),
        (["--seed", "missing.yaml", "--", "true"], 1, "missing.yaml"),
        (["--port", "70000", "--", "true"], 1, "70000"),
        (["--no-such-option", "--", "true"], 2, "--no-such-option"),
    ],
    ids=str,
)
def test_a_mistake_is_one_clear_line(
    environment: dict[str, str], arguments: list[str], status: int, named: str
) -> None:
    done = ended(*arguments, environment=environment)
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    assert named in line
    assert (done.returncode, done.stdout) == (status, "")


NOTES_SIGNALS = """
import os, signal, sys
def note(number, _):
    print("took", signal.Signals(number).name, flush=True)
    if number == signal.SIGTERM: sys.exit(7)
for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM): signal.signal(number, note)
print(os.environ["MOCK_OKTA_URL"], flush=True)
# A pause could miss a signal that comes just before it; a byte in the pipe waits.
waking, waker = os.pipe()
os.set_blocking(waker, False)
signal.set_wakeup_fd(waker)
while True: os.read(waking, 1)
"""


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


def test_a_signal_that_comes_before_the_command_keeps_it_from_running(tmp_path: Path) -> None:
    relay, ran = Relay(), tmp_path / "ran"
    relay.take(signal.SIGTERM, None)
    status = relay.run([sys.executable, "-c", f"open({str(ran)!r}, 'w')"], os.environ)
    assert status == 128 + signal.SIGTERM
    assert not ran.exists()


def test_it_is_told_the_control_token(environment: dict[str, str]) -> None:
    assert (
        told("--control-token", "token-1", environment=environment)["MOCK_OKTA_TOKEN"] == "token-1"
    )
    assert "MOCK_OKTA_TOKEN" not in told(environment=environment | {"MOCK_OKTA_TOKEN": "stale"})


def test_every_option_has_a_variable_named_after_it() -> None:
    for option in run_command.params:
        if isinstance(option, click.Option):
            flags = [each.removeprefix("--").replace("-", "_") for each in option.opts]
            assert option.envvar is None
            assert option.name in flags
