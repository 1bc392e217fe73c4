"""What all commands of `mock-okta` have in common: mistakes, help; and the CA."""

import re
from collections.abc import Callable
from pathlib import Path

import click
import pytest

import mock_okta
from mock_okta.cli import main
from tests.cli.serving import Finished, is_one_clear_line


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["serve", "--no-such-option"], "--no-such-option"),
        (["serve", "--port", "many"], "'many'"),
        (["serve", "--port", "70000"], "70000"),
        (["serve", "--port", "-1"], "-1"),
        (["serve", "--log-format", "xml"], "'xml'"),
        (["serve", "--redirect-uri", "/callback"], "'/callback'"),
        (["serve", "--redirect-uri", "http://localhost/#a"], "fragment"),
        (["serve", "--origin", "localhost:3000"], "'localhost:3000'"),
        (["serve", "--origin", "http://localhost:3000/"], "no path"),
        (["serve", "--hostname", "http://localhost"], "hostname"),
        (["serve", "--port", "0", "--host", "no.such.host.invalid"], "no.such.host.invalid"),
        (["serve", "--port", "0", "--https", "--tls-name", "not a name"], "not a name"),
        (["serve", "missing.yaml"], "missing.yaml: cannot be read: No such file or directory\n"),
        (["serve", "bad.yaml"], "users[0].password: Expected `str`, got `int`"),
        (["serve", "bad.txt"], ".yaml, .toml or .json"),
        (["serve", "--port", "0", "--state-dir", "bad.yaml"], "bad.yaml"),
        (["serve", "--port", "0", "--https", "--state-dir", "bad.yaml"], "bad.yaml"),
        (["run", "--env-file", "no.env", "--", "true"], "no.env: No such file"),
        (["run", "--env", "no", "--", "true"], "'no' is not NAME=VALUE"),
        (["run", "--port", "0", "--env", "A={b}", "--", "true"], "{b} is none of {issuer}"),
        (["no-such-command"], "'mock-okta --help' lists all commands"),
        (["serv"], "there is no command 'serv': did you mean 'serve'?"),
        (["recrod"], "did you mean 'record'?"),
        (["serve", "--widget", "9.9.9"], "mock-okta widget install 9.9.9 --integrity"),
        (["serve", "--widget", "7.49.0"], "mock-okta widget install 7.49.0"),
        (["serve", "--widget", "3.2.2"], "mock-okta widget install 3.2.2"),
        (["run", "--widget", "latest", "--", "true"], "mock-okta widget install latest"),
        (["run", "--map", "app.example.test:443=127.0.0.1:9000", "--", "true"], "--domain"),
        (["run", "--domain", "a.example", "--map", "app", "--", "true"], "HOST:PORT=ADDRESS:PORT"),
        (["widget", "path", "1.2.3"], "mock-okta widget install 1.2.3"),
        (["widget", "install", "latest"], "'latest'"),
        (["widget", "install", "1.2.3"], "integrity"),
        (["widget", "install", "3.2.2", "--integrity", "sha1-x"], "sha1-x"),
        (["widget", "install", "../../etc"], "../../etc"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_is_one_clear_line(
    invoke: Callable[..., Finished], tmp_path: Path, arguments: list[str], named: str
) -> None:
    (tmp_path / "bad.yaml").write_text("users: [{login: a, password: 1}]")
    (tmp_path / "bad.txt").write_text("{}")
    finished = invoke(*arguments)
    assert is_one_clear_line(finished)
    assert named in finished.err
    assert finished.out == ""


def test_the_ca_can_be_exported(invoke: Callable[..., Finished], tmp_path: Path) -> None:
    exported = invoke("ca", "--state-dir", "state")
    assert exported.out == (tmp_path / "state" / "tls" / "ca.pem").read_text()
    assert exported.out.startswith("-----BEGIN CERTIFICATE-----")
    assert invoke("ca", "--state-dir", "state").out == exported.out


def test_a_process_of_its_own_ends_as_the_command_does(
    run: Callable[..., Finished], invoke: Callable[..., Finished]
) -> None:
    version = run("--version")
    assert (version.status, version.err) == (0, "")
    assert mock_okta.__version__ in version.out
    assert version == invoke("--version")
    mistake = run("serve", "--no-such-option")
    assert is_one_clear_line(mistake)
    assert mistake == invoke("serve", "--no-such-option")


@pytest.mark.parametrize("group", ["", "user", "faults", "push", "record", "widget", "browser"])
def test_lists_of_commands_have_whole_sentences(
    invoke: Callable[..., Finished], group: str
) -> None:
    _, _, commands = invoke(*group.split(), "--help").out.partition("Show this message and exit.\n")
    assert commands
    assert "..." not in commands


def test_the_help_lists_every_command_once(invoke: Callable[..., Finished]) -> None:
    help_text = invoke("--help").out
    for name in main.list_commands(click.Context(main)):
        assert len(re.findall(rf"^  {name}  ", help_text, re.MULTILINE)) == 1


def test_it_tells_how_it_is_used(invoke: Callable[..., Finished]) -> None:
    for arguments in ([], ["serve"], ["validate"], ["widget"], ["widget", "install"]):
        for option in ("-h", "--help"):
            finished = invoke(*arguments, option)
            assert finished.status == 0
            assert finished.out.startswith("Usage: ")


@pytest.mark.parametrize("arguments", [[], ["widget"]])
def test_nothing_to_do_is_answered_with_help(
    invoke: Callable[..., Finished], arguments: list[str]
) -> None:
    finished = invoke(*arguments)
    assert (finished.status, finished.err) == (0, "")
    assert finished.out == invoke(*arguments, "--help").out
    assert "Show this message and exit.\n\n" in finished.out


def test_a_release_that_the_environment_names_has_to_be_there_too(
    invoke: Callable[..., Finished],
) -> None:
    finished = invoke("serve", MOCK_OKTA_SERVE_WIDGET="7.49.0")
    assert is_one_clear_line(finished)
    assert "mock-okta widget install 7.49.0" in finished.err
