"""`gimme-aws-creds`, unmodified, signs in by `/api/v1/authn` over https, a factor included.

It goes as far as it does without AWS: to a session and a device token, to an access token for its
own server, and to the door of the SAML app, which the org does not have.
"""

import configparser
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pyotp
import pytest
import requests

from mock_okta import (
    Config,
    KeyPool,
    MockOkta,
    SeedClient,
    SeedFactor,
    SeedSignOnPolicy,
    SeedSignOnRule,
    SeedUser,
)
from tests.clients.command_line import Run, installed
from tests.visiting import LOGIN, PASSWORD, SEED

PACKAGE, VERSION = "gimme-aws-creds", "2.8.2"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CLIENT_ID = "0oa1gimme0000000000h7"
FACTORS = (
    SeedFactor(factor="google_otp", secret=SECRET),
    SeedFactor(factor="okta_sms", phone_number="+14155556688"),
    SeedFactor(factor="okta_push", number_challenge=True),
)
WITH_FACTORS = msgspec.structs.replace(
    SEED,
    users=(SeedUser(login=LOGIN, password=PASSWORD, factors=FACTORS),),
    sign_on_policies=(SeedSignOnPolicy(rules=(SeedSignOnRule(require_factor=True),)),),
    clients=(
        *SEED.clients,
        SeedClient(
            name="Gimme",
            type="spa",
            client_id=CLIENT_ID,
            grant_types=("implicit",),
            login_redirect_uris=("http://localhost:8080/login",),  # the tool's own
        ),
    ),
)

pytestmark = pytest.mark.process

Begins = Callable[..., Run]


@pytest.fixture(scope="session")
def environment() -> Path:
    return installed(PACKAGE, VERSION)


@pytest.fixture(scope="module")
def strict_org(shared_pool: KeyPool) -> Iterator[MockOkta]:
    with MockOkta(
        Config(engine="classic", tls=True, seed=WITH_FACTORS), key_pool=shared_pool
    ) as org:
        yield org


@pytest.fixture(autouse=True)
def everything_is_as_seeded(strict_org: MockOkta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(strict_org.ca_path))
    requests.post(f"{strict_org.url}/_mock/reset", timeout=9).raise_for_status()


@pytest.fixture
def config_path(strict_org: MockOkta, tmp_path: Path) -> Path:
    """What `--action-configure` writes for an org of the Classic Engine."""
    config = configparser.ConfigParser()
    config["DEFAULT"] = {
        "okta_org_url": strict_org.url,
        "okta_username": LOGIN,
        "app_url": f"{strict_org.url}/home/amazon_aws/0oa1aws000000000000h7/272",
        "gimme_creds_server": "appurl",
        "client_id": CLIENT_ID,
        "okta_auth_server": "default",
        "write_aws_creds": "False",
        "cred_profile": "role",
        "output_format": "json",
        "resolve_aws_alias": "False",
        "enable_keychain": "False",
    }
    path = tmp_path / "okta_aws_login_config"
    with path.open("w") as file:
        config.write(file)
    return path


@pytest.fixture
def begins(
    environment: Path, strict_org: MockOkta, config_path: Path, tmp_path: Path
) -> Iterator[Begins]:
    """Run the tool with a factor of that type preferred."""
    runs = []

    def begin(kind: str, *words: str, password: str = PASSWORD, **changes: str) -> Run:
        configured = read(config_path)
        configured["DEFAULT"].update({"preferred_mfa_type": kind, **changes})
        with config_path.open("w") as file:
            configured.write(file)
        env = {
            "HOME": str(tmp_path),
            "OKTA_CONFIG": str(config_path),
            "OKTA_PASSWORD": password,
            "REQUESTS_CA_BUNDLE": str(strict_org.ca_path),
        }
        run = Run.of(environment, PACKAGE, *words, env=env)
        runs.append(run)
        return run

    yield begin
    for run in runs:
        with run.process:
            run.process.kill()


def read(path: Path) -> Any:
    config = configparser.ConfigParser()
    config.read(path)
    return config


def mock(org: MockOkta, what: str) -> list[dict[str, Any]]:
    body: dict[str, Any] = requests.get(f"{org.url}/_mock/{what}", timeout=9).json()
    listed: list[dict[str, Any]] = body[{"outbox": "messages", "push": "pushes"}.get(what, what)]
    return listed


