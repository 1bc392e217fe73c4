"""`mock-okta serve`, as a person runs it: what it says, its options, real signals."""

import json
import os
import re
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import pytest

import mock_okta
from mock_okta.cli.serve import serve as serve_command
from mock_okta.model.seed import default_seed
from mock_okta.services.seeding.seeding import client_of
from tests.cli.serving import Finished, Serve, Serving, is_one_clear_line


def test_it_says_where_the_org_is_and_who_may_sign_in(serve: Serve) -> None:
    with serve() as serving:
        said = serving.greeting
        assert re.fullmatch(r"http://localhost:\d+", serving.url)
        assert f"{serving.url}/oauth2/default" in said
        seed = default_seed()
        for user in seed.users:
            assert f"{user.login}  password {user.password}" in said
        for client in map(client_of, seed.clients):
            assert client.client_id in said
            assert client.name in said
            assert client.client_secret is None or client.client_secret in said
        assert f"ISSUER={serving.url}/oauth2/default" in said
        assert mock_okta.__version__ in said
        assert serving.get("/oauth2/default/.well-known/openid-configuration") == 200


def test_it_says_at_which_other_names_it_is(serve: Serve) -> None:
    names = ("--domain", "login.example.test", "--domain", "your-org.okta.test")
    with serve(*names) as serving:
        assert "serves Mock Okta at https://login.example.test\n" in serving.greeting
        assert "It is also at https://your-org.okta.test\n" in serving.greeting
        assert f"mock-okta proxy {' '.join(names)} --to 127.0.0.1:" in serving.greeting


def test_it_serves_behind_a_proxy_at_the_public_url(serve: Serve) -> None:
    options = ("--public-url", "https://okta.example.test", "--trust-proxy", "127.0.0.0/8")
    with serve(*options, "--allow-host", "replica-1") as serving:
        assert "serves Mock Okta at https://okta.example.test\n" in serving.greeting
        found = re.search(r"must lead  okta\.example\.test:443=(\S+)", serving.greeting)
        assert found, serving.greeting
        url = f"http://{found[1]}/_mock/org"
        for headers in ({"X-Forwarded-Host": "okta.example.test"}, {"Host": "replica-1"}):
            request = urllib.request.Request(url, headers={"Host": "inner"} | headers)
            with urllib.request.urlopen(request) as answer:  # noqa: S310 -- ours
                assert json.load(answer)["url"] == "https://okta.example.test"


