"""Commands that look at a running org and change it: real ones, against a served org."""

import json
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mock_okta import Config, MockOkta
from mock_okta.cli import main
from mock_okta.model.seed import parse_seed, read_seed
from mock_okta_harness.control import Control, ControlError
from tests.cli.running import in_this_process
from tests.cli.serving import COMMAND, Finished, is_one_clear_line

LOGIN = "tester@example.com"
SEED = parse_seed(
    {
        "users": [
            {
                "login": LOGIN,
                "password": "mock-Password-1",
                "factors": [{"factor": "okta_push"}],
            }
        ],
        "sign_on_policies": [{"rules": [{"require_factor": True}]}],
    }
)
Ask = Callable[..., Finished]


@pytest.fixture(scope="module")
def org() -> Iterator[MockOkta]:
    with MockOkta(Config(seed=SEED)) as org:
        yield org


@pytest.fixture
def control(org: MockOkta) -> Control:
    control = Control(org.url)
    control.reset()
    return control


@pytest.fixture
def run() -> Ask:
    """Run the command in this process: nothing here depends on a process of its own."""

    def ran(*arguments: str, **variables: str) -> Finished:
        given = {"MOCK_OKTA_URL": None, "MOCK_OKTA_TOKEN": None, **variables}
        done = in_this_process().invoke(main, arguments, env=given, prog_name="mock-okta")
        return Finished(done.exit_code, done.stdout, done.stderr)

    return ran


@pytest.fixture
def ask(run: Ask, org: MockOkta, control: Control) -> Ask:  # noqa: ARG001 -- resets the org
    return lambda *arguments: run(*arguments, MOCK_OKTA_URL=org.url)


def json_of(finished: Finished) -> Any:
    assert (finished.status, finished.err) == (0, "")
    return json.loads(finished.out)


def begun_push(org: MockOkta) -> None:
    """Sign in up to the push: it waits on the user's device."""
    control = Control(org.url)
    body = {"username": LOGIN, "password": "mock-Password-1"}
    connection = control._connection
    state = connection.ask(dict[str, Any], "POST", "/api/v1/authn", body)
    (factor,) = state["_embedded"]["factors"]
    path = f"/api/v1/authn/factors/{factor['id']}/verify"
    connection.send("POST", path, {"stateToken": state["stateToken"]})


