"""The GitHub action: its commands exist, and its shell lines start an org."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from mock_okta import Config
from mock_okta.browser.widget.releases import default_directory
from mock_okta.cli import main
from tests.docs.blocks import titled

CI = "stacks/ci.md"
ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
CONTEXT = click.Context(main, **main.context_settings)
PATIENCE = 300
BASH = shutil.which("bash") or "bash"
_CALL = re.compile(r"(?<![/\w])mock-okta ((?:[^\n;&|<>\\]|\\\n)+)")


def steps() -> list[Any]:
    return [step for step in ACTION["runs"]["steps"] if "run" in step]


def calls() -> list[list[str]]:
    """Every call of the command, with words of the right kind for its variables."""
    values = {'"$PORT"': "8700", '"${options[@]}"': "--https", "\\\n": " "}
    found = []
    for text in (match[1] for step in steps() for match in _CALL.finditer(step["run"])):
        for name, value in values.items():
            text = text.replace(name, value)  # noqa: PLW2901 -- step by step
        found.append(shlex.split(text))
    return found


@pytest.mark.parametrize("words", calls(), ids=" ".join)
def test_the_command_has_every_option_that_is_used(words: list[str]) -> None:
    command: click.Command | None = main
    while isinstance(command, click.Group):
        name = words[0]
        command, words = command.get_command(CONTEXT, name), words[1:]
        assert command is not None, name
    assert command is not None
    command.make_context("", list(words), parent=CONTEXT)


def test_all_steps_are_held_against_the_command() -> None:
    assert [words[0] for words in calls()] == ["widget", "serve", "health"]


def test_every_input_is_used_and_every_used_input_is_there() -> None:
    text = (ROOT / "action.yml").read_text()
    assert set(re.findall(r"inputs\.(\w+)", text)) == set(ACTION["inputs"])
    assert ACTION["inputs"]["widget"]["default"] == Config().widget_version
    ids = {step["id"] for step in steps() if "id" in step}
    assert set(re.findall(r"steps\.(\w+)\.", text)) == ids


def test_the_cache_is_where_the_widget_is_installed() -> None:
    (cache,) = (step for step in ACTION["runs"]["steps"] if "uses" in step)
    assert cache["with"]["path"] == "${{ runner.temp }}/mock_okta/widget"
    assert 'place="$RUNNER_TEMP/mock_okta"' in steps()[0]["run"]
    assert "MOCK_OKTA_WIDGET_DIR=$place/widget" in steps()[0]["run"]


def test_the_page_names_inputs_that_there_are() -> None:
    (shown,) = (
        step
        for step in yaml.safe_load(titled(CI, ".github/workflows/any.yaml"))["jobs"]["tests"][
            "steps"
        ]
        if step.get("uses") == "./vendor/mock_okta"
    )
    assert set(shown["with"]) <= set(ACTION["inputs"])


class Runner:
    """What GitHub's runner does with the steps: inputs, and what they say to later steps."""

    def __init__(self, folder: Path, **inputs: str) -> None:
        self.folder = folder
        self.inputs = {name: each["default"] for name, each in ACTION["inputs"].items()} | inputs
        self.files = {
            name: folder / name for name in ("GITHUB_PATH", "GITHUB_ENV", "GITHUB_OUTPUT")
        }
        for file in self.files.values():
            file.touch()

    def run(self, step: dict[str, Any]) -> subprocess.CompletedProcess[str]:
        """Run one step as the runner does."""
        given = {name: self._value(text) for name, text in step["env"].items()}
        return subprocess.run(
            [BASH, "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            env=self._environment() | given,
            cwd=self.folder,
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    def said(self, file: str) -> dict[str, str]:
        lines = self.files[file].read_text().splitlines()
        return {name: value for name, _, value in (line.partition("=") for line in lines)}

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("MOCK_OKTA", "PYTEST"))}
        added = self.files["GITHUB_PATH"].read_text().splitlines()
        # Before the install step: the command of this environment.
        paths = [*added, str(Path(sys.executable).parent), kept["PATH"]]
        files = {name: str(path) for name, path in self.files.items()}
        temp = {"RUNNER_TEMP": str(self.folder), "PATH": os.pathsep.join(paths)}
        return kept | files | temp | self.said("GITHUB_ENV")

    def _value(self, text: str) -> str:
        expression = re.fullmatch(r"\$\{\{ inputs\.(\w+)(?: \|\| github\.action_path)? \}\}", text)
        assert expression, text
        return self.inputs[expression[1]] or (str(ROOT) if "action_path" in text else "")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A runner's folder, to which the cache has brought the widget; its org ends with the test."""
    (tmp_path / "mock_okta").mkdir()
    (tmp_path / "mock_okta" / "widget").symlink_to(default_directory())
    yield tmp_path
    pid = tmp_path / "mock_okta" / "pid"
    if pid.exists():
        with suppress(ProcessLookupError):
            os.kill(int(pid.read_text()), signal.SIGTERM)


@pytest.mark.process
def test_the_steps_start_an_org_and_say_where_it_is(folder: Path) -> None:
    runner = Runner(folder, port="0", options="--hostname localhost --engine classic")
    _, *others = steps()
    for step in others:
        done = runner.run(step)
        assert done.returncode == 0, done.stderr
    url = runner.said("GITHUB_OUTPUT")["url"]
    assert runner.said("GITHUB_ENV") == {"MOCK_OKTA_URL": url}
    with urllib.request.urlopen(f"{url}/.well-known/okta-organization") as answer:  # noqa: S310 -- our own org
        assert json.load(answer)["pipeline"] == "v1"  # Classic Engine, as asked for


@pytest.mark.process
def test_an_org_that_does_not_start_fails_the_step_and_says_why(folder: Path) -> None:
    done = Runner(folder, port="0", options="--no-such-option").run(steps()[-1])
    assert done.returncode == 1
    assert "No such option" in done.stderr


@pytest.mark.network
@pytest.mark.process
def test_the_command_is_installed_apart_from_the_job_s_python(folder: Path) -> None:
    runner = Runner(folder)
    done = runner.run(steps()[0])
    assert done.returncode == 0, done.stderr
    (place,) = runner.files["GITHUB_PATH"].read_text().splitlines()
    assert [path.name for path in Path(place).iterdir()] == ["mock-okta"]
    asked = subprocess.run([f"{place}/mock-okta", "--version"], check=True, capture_output=True)
    assert asked.stdout.decode().startswith("mock-okta")
    assert runner.said("GITHUB_ENV") == {"MOCK_OKTA_WIDGET_DIR": str(folder / "mock_okta/widget")}