def test_it_serves_several_seeds_as_one(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    user = {"login": "in.a.folder@example.com", "password": "mock-Password-1"}
    (tmp_path / "seeds" / "users.json").write_text(json.dumps({"users": [user]}))
    (tmp_path / "org.yaml").write_text("org: {name: Joined}")
    (tmp_path / "other.yaml").write_text("org: {name: Other}")
    ways: list[tuple[tuple[str, ...], str]] = [
        (("org.yaml", "seeds"), "other.yaml"),
        (("--seed", "org.yaml", "--seed", "seeds"), "other.yaml"),
        (("org.yaml", "--seed", "seeds"), ""),
        ((), f"org.yaml{os.pathsep}seeds"),
    ]
    for arguments, variable in ways:
        with serve(*arguments, MOCK_OKTA_SEED=variable) as serving:
            assert "serves Joined at" in serving.greeting
            assert "in.a.folder@example.com" in serving.greeting


def test_it_names_the_first_of_many_users_and_says_the_same_at_the_next_start(
    serve: Serve, tmp_path: Path
) -> None:
    logins = [f"u{number}@example.com" for number in range(12)]
    users = [{"login": login, "password": "mock-Password-1"} for login in logins]
    (tmp_path / "org.json").write_text(json.dumps({"users": users}))
    url = ("--public-url", "http://org.test")
    said = []
    for _ in range(2):
        with serve("org.json", "--storage", "sqlite:org.sqlite", *url) as serving:
            greeting, _, _ = serving.greeting.partition("A browser or a proxy must lead")
            said.append(greeting)
    assert said[0] == said[1]
    assert "  u9@example.com  password mock-Password-1\n  and 2 more\n" in said[0]


@pytest.mark.parametrize("options", [(), ("--workers", "2"), ("--redirect-uri", "no")])
def test_mistakes_in_a_changed_seed_end_a_start_with_a_storage_in_one_line(
    serve: Serve, run: Callable[..., Finished], tmp_path: Path, options: tuple[str, ...]
) -> None:
    seed, storage = tmp_path / "org.json", ("--storage", "sqlite:org.sqlite")
    seed.write_text('{"users": []}')
    with serve("org.json", *storage):
        pass
    mistake = "--redirect-uri or --origin: " if "no" in options else "org.json:1:12: users[0]: "
    seed.write_text('{"users": [1]}' if "no" not in options else '{"users": []}')
    finished = run("serve", "--port", "0", "org.json", *storage, *options)
    assert is_one_clear_line(finished)
    assert mistake in finished.err


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_well_when_told_to(serve: Serve, by: signal.Signals) -> None:
    with serve() as serving:
        assert serving.get("/") == 200
        finished = serving.stop(by)
    assert finished.status == 0
    assert "stopped" in finished.out
    assert "Traceback" not in finished.err


def test_its_log_is_one_readable_line_a_request(serve: Serve) -> None:
    with serve() as serving:
        serving.get("/api/v1/sessions/me?secret=1", Origin="http://localhost:7777")
        serving.get("/nowhere")
        err = serving.stop().err
    line = r"\d\d:\d\d:\d\d GET /api/v1/sessions/me 404 \d+\.\d ms  CORS: .*--origin \S+:7777"
    assert [each for each in err.splitlines() if re.fullmatch(line, each)]
    assert [each for each in err.splitlines() if re.search(r" GET /nowhere 404 \d", each)]
    assert "secret" not in err


def test_its_log_may_be_json(serve: Serve) -> None:
    with serve("--log-format", "json") as serving:
        serving.get("/nowhere")
        serving.get("/api/v1/sessions/me", Origin="http://127.0.0.1:7777")
        err = serving.stop().err
    lines = [json.loads(line) for line in err.splitlines()]
    (first, *_) = [line for line in lines if "path" in line]
    assert (first["method"], first["path"], first["status"]) == ("GET", "/nowhere", 404)
    assert first["time"].endswith("Z")
    assert re.fullmatch(r"[0-9a-f]{32}", first["request_id"])
    (warning,) = (line["remarks"] for line in lines if line["level"] == "warning")
    assert "http://127.0.0.1:7777" in warning[0]


@pytest.mark.parametrize("form", ["text", "json"])
def test_its_log_holds_what_a_client_sent_that_is_no_text(serve: Serve, form: str) -> None:
    with serve("--log-format", form) as serving:
        serving.get("/api/v1/sessions/me", Origin="http://\xff.test")  # sent as that octet
        err = serving.stop().err
    assert "http://\ufffd.test" in err
    assert "Traceback" not in err


def test_its_log_tells_what_would_have_been_sent(serve: Serve, tmp_path: Path) -> None:
    document = {
        "users": [
            {
                "login": "tester@example.com",
                "password": "mock-Password-1",
                "factors": [{"factor": "okta_sms", "phone_number": "+14155556688"}],
            }
        ],
        "sign_on_policies": [{"rules": [{"require_factor": True}]}],
    }
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps(document))
    with serve(str(seed)) as serving:
        body = {"username": "tester@example.com", "password": "mock-Password-1"}
        state = serving.post("/api/v1/authn", body)
        (factor,) = state["_embedded"]["factors"]
        path = f"/api/v1/authn/factors/{factor['id']}/verify"
        serving.post(path, {"stateToken": state["stateToken"]})
        err = serving.stop().err
    line = r"\d\d:\d\d:\d\d sms to \+14155556688: Your verification code is \d{6}\."
    assert [each for each in err.splitlines() if re.fullmatch(line, each)]


