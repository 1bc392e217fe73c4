"""The demo as a newcomer runs it: its exit status, its words and what it leaves behind."""

import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page

from mock_okta.control.fetching import fetch
from mock_okta_harness.builders import a_user
from mock_okta_harness.demo.command import walk_through
from mock_okta_harness.demo.steps import STEPS, Walk
from mock_okta_harness.pages import DemoPage
from mock_okta_harness.pages.demo import PATHS
from mock_okta_harness.recorder import load_tokens
from mock_okta_harness.running import DemoApp, RunningOrg
from tests.harness.commands import MOCK_OKTA

pytestmark = pytest.mark.browser


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MOCK_OKTA, "demo", "--out", "left-behind", *arguments],
        check=False,
        capture_output=True,
        cwd=folder,
        text=True,
        timeout=180,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere windows need no DISPLAY")
@pytest.mark.usefixtures("browser_of_users")
def test_a_browser_that_does_not_open_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for display in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(display, raising=False)
    demo = run("--headed", folder=tmp_path)
    assert (demo.returncode, "Traceback" in demo.stderr) == (1, False)
    assert "The demo could not start: " in demo.stderr


# The releases between are in the walks of tests/e2e, which take the same steps. What the command
# takes if nothing is said is among these: `--https` walks with 3.2.2.
OLDEST, *_, NEWEST = PATHS


@pytest.mark.parametrize("arguments", [("--widget", OLDEST), ("--widget", NEWEST), ("--https",)])
def test_every_step_of_the_demo_succeeds(arguments: tuple[str, ...], tmp_path: Path) -> None:
    demo = run(*arguments, folder=tmp_path)
    assert demo.returncode == 0, demo.stdout + demo.stderr
    for number, (title, _) in enumerate(STEPS, 1):
        assert re.search(rf"^ *{number}  {title} +\d+\.\d\d s  \S", demo.stdout, re.MULTILINE)
    assert str(tmp_path / "left-behind") in demo.stdout
    left_behind = {path.name for path in (tmp_path / "left-behind").iterdir()}
    assert {"01-no-session.png", "10-sign-out.png"} <= left_behind
    assert len([name for name in left_behind if name.endswith(".png")]) == len(STEPS)
    recorded = load_tokens(tmp_path / "left-behind" / "tokens.json")
    assert recorded.verify().access_token["sub"] == "tester@example.com"


def test_a_step_that_fails_fails_the_demo(
    page: Page,
    okta_org: RunningOrg,
    okta_demo_app: DemoApp,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    stranger = a_user("stranger@example.com")
    walk = Walk(page, okta_org, okta_demo_app, stranger, "3.2.2", tmp_path)
    assert walk_through(walk) == 1
    said = capsys.readouterr()
    assert "  1  no session" in said.out
    assert re.search(r"^ *3  right password +FAILED: ", said.err, re.MULTILINE)
    assert "redirect with tokens" not in said.out + said.err
    assert (tmp_path / "03-right-password-failed.png").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="npm is another program there")
@pytest.mark.parametrize("arguments", [(), ("--widget", "7.49.0")])
def test_a_widget_that_cannot_be_had_is_reported_before_anything_is_driven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    version = arguments[-1] if arguments else "3.2.2"
    monkeypatch.setenv("MOCK_OKTA_WIDGET_DIR", str(tmp_path / "empty"))
    monkeypatch.setenv("PATH", str(an_npm(tmp_path, "echo npm error no network >&2; exit 1")))
    demo = run(*arguments, folder=tmp_path)
    assert demo.returncode == 1
    assert demo.stdout == f"Getting widget {version} from the npm registry …\n"
    assert demo.stderr.startswith("Error: The demo could not start: npm could not get ")
    assert demo.stderr.endswith("no network\n")
    assert demo.stderr.count("\n") == 1


def an_npm(folder: Path, script: str) -> Path:
    """A directory for PATH that holds an npm, and nothing else."""
    directory = folder / "bin"
    directory.mkdir()
    npm = directory / "npm"
    npm.write_text(f"#!/bin/sh\n{script}\n")
    npm.chmod(0o755)
    return directory


def test_an_unknown_widget_is_a_mistake_in_the_command(tmp_path: Path) -> None:
    demo = run("--widget", "1.13.0", folder=tmp_path)
    assert demo.returncode == 2
    assert "'1.13.0' is not one of" in demo.stderr


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the demo's command in the background; what is still running at the end is stopped."""
    with ExitStack() as stack:

        def start(*arguments: str) -> subprocess.Popen[str]:
            command = [*MOCK_OKTA, "demo", *arguments]
            process = stack.enter_context(
                subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
            )
            stack.callback(process.kill)
            return process

        yield start


@pytest.mark.parametrize("arguments", [("--serve",), ("--stay",), ("--serve", "--https")])
def test_org_and_app_run_on_until_they_are_reported_to_stop(
    started: Callable[..., subprocess.Popen[str]], page: Page, arguments: tuple[str, ...]
) -> None:
    process = started(*arguments)
    assert process.stdout is not None
    said = ""
    while "Stop with Ctrl-C" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    opened = re.search(r"^Open (\S+) and sign in as (\S+) with (\S+)$", said, re.MULTILINE)
    assert opened
    url, login, password = opened.groups()
    if url.startswith("http:"):
        form = DemoPage.open(page, url.rstrip("/")).sign_in_form()
        assert form.sign_in(login, password).greeting() == f"Hello, {login}"
    process.terminate()
    assert process.wait(20) == 0
    with pytest.raises(OSError, match="refused"):
        fetch(url)


def test_a_port_that_is_taken_is_reported_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        demo = run("--serve", "--port", port, folder=tmp_path)
    assert demo.returncode == 1
    assert demo.stderr.startswith("Error: The demo could not start: The org did not start: ")
    assert port in demo.stderr
    assert demo.stderr.count("\n") == 1
