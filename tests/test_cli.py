"""The command `mock-okta`, as a person runs it: real processes, real signals."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import pytest

import mock_okta
from mock_okta.cli import serve as serve_command
from mock_okta.seed import default_seed
from mock_okta.services.seeding import client_of

COMMAND = [sys.executable, "-m", "mock_okta"]
PATIENCE = 30


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home of its own, where no widget is installed."""
    usual = {k: v for k, v in os.environ.items() if not k.startswith(("MOCK_OKTA", "COVERAGE"))}
    return usual | {"MOCK_OKTA_WIDGET_DIR": str(tmp_path / "widget"), "PYTHONUNBUFFERED": "1"}


@dataclass(frozen=True)
class Finished:
    """What a command left."""

    status: int
    out: str
    err: str


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


@dataclass(frozen=True)
class Serving:
    """A running `mock-okta serve`."""

    process: subprocess.Popen[str]
    greeting: str

    @property
    def url(self) -> str:
        found = re.search(r" at (https?://\S+)", self.greeting)
        assert found, self.greeting
        return found[1]

    def stop(self, by: signal.Signals = signal.SIGTERM) -> Finished:
        """Send the signal and wait for the end."""
        self.process.send_signal(by)
        out, err = self.process.communicate(timeout=PATIENCE)
        return Finished(self.process.returncode, out, err)

    def get(self, path: str, **headers: str) -> int:
        request = urllib.request.Request(self.url + path, headers=headers)  # noqa: S310 -- ours
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 -- ours
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Send JSON and return the JSON that answers."""
        request = urllib.request.Request(  # noqa: S310 -- ours
            self.url + path,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 -- ours
            return json.load(answer)


Serve = Callable[..., "contextmanager[Serving]"]


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
            yield Serving(process, _greeting(process))
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()

    return served


def _greeting(process: subprocess.Popen[str]) -> str:
    """Read up to the last line that is said before serving."""
    assert process.stdout is not None
    assert process.stderr is not None
    impatience = threading.Timer(PATIENCE, process.kill)
    impatience.start()
    lines: list[str] = []
    while not lines or "Stop with Ctrl-C" not in lines[-1]:
        line = process.stdout.readline()
        if not line:
            pytest.fail(f"it ended: {process.stderr.read()}")
        lines.append(line)
    impatience.cancel()
    return "".join(lines)


def _is_one_clear_line(finished: Finished) -> bool:
    assert finished.status != 0
    (line,) = finished.err.splitlines()
    return line.startswith("Error: ")


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
    assert _is_one_clear_line(finished)
    assert port in finished.err
    assert finished.status == 1


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
        (["serve", "--host", "no.such.host.invalid"], "no.such.host.invalid"),
        (["serve", "--https", "--tls-name", "not a name"], "not a name"),
        (["serve", "missing.yaml"], "missing.yaml"),
        (["serve", "bad.yaml"], "users[0].password: Expected `str`, got `int`"),
        (["serve", "bad.txt"], ".yaml, .toml or .json"),
        (["serve", "--port", "0", "--state-dir", "bad.yaml"], "bad.yaml"),
        (["serve", "--port", "0", "--https", "--state-dir", "bad.yaml"], "bad.yaml"),
        (["no-such-command"], "no-such-command"),
        (["widget", "path", "1.2.3"], "mock-okta widget install 1.2.3"),
        (["widget", "install", "latest"], "'latest'"),
        (["widget", "install", "1.2.3"], "integrity"),
        (["widget", "install", "3.2.2", "--integrity", "sha1-x"], "sha1-x"),
        (["widget", "install", "../../etc"], "../../etc"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_is_one_clear_line(
    run: Callable[..., Finished], tmp_path: Path, arguments: list[str], named: str
) -> None:
    (tmp_path / "bad.yaml").write_text("users: [{login: a, password: 1}]")
    (tmp_path / "bad.txt").write_text("{}")
    finished = run(*arguments)
    assert _is_one_clear_line(finished)
    assert named in finished.err
    assert finished.out == ""


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
    named = {"MOCK_OKTA_SERVE_HTTPS": "1", "MOCK_OKTA_SERVE_WIDGET": "9.9.9"}
    with serve(**named, MOCK_OKTA_SERVE_TLS_NAME="org.test") as serving:
        assert serving.url.startswith("https:")
        assert "mock-okta widget install 9.9.9" in serving.greeting
    finished = run("serve", MOCK_OKTA_SERVE_PORT="many")
    assert _is_one_clear_line(finished)
    assert "'many'" in finished.err


def test_every_option_has_a_variable_named_after_it() -> None:
    options = [each for each in serve_command.params if isinstance(each, click.Option)]
    for option in options:
        flag = option.opts[0].removeprefix("--").replace("-", "_").upper()
        explicit = option.envvar or f"MOCK_OKTA_SERVE_{(option.name or '').upper()}"
        assert explicit == f"MOCK_OKTA_SERVE_{flag}"


def test_the_ca_can_be_exported(run: Callable[..., Finished], tmp_path: Path) -> None:
    exported = run("ca", "--state-dir", "state")
    assert exported.out == (tmp_path / "state" / "tls" / "ca.pem").read_text()
    assert exported.out.startswith("-----BEGIN CERTIFICATE-----")
    assert run("ca", "--state-dir", "state").out == exported.out


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


def test_it_tells_its_version_and_how_it_is_used(run: Callable[..., Finished]) -> None:
    version = run("--version")
    assert (version.status, version.err) == (0, "")
    assert mock_okta.__version__ in version.out
    for arguments in ([], ["serve"], ["widget"], ["widget", "install"]):
        for option in ("-h", "--help"):
            finished = run(*arguments, option)
            assert finished.status == 0
            assert finished.out.startswith("Usage: ")


def _put_release(environment: dict[str, str], version: str) -> Path:
    release = Path(environment["MOCK_OKTA_WIDGET_DIR"]) / version
    (release / "js").mkdir(parents=True)
    (release / "js" / "okta-sign-in.min.js").touch()
    return release


def test_widget_list_says_what_is_supported_and_what_is_here(
    run: Callable[..., Finished], environment: dict[str, str]
) -> None:
    _put_release(environment, "5.16.1")
    _put_release(environment, "6.0.0-beta.1")
    finished = run("widget", "list")
    assert finished.status == 0
    assert finished.out.splitlines() == [
        "2.21.0  not installed",
        "3.2.2  not installed",
        "5.16.1  installed",
        "6.0.0-beta.1  installed  (not a supported version)",
        "7.49.0  not installed",
    ]


def test_widget_path_is_the_directory_of_the_release(
    run: Callable[..., Finished], environment: dict[str, str]
) -> None:
    release = _put_release(environment, "3.2.2")
    finished = run("widget", "path", "3.2.2")
    assert (finished.status, finished.out) == (0, f"{release}\n")


def test_widget_install_of_what_is_here_asks_nobody(
    run: Callable[..., Finished], environment: dict[str, str], tmp_path: Path
) -> None:
    release = _put_release(environment, "3.2.2")
    finished = run("widget", "install", "3.2.2", PATH=str(tmp_path))
    assert (finished.status, finished.out) == (0, f"Widget 3.2.2 is in {release}\n")


def test_the_org_serves_the_installed_widget(serve: Serve, environment: dict[str, str]) -> None:
    _put_release(environment, "3.2.2")
    with serve() as serving:
        assert serving.get("/okta-signin-widget/3.2.2/js/okta-sign-in.min.js") == 200
        assert serving.get("/okta-signin-widget/7.49.0/js/okta-sign-in.min.js") == 404
