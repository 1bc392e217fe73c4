"""`--json`, `--quiet` and `NO_COLOR`: each command takes them as docs/how-to/shell.md says."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import click
import pytest
from click.testing import Result

from mock_okta import Config, MockOkta
from mock_okta.cli import main
from mock_okta.model.seed import parse_seed
from mock_okta_harness.control import Control
from tests.cli.running import in_this_process

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "shell.md"
LOGIN, OTHER = "tester@example.com", "other@example.com"
USERS = [
    *({"login": each, "password": "mock-Password-1"} for each in (LOGIN, OTHER)),
    {"login": "new@example.com", "status": "PROVISIONED"},
]
CONTEXT = click.Context(main)
# Each command that asks a running org, in an order in which each has something to do.
OF_A_RUNNING_ORG = (
    "clock",
    "clock freeze",
    "export",
    "faults plan rate_limited",
    "faults list",
    "faults remove {fault}",
    "faults clear",
    "outbox",
    "push list {login}",
    "requests",
    "user list",
    "user lock {login}",
    "user unlock {login}",
    "user suspend {login}",
    "user unsuspend {login}",
    "user expire-password {login}",
    "user reset-password {login}",
    "user deactivate {login}",
    "user activate {login}",
    "user reactivate new@example.com",
)
# These need a push that waits: tests/cli/test_running_org.py asks them.
ASKED_ELSEWHERE = {"push approve", "push deny"}


def leaves(command: click.Command = main, *words: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its words."""
    if not isinstance(command, click.Group):
        yield " ".join(words), command
        return
    for name in command.list_commands(CONTEXT):
        inner = command.get_command(CONTEXT, name)
        assert inner is not None
        yield from leaves(inner, *words, name)


def options_of(command: click.Command) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts}


COMMANDS = dict(leaves())
OF_RUNNING = {name for name, each in COMMANDS.items() if {"--url", "--ca-file"} <= options_of(each)}


@pytest.fixture(scope="module")
def org() -> Iterator[MockOkta]:
    with MockOkta(Config(seed=parse_seed({"users": USERS}))) as org:
        yield org


def ran(org: MockOkta, *words: str, color: bool = False, **variables: str) -> Result:
    given = {"MOCK_OKTA_URL": org.url, "MOCK_OKTA_TOKEN": None, "NO_COLOR": None, **variables}
    return in_this_process().invoke(main, words, env=given, color=color, prog_name="mock-okta")


@pytest.mark.parametrize("name", sorted(OF_RUNNING | {"serve", "validate"}))
def test_it_takes_json(name: str) -> None:
    assert "--json" in options_of(COMMANDS[name])


def test_serve_takes_what_its_table_lists() -> None:
    section = PAGE.read_text("utf-8").partition("## How `serve` behaves")[2].partition("\n## ")[0]
    listed = set(re.findall(r"^\| `(--\w+)` \|", section, re.MULTILINE))
    assert {"--quiet", "--json"} <= listed <= options_of(COMMANDS["serve"])


def test_each_command_of_a_running_org_is_asked() -> None:
    asked = {
        next(name for name in OF_RUNNING if each.startswith(name)) for each in OF_A_RUNNING_ORG
    }
    assert asked | ASKED_ELSEWHERE == OF_RUNNING


def test_each_command_of_a_running_org_prints_json_alone(org: MockOkta) -> None:
    control = Control(org.url)
    control.reset()
    for line in OF_A_RUNNING_ORG:
        planned = [fault.id for fault in control.faults()]
        words = line.format(login=OTHER, fault=planned[0] if planned else "").split()
        done = ran(org, *words, "--json")
        assert (done.exit_code, done.stderr) == (0, ""), line
        json.loads(done.stdout)


@pytest.mark.parametrize("words", ["requests", "outbox"])
def test_no_color_keeps_it_plain_on_a_terminal(org: MockOkta, words: str) -> None:
    control = Control(org.url)
    control.reset()
    ran(org, "user", "reset-password", LOGIN)  # sends a message
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{org.url}/nowhere")  # noqa: S310 -- our own org
    refused.value.close()
    assert "\x1b" in ran(org, words, color=True).stdout
    assert "\x1b" not in ran(org, words, color=True, NO_COLOR="1").stdout
    assert "\x1b" in ran(org, words, color=True, NO_COLOR="").stdout