def code(org: MockOkta) -> str:
    return pyotp.TOTP(SECRET).at(org.clock.now())


def test_a_code_brings_a_session_and_a_device_token(
    strict_org: MockOkta, begins: Begins, config_path: Path
) -> None:
    words = ("--action-register-device", "--mfa-code", code(strict_org))
    status, said = begins("token:software:totp", *words).end()
    assert (status, "Device token saved!" in said) == (0, True), said
    (session,) = mock(strict_org, "sessions")
    assert session["login"] == LOGIN
    assert sorted(session["amr"]) == ["mfa", "otp", "pwd"]
    assert read(config_path)["DEFAULT"]["device_token"].startswith("DI0")


def test_a_push_is_polled_until_it_is_approved_by_its_number(
    strict_org: MockOkta, begins: Begins
) -> None:
    run = begins("push", "--action-register-device")
    run.wait_for("Additional factor correct answer is: ")
    (push,) = mock(strict_org, "push")
    run.wait_for(f"answer is: {push['number']}")
    answer = {"answer": "approve", "number": push["number"]}
    requests.post(f"{strict_org.url}/_mock/push/{push['id']}", json=answer, timeout=9)
    status, said = run.end()
    assert (status, "Device token saved!" in said) == (0, True), said
    (session,) = mock(strict_org, "sessions")
    assert "swk" in session["amr"]


def test_a_code_that_was_sent_is_asked_for(strict_org: MockOkta, begins: Begins) -> None:
    run = begins("sms", "--action-register-device")
    run.wait_for("Enter verification code: ")
    assert "A verification code has been sent to +1 XXX-XXX-6688" in run.said
    run.answer(mock(strict_org, "outbox")[-1]["passcode"])
    status, said = run.end()
    assert (status, "Device token saved!" in said) == (0, True), said


@pytest.mark.parametrize(
    ("password", "passcode", "words"),
    [
        ("wrong", "", "Authentication failed | Error Code: E0000004"),
        (PASSWORD, "000000", "403 Client Error"),
    ],
)
def test_what_is_wrong_brings_no_session(
    strict_org: MockOkta, begins: Begins, password: str, passcode: str, words: str
) -> None:
    tried = ("--action-register-device", "--mfa-code", passcode)
    status, said = begins("token:software:totp", *tried, password=password).end()
    assert status != 0
    assert words in said
    assert mock(strict_org, "sessions") == []


@dataclass
class CredsServer:
    """The tool's own server, which lists a user's AWS apps to who has an access token."""

    app_link: str
    tokens: list[str] = field(default_factory=list)

    def serve(self) -> HTTPServer:
        creds_server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                creds_server.tokens.append(self.headers["Authorization"].partition(" ")[2])
                links = {"appLink": creds_server.app_link, "appLogo": ""}
                body = msgspec.json.encode([{"id": "1", "name": "AWS", "links": links}])
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        return HTTPServer(("127.0.0.1", 0), Handler)


def test_an_access_token_opens_the_tools_own_server_and_the_app_is_the_end(
    strict_org: MockOkta, begins: Begins
) -> None:
    app_link = f"{strict_org.url}/home/amazon_aws/0oa1aws000000000000h7/272"
    creds_server = CredsServer(app_link)
    with creds_server.serve() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        words = ("--action-list-roles", "--mfa-code", code(strict_org))
        url = f"http://127.0.0.1:{server.server_port}/"
        config = {"gimme_creds_server": url, "device_token": "DI0gimme00000000000000000"}
        status, said = begins("token:software:totp", *words, **config).end()
        server.shutdown()
        thread.join()
    (token,) = creds_server.tokens
    form = {"token": token, "client_id": CLIENT_ID}
    introspected = requests.post(f"{strict_org.issuer()}/v1/introspect", form, timeout=9).json()
    assert (introspected["active"], introspected["sub"]) == (True, LOGIN)
    # Without AWS there is no SAML app: the org has none, as Okta has none of that id.
    assert status != 0
    assert f"404 Client Error: Not Found for url: {app_link}" in said