def test_a_taken_port_is_one_clear_line(run: Callable[..., Finished]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        finished = run("serve", "--port", port)
    assert is_one_clear_line(finished)
    assert f"port {port} of 127.0.0.1: Address already in use: choose another" in finished.err
    assert finished.status == 1


def test_a_seed_file_fills_the_org(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text(
        "org: {name: My own org}\n"
        "users: [{login: mine@example.com, password: mine-1}]\n"
        "authorization_servers: [{id: mine}]\n"
    )
    with serve("seed.yaml") as serving:
        assert "My own org" in serving.greeting
        assert "mine@example.com  password mine-1" in serving.greeting
        assert "tester@example.com" not in serving.greeting
        assert f"ISSUER={serving.url}/oauth2/mine" in serving.greeting


def test_addresses_can_be_added(serve: Serve) -> None:
    added = "http://localhost:4321"
    with serve("--redirect-uri", f"{added}/in", "--origin", added) as serving:
        with urllib.request.urlopen(f"{serving.url}/_mock/org") as answer:  # noqa: S310 -- ours
            described = json.load(answer)
        assert added in described["trusted_origins"]
        spa = next(client for client in described["clients"] if client["type"] == "spa")
        assert f"{added}/in" in spa["login_redirect_uris"]


def test_without_control_there_is_no_mock_api(serve: Serve) -> None:
    with serve("--no-control") as serving:
        assert serving.get("/_mock/org") == 404


def test_a_control_token_is_asked_for(serve: Serve) -> None:
    with serve("--control-token", "secret-1") as serving:
        assert serving.get("/_mock/org") == 401
        assert "secret-1" not in serving.greeting
    with serve(MOCK_OKTA_SERVE_CONTROL_TOKEN="secret-1") as serving:
        assert serving.get("/_mock/org") == 401


def test_https_names_the_ca_to_trust(serve: Serve, tmp_path: Path) -> None:
    with serve("--https", "--state-dir", "state") as serving:
        assert serving.url.startswith("https://localhost:")
        found = re.search(r"Trust the CA  (.+)", serving.greeting)
        assert found
        shown = Path(found[1]).read_text()
        assert shown.startswith("-----BEGIN CERTIFICATE-----")
        kept = [path.read_text() for path in (tmp_path / "state").rglob("ca.pem")]
        assert kept == [shown]
        assert serving.stop().status == 0


def test_options_can_be_given_by_the_environment(
    serve: Serve, run: Callable[..., Finished]
) -> None:
    with serve(MOCK_OKTA_SERVE_LOG_FORMAT="json", MOCK_OKTA_SERVE_CONTROL="false") as serving:
        assert serving.get("/_mock/org") == 404
        assert json.loads(serving.stop().err.splitlines()[0])["path"] == "/_mock/org"
    with serve(MOCK_OKTA_SERVE_HTTPS="1", MOCK_OKTA_SERVE_TLS_NAME="org.test") as serving:
        assert serving.url.startswith("https:")
    finished = run("serve", MOCK_OKTA_SERVE_PORT="many")
    assert is_one_clear_line(finished)
    assert "'many'" in finished.err


def test_the_engine_can_be_chosen(serve: Serve, tmp_path: Path) -> None:
    def engine_of(serving: Serving) -> Any:
        with urllib.request.urlopen(f"{serving.url}/_mock/org", timeout=30) as answer:  # noqa: S310 -- ours
            return json.load(answer)["engine"]

    with serve("--engine", "identity") as serving:
        assert engine_of(serving) == "identity"
    seed = tmp_path / "org.yaml"
    seed.write_text("org: {engine: identity}")
    with serve(str(seed)) as serving:
        assert engine_of(serving) == "identity"
    with serve(str(seed), MOCK_OKTA_SERVE_ENGINE="classic") as serving:
        assert engine_of(serving) == "classic"


def test_a_missing_release_is_named_beside_one_that_is_there(serve: Serve, tmp_path: Path) -> None:
    with serve(MOCK_OKTA_WIDGET_DIR=str(tmp_path)) as serving:
        assert "mock-okta widget install 7.49.0\n" in serving.greeting
    script = tmp_path / "3.2.2" / "js" / "okta-sign-in.min.js"
    script.parent.mkdir(parents=True)
    script.write_text("/* nothing */")
    with serve(MOCK_OKTA_WIDGET_DIR=str(tmp_path)) as serving:
        told = "mock-okta widget install 7.49.0, or serve --widget 3.2.2\n"
        assert told in serving.greeting


def test_every_option_has_a_variable_named_after_it() -> None:
    options = [each for each in serve_command.params if isinstance(each, click.Option)]
    for option in options:
        flag = option.opts[0].removeprefix("--").replace("-", "_").upper()
        variable = option.envvar or f"MOCK_OKTA_SERVE_{(option.name or '').upper()}"
        # A shorter one stands beside the own one.
        assert variable in {f"MOCK_OKTA_SERVE_{flag}", f"MOCK_OKTA_{flag}"}


@pytest.mark.parametrize("variable", ["MOCK_OKTA_STORAGE", "MOCK_OKTA_SERVE_STORAGE"])
def test_a_variable_names_the_storage(serve: Serve, variable: str, tmp_path: Path) -> None:
    with serve(**{variable: "sqlite:there.sqlite"}):
        assert (tmp_path / "there.sqlite").exists()


def test_a_state_directory_keeps_the_whole_org(serve: Serve, tmp_path: Path) -> None:
    with serve("--state-dir", "state") as serving:
        assert serving.get("/oauth2/default/v1/keys") == 200
    assert (tmp_path / "state" / "org.sqlite").exists()


def test_a_state_directory_keeps_keys_alone_if_the_storage_is_memory(
    serve: Serve, tmp_path: Path
) -> None:
    with serve("--state-dir", "state", "--storage", "memory") as serving:
        assert serving.get("/oauth2/default/v1/keys") == 200
    assert (tmp_path / "state" / "keys" / "default.0.pem").exists()
    assert not (tmp_path / "state" / "org.sqlite").exists()


@pytest.mark.parametrize(
    ("storage", "told"),
    [
        ("postgres://me:secret@db", "storage: expected memory, sqlite:PATH or redis://"),
        ("redis://me:secret@127.0.0.1:1/0", "redis://127.0.0.1:1/0?org=mock_okta: "),
        ("sqlite:damaged", "damaged is damaged, or no storage of mock_okta"),
        ("sqlite:.", ". cannot be used"),
    ],
)
def test_a_storage_that_cannot_be_used_is_reported_in_one_line(
    run: Callable[..., Finished], tmp_path: Path, storage: str, told: str
) -> None:
    (tmp_path / "damaged").write_bytes(1000 * b"damaged ")
    refused = run("serve", "--port", "0", "--storage", storage)
    assert is_one_clear_line(refused)
    assert told in refused.err
    assert "secret" not in refused.err


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("kept", [("--storage", "sqlite:org.sqlite"), ("--state-dir", "state")])
def test_a_first_seed_with_mistakes_leaves_no_file(
    run: Callable[..., Finished], tmp_path: Path, workers: str, kept: tuple[str, str]
) -> None:
    (tmp_path / "seed.yaml").write_text("users: [{login: a@example.com, passwort: x}]")
    options = ("--port", "0", "--workers", workers, *kept)
    refused = run("serve", "seed.yaml", *options)
    assert is_one_clear_line(refused)
    assert "passwort" in refused.err
    assert [each.name for each in tmp_path.iterdir()] == ["seed.yaml"]


def test_what_is_malformed_is_one_line_of_the_log(serve: Serve) -> None:
    with serve("--log-format", "json") as serving:
        address = urlsplit(serving.url)
        with socket.create_connection((address.hostname, address.port or 0)) as raw:
            raw.sendall(
                b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + b"x" * 80000 + b"\r\n\r\n"
            )
            assert b" 400 " in raw.recv(4096)
        lines = [json.loads(line) for line in serving.stop().err.splitlines()]
    assert any("refused a malformed request" in line.get("message", "") for line in lines)
    assert not any("traceback" in line for line in lines)


def test_a_state_directory_has_one_org_at_a_time(
    serve: Serve, run: Callable[..., Finished]
) -> None:
    """Two would sign with different keys; one that was killed holds nothing."""
    state = ("--state-dir", "state")
    with serve("--storage", "memory", *state) as serving:
        for command in (
            ["serve", "--storage", "memory", *state, "--port", "0"],
            ["serve", *state, "--port", "0"],
            ["run", *state, "--", "true"],
        ):
            refused = run(*command)
            assert is_one_clear_line(refused)
            assert "state is in use by another org" in refused.err
        for command in (["ca", *state], ["mint", *state]):
            assert run(*command).status == 0
        serving.process.kill()
        serving.process.wait()
    with serve(*state) as serving:
        assert serving.get("/oauth2/default/v1/keys") == 200


def test_without_the_default_widget_it_starts_and_says_so(serve: Serve) -> None:
    with serve() as serving:
        assert "Widget 7.49.0 is not installed" in serving.greeting
        assert "mock-okta widget install 7.49.0" in serving.greeting
        assert serving.get("/login/login.htm") == 200


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--host", "0.0.0.0"), "every address of this machine (0.0.0.0)"),  # noqa: S104 -- asked for
        (("--host", "0.0.0.0", "--control-token", "word"), "every address"),  # noqa: S104 -- asked for
        (("--host", "127.0.0.1"), None),
    ],
)
def test_it_says_who_else_can_reach_it(
    serve: Serve, options: tuple[str, ...], said: str | None
) -> None:
    with serve(*options) as serving:
        assert ("other machines can reach it" in serving.greeting) is (said is not None)
        assert (said or "") in serving.greeting
        refuses = said is not None and "--control-token" not in options
        assert ("/_mock is refused without --control-token" in serving.greeting) is refuses
        assert ("/_mock/console" in serving.greeting) is not refuses
