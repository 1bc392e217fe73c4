"""The recipes for other stacks: what they show is run, as far as a machine without a CI can."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from mock_okta.browser.widget.releases import default_directory
from mock_okta.cli import main
from mock_okta.cli.running_org.connecting import ListingGroup
from mock_okta_harness.browser import require_browser
from tests.docs.blocks import DOCS, PAGES, ROOT, blocks, titled
from tests.tool_chains import needs

PATIENCE = 240
PLAYWRIGHT, CI, PYTHON, CONTAINERS = (
    f"stacks/{name}.md" for name in ("playwright-test", "ci", "python", "containers")
)
A_TEST = """
def test_a_user_signs_in(signed_in_page):
    assert signed_in_page.url.endswith("/app/UserHome")
"""
ELSEWHERE = re.compile(r"registry\.|/tmp\b|/work\b|/root\b|/home/|/usr/", re.IGNORECASE)


def environment(**more: str) -> dict[str, str]:
    """What a shell of the reader's has: our commands on the PATH, and no org of somebody else's."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MOCK_OKTA", "OKTA_", "PYTEST"))
    }
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    return {**kept, "PATH": path, **more}


def run(words: list[str], folder: Path, **more: str) -> str:
    """Run a command to its end; it has to succeed."""
    done = subprocess.run(
        words,
        cwd=folder,
        env=environment(**more),
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def console_lines() -> Iterator[tuple[str, str]]:
    """Yield the commands of all pages that a reader types."""
    for block in blocks("console"):
        for line in block.text.splitlines():
            yield block.name, line.removeprefix("$ ").replace(".venv/bin/", "")


@pytest.mark.browser
@pytest.mark.network
def test_playwright_test_signs_in_through_the_widget(tmp_path: Path) -> None:
    needs("npm")
    for block in blocks(page=PLAYWRIGHT):
        if block.title:
            path = tmp_path / block.title
            path.parent.mkdir(exist_ok=True)
            path.write_text(block.text)
    run(["npm", "install", "--no-audit", "--no-fund", "--no-package-lock"], tmp_path)
    browser = str(require_browser().path)
    widgets = str(default_directory())
    told = run(["npm", "test"], tmp_path, BROWSER_PATH=browser, MOCK_OKTA_WIDGET_DIR=widgets)
    assert "2 passed" in told


def only_trying(line: str) -> str:
    """Let pip only build what it should install: everything is installed already."""
    return line.replace("pip install", "pip install --dry-run --no-deps")


@pytest.mark.browser
@pytest.mark.network
def test_the_lines_of_the_ci_run(tmp_path: Path) -> None:
    github = yaml.safe_load(titled(CI, ".github/workflows/tests.yaml"))
    gitlab = yaml.safe_load(titled(CI, ".gitlab-ci.yml"))["test"]
    lines = [step["run"] for step in github["jobs"]["tests"]["steps"] if "run" in step]
    assert lines == gitlab["script"]
    assert github["env"]["MOCK_OKTA"] == gitlab["variables"]["MOCK_OKTA"]
    assert gitlab["cache"]["paths"] == [".widget"]
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "mock_okta").symlink_to(ROOT)
    (tmp_path / ".widget").symlink_to(default_directory())  # as the CI's cache brings it
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_app.py").write_text(A_TEST)
    told = ""
    for line in lines:
        told = run(
            ["bash", "-euo", "pipefail", "-c", only_trying(line)],
            tmp_path,
            MOCK_OKTA=github["env"]["MOCK_OKTA"],
            MOCK_OKTA_WIDGET_DIR=str(tmp_path / ".widget"),
        )
    assert "1 passed" in told
    assert (tmp_path / gitlab["artifacts"]["reports"]["junit"]).is_file()


@pytest.mark.network
def test_tox_runs_tests_against_an_org(tmp_path: Path) -> None:
    """It installs mock_okta; what that needs is here already, and would take a minute to get."""
    run([sys.executable, "-m", "venv", "tools"], tmp_path)
    run(["tools/bin/python", "-m", "pip", "install", "--quiet", "tox"], tmp_path)
    (tmp_path / "tox.ini").write_text(titled(PYTHON, "tox.ini"))
    (tmp_path / "test_app.py").write_text("def test_org(okta_url):\n    assert okta_url\n")
    widgets = str(default_directory())
    instead = {
        "install_command": "python -I -m pip install --no-deps {opts} {packages}",
        "set_env": f"PYTHONPATH={sysconfig.get_path('purelib')}",
    }
    overrides = [f"--override=testenv.{name}={value}" for name, value in instead.items()]
    told = run(
        ["tools/bin/tox", "run", *overrides],
        tmp_path,
        MOCK_OKTA=str(ROOT),
        MOCK_OKTA_WIDGET_DIR=widgets,
    )
    assert "1 passed" in told


@pytest.mark.process
def test_unittest_runs_the_example(tmp_path: Path) -> None:
    (example,) = (each.text for each in blocks("python", PYTHON) if "unittest" in each.text)
    (tmp_path / "test_case.py").write_text(example)
    assert "OK" in run([sys.executable, "-m", "unittest", "test_case"], tmp_path)