def test_the_clock_moves_stops_and_runs_again(ask: Ask, control: Control) -> None:
    frozen = json_of(ask("clock", "freeze", "2030-01-01T00:00:00Z", "--json"))
    assert frozen == {"now": "2030-01-01T00:00:00.000Z", "frozen": True}
    assert ask("clock", "+1d2h").out == "2030-01-02T02:00:00.000Z  frozen\n"
    assert ask("clock", "-30m").out == "2030-01-02T01:30:00.000Z  frozen\n"
    assert ask("clock").out == "2030-01-02T01:30:00.000Z  frozen\n"
    assert ask("clock", "resume").out.endswith("running\n")
    assert not control.clock.is_frozen()
    assert ask("clock", "set", "2031-01-01T00:00:00+01:00").out.startswith("2030-12-31T23:00:0")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["clock", "soon"], "'soon'"),
        (["clock", "+"], "+1d12h"),
        (["clock", "+9999999999999w"], "too long"),
        (["clock", "set"], "2030-01-01T00:00:00Z"),
        (["clock", "set", "2030-01-01"], "time zone"),
        (["clock", "freeze", "noon"], "'noon'"),
        (["clock", "+2h", "2030-01-01T00:00:00Z"], "'+2h'"),
        (["user", "lock", "nobody@example.com"], "no user 'nobody@example.com': 'mock-okta user'"),
        (["push", "list", "nobody@example.com"], "no user 'nobody@example.com': 'mock-okta user'"),
        (["push", "approve", "nobody@example.com"], "no user 'nobody@example.com'"),
        (["user", "unlock", LOGIN], "LOCKED_OUT"),
        (["push", "approve"], "no push request waits"),
        (["push", "deny", LOGIN], f"for {LOGIN}"),
        (["faults", "plan", "status"], "the org refused this: body: Object missing required field"),
        (["faults", "plan", "status", "status=a"], "refused this: status: Expected `int`"),
        (["faults", "plan", "status", "500"], "NAME=VALUE"),
        (["faults", "plan", "surprise"], "rate_limited"),
        (["faults", "remove", "none"], "no fault 'none' is planned: 'mock-okta faults' lists"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_one_clear_line(ask: Ask, arguments: list[str], named: str) -> None:
    finished = ask(*arguments)
    assert is_one_clear_line(finished)
    assert named in finished.err


def test_users_are_listed_locked_and_unlocked(ask: Ask) -> None:
    listed = f"{LOGIN}  ACTIVE  password mock-Password-1  okta_push\n"
    assert ask("user").out == ask("user", "list").out == listed
    assert ask("user", "lock", LOGIN).out == f"{LOGIN} is LOCKED_OUT\n"
    listed = json_of(ask("user", "--json"))
    assert list(listed) == ["users"]
    assert listed["users"][0]["status"] == "LOCKED_OUT"
    assert json_of(ask("user", "unlock", LOGIN, "--json"))["status"] == "ACTIVE"


def test_the_outbox_shows_links_and_passcodes(ask: Ask, control: Control) -> None:
    assert ask("outbox").out == "No messages.\n"
    changed = ask("user", "reset-password", LOGIN)
    link = control.outbox()[-1].link
    assert f"They were sent the link {link}" in changed.out
    shown = ask("outbox").out
    assert f"email to {LOGIN}" in shown
    assert f"link {link}" in shown
    (message,) = json_of(ask("outbox", "--last", "--json"))["messages"]
    assert message["link"] == link
    assert ask("outbox", "--to", "nobody@example.com").out == "No messages.\n"
    assert ask("outbox", "--clear").status == 0
    assert control.outbox() == ()


@pytest.mark.parametrize(("answer", "after"), [("approve", "APPROVED"), ("deny", "REJECTED")])
def test_a_push_is_answered(ask: Ask, org: MockOkta, answer: str, after: str) -> None:
    begun_push(org)
    assert f"WAITING  {LOGIN}  sign-in" in ask("push").out
    assert json_of(ask("push", answer, LOGIN, "--json"))["answer"] == after
    assert after in ask("push", "list", LOGIN).out


def test_requests_are_shown_with_reasons(ask: Ask, control: Control) -> None:
    control._connection.send("GET", "/oauth2/default/v1/keys")
    with pytest.raises(ControlError, match="E0000008"):
        control._connection.send("GET", "/api/v1/none")
    shown = ask("requests").out
    assert "GET /oauth2/default/v1/keys → 200" in shown
    assert "GET /api/v1/none → 404" in shown
    assert "why: " in shown
    (found,) = json_of(ask("requests", "--status", "404", "--json"))["requests"]
    assert found["path"] == "/api/v1/none"
    (last,) = json_of(ask("requests", "-n", "1", "--json"))["requests"]
    assert last == found
    assert ask("requests", "--clear").status == 0
    assert ask("requests").out == "No requests.\n"


@pytest.mark.process
def test_requests_are_followed_until_ctrl_c(
    org: MockOkta, control: Control, environment: dict[str, str]
) -> None:
    connection = control._connection
    connection.send("GET", "/oauth2/default/v1/keys")
    with subprocess.Popen(
        [*COMMAND, "requests", "-f", "--json", "--url", org.url],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell in the background ignores it, and what it starts does so too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 -- one call
    ) as following:
        try:
            assert following.stdout is not None
            assert json.loads(following.stdout.readline())["path"] == "/oauth2/default/v1/keys"
            connection.send("GET", "/oauth2/v1/keys")
            assert json.loads(following.stdout.readline())["path"] == "/oauth2/v1/keys"
            following.send_signal(signal.SIGINT)
            out, err = following.communicate(timeout=30)
            assert (out, err.strip(), following.returncode) == ("", "", 1)
        finally:
            following.kill()


def test_faults_are_planned_shown_and_removed(ask: Ask, control: Control) -> None:
    assert ask("faults").out == "No faults are planned.\n"
    planned = ask("faults", "plan", "rate_limited", "path=*/v1/token", "times=2").out
    assert "rate_limited  fired 0, 2 left  " in planned
    assert ask("faults", "plan", "broken_token", 'broken=["expired"]').status == 0
    first, second = json_of(ask("faults", "--json"))["faults"]
    assert second["fault"]["broken"] == ["expired"]
    assert ask("faults", "remove", first["id"]).status == 0
    assert [each.id for each in control.faults()] == [second["id"]]
    assert ask("faults", "clear").status == 0
    assert control.faults() == ()


def test_the_token_is_an_option_or_a_variable(run: Ask) -> None:
    with MockOkta(Config(control_token="a-word")) as org:
        refused = run("outbox", "--url", org.url)
        assert is_one_clear_line(refused)
        assert "--control-token or MOCK_OKTA_TOKEN" in refused.err
        assert run("outbox", "--url", org.url, "--control-token", "a-word").status == 0
        assert run("outbox", MOCK_OKTA_URL=org.url, MOCK_OKTA_TOKEN="a-word").status == 0


def test_the_certificate_of_an_org_with_https_is_checked(run: Ask) -> None:
    with MockOkta(Config(tls=True)) as org:
        refused = run("outbox", "--url", org.url)
        assert is_one_clear_line(refused)
        assert "--ca-file" in refused.err
        assert run("outbox", "--url", org.url, "--ca-file", str(org.ca_path)).status == 0


def test_an_exported_org_starts_again(
    run: Ask, org: MockOkta, control: Control, tmp_path: Path
) -> None:
    control.change_user(LOGIN, "suspend")
    path = tmp_path / "exported.yaml"
    finished = run("export", "--out", str(path), MOCK_OKTA_URL=org.url)
    assert (finished.status, finished.out) == (0, "")
    assert f"mock-okta serve {path}" in finished.err
    printed = run("export", "--url", org.url)
    assert printed.out == path.read_text()
    document = json.loads(run("export", "--json", "--url", org.url).out)
    with MockOkta(Config(seed=read_seed(path))) as again:
        started = Control(again.url).export()
    assert started == document
    (user,) = document["users"]
    assert (user["login"], user["status"]) == (LOGIN, "SUSPENDED")


def test_a_file_that_cannot_be_written_is_one_clear_line(
    run: Ask, org: MockOkta, tmp_path: Path
) -> None:
    refused = run("export", "--url", org.url, "--out", str(tmp_path / "no" / "org.yaml"))
    assert is_one_clear_line(refused)
    assert "No such file or directory" in refused.err


def test_where_no_org_is_one_clear_line_says_so(run: Ask, unused_tcp_port: int) -> None:
    url = f"http://localhost:{unused_tcp_port}"
    finished = run("outbox", "--url", url)
    assert is_one_clear_line(finished)
    assert f"no org answers at {url}: start one with 'mock-okta serve'" in finished.err


def test_https_at_an_org_with_http_is_one_clear_line(run: Ask, org: MockOkta) -> None:
    finished = run("outbox", "--url", org.url.replace("http:", "https:"))
    assert is_one_clear_line(finished)
    assert "does not answer with https: is the org's URL one with http?" in finished.err


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--ca-file", "none.pem", "--url", "https://localhost:9"), "--ca-file: none.pem: No such"),
        (("--url", "localhost:8700"), "'localhost:8700' is no URL such as http://localhost:8700"),
        (("--url", "http://localhost:port"), "'http://localhost:port' is no URL such as"),
    ],
)
def test_an_org_that_is_named_wrongly_is_one_clear_line(
    run: Ask, options: tuple[str, ...], named: str
) -> None:
    finished = run("outbox", *options)
    assert is_one_clear_line(finished)
    assert named in finished.err


def test_another_server_is_not_taken_for_an_org(run: Ask, tmp_path: Path) -> None:
    del tmp_path
    with MockOkta(Config(control=False)) as org:
        finished = run("outbox", "--url", org.url)
    assert is_one_clear_line(finished)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("mock-okta user lock tes", "tester@example.com"),
        ("mock-okta faults plan rate", "rate_limited"),
        ("mock-okta clock fr", "freeze"),
        ("mock-okta push ap", "approve"),
        ("mock-okta widget install 7", "7.49.0"),
        ("mock-okta serve --widget 3", "3.2.2"),
    ],
)
def test_the_shell_completes_values(run: Ask, org: MockOkta, words: str, expected: str) -> None:
    completed = run(
        _MOCK_OKTA_COMPLETE="bash_complete",
        COMP_WORDS=words,
        COMP_CWORD=str(len(words.split()) - 1),
        MOCK_OKTA_URL=org.url,
    )
    assert f"plain,{expected}" in completed.out.splitlines()