def dockerfile() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile with what follows them."""
    lines = titled(CONTAINERS, "Dockerfile").splitlines()
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


@pytest.mark.network
def test_what_the_image_copies_is_enough_to_install_it(tmp_path: Path) -> None:
    for instruction, rest in dockerfile():
        if instruction == "COPY":
            *sources, target = rest.split()
            for source in sources:
                place = tmp_path / target / source if target.endswith("/") else tmp_path / target
                if (ROOT / source).is_dir():
                    ignored = shutil.ignore_patterns("__pycache__")
                    shutil.copytree(ROOT / source, place, ignore=ignored)
                else:
                    shutil.copy(ROOT / source, place)
    (install,) = (rest for word, rest in dockerfile() if rest.startswith("pip install"))
    words = [sys.executable, "-m", *shlex.split(only_trying(install))]
    assert "Would install mock_okta" in run(words, tmp_path)


def test_the_image_s_commands_are_ours() -> None:
    found = dict(dockerfile())
    check_words([*json.loads(found["ENTRYPOINT"]), *json.loads(found["CMD"])])
    (widget,) = (rest for _, rest in dockerfile() if "widget install" in rest)
    check_words(shlex.split(widget))
    assert found["ENV"].startswith("MOCK_OKTA_WIDGET_DIR=")


@contextmanager
def composed(service: Mapping[str, Any], folder: Path) -> Iterator[tuple[int, list[str]]]:
    """Run a service's command; give its port, and the words of its health check."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = service["command"].replace("/seed/", f"{folder}/")
    started = subprocess.Popen(
        [sys.executable, "-m", "mock_okta", *shlex.split(command), "--port", str(port)],
        env=environment(**service["environment"]),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert started.stdout is not None
    try:
        assert any("Stop with Ctrl-C" in line for line in started.stdout)
        words = service["healthcheck"]["test"]
        assert words[:2] == ["CMD", "python"]
        yield port, [sys.executable, *(word.replace(":8700", f":{port}") for word in words[2:])]
    finally:
        started.terminate()
        started.communicate(timeout=PATIENCE)


@pytest.mark.process
def test_the_composed_org_is_healthy_and_wants_its_token(tmp_path: Path) -> None:
    services = yaml.safe_load(titled(CONTAINERS, "compose.yaml"))["services"]
    (tmp_path / "org.yaml").write_text(blocks("yaml", "how-to/seed.md")[0].text)
    with composed(services["okta"], tmp_path) as (port, health_check):
        until_healthy(health_check, tmp_path)
        with pytest.raises(urllib.error.HTTPError, match="401"):
            told_org(port, "")
        told = told_org(port, services["okta"]["environment"]["MOCK_OKTA_SERVE_CONTROL_TOKEN"])
    app = services["app"]["environment"]
    assert app["ISSUER"].replace("8700", str(port)) in told["issuers"].values()
    assert app["CLIENT_ID"] in [client["client_id"] for client in told["clients"]]
    (line,) = (line for _, line in console_lines() if "--okta-token" in line)
    assert line.split()[-1] == services["okta"]["environment"]["MOCK_OKTA_SERVE_CONTROL_TOKEN"]


def until_healthy(health_check: list[str], folder: Path) -> None:
    """Repeat a health check until it passes, as compose does: the org may still make its keys."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            run(health_check, folder)
        except AssertionError:
            if time.monotonic() > deadline:
                raise
        else:
            return


def told_org(port: int, token: str) -> dict[str, Any]:
    request = urllib.request.Request(
        f"http://localhost:{port}/_mock/org", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 -- ours
        told: dict[str, Any] = json.load(answer)
        return told


def check_words(words: list[str]) -> None:
    """Let click read a command line of `mock-okta`, without running it."""
    assert words[0] == "mock-okta"
    command: click.Command = main
    rest = words[1:]
    while isinstance(command, click.Group):
        if isinstance(command, ListingGroup) and (not rest or rest[0].startswith("-")):
            rest = ["list", *rest]
        name, found, rest = command.resolve_command(click.Context(command), rest)
        assert found is not None, words
        command = found
    # A command remembers the help options of its first context.
    command.make_context(name, rest, parent=click.Context(main, **main.context_settings))


def without_redirection(words: list[str]) -> list[str]:
    """Leave out where the shell writes the output."""
    return words[: words.index(">")] if ">" in words else words


OURS = [
    pytest.param(line, id=f"{name}: {line}")
    for name, line in console_lines()
    if line.startswith("mock-okta ")
]


@pytest.mark.parametrize("line", OURS)
def test_every_command_shown_is_one(line: str) -> None:
    check_words(without_redirection(shlex.split(line, comments=True)))


def test_the_first_page_has_the_readme_s_first_commands() -> None:
    shown = [each.text for each in blocks("console", "index.md")]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(shown) == 4
    assert all(f"```console\n{each}```" in readme for each in shown)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(DOCS).as_posix())
def test_pages_name_no_place_of_one_machine_or_registry(path: Path) -> None:
    assert ELSEWHERE.search(path.read_text(encoding="utf-8")) is None
