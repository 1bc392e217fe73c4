"""Okta's libraries for Java, unmodified, with only the variables of `mock-okta run`."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from mock_okta import KeyPool
from tests.clients.beside import CLIENT_SECONDS, DOMAIN, Beside, beside_org
from tests.clients.building import built
from tests.clients.command_line import Run
from tests.clients.conftest import OPEN_TO_CLIENTS, SECRET
from tests.docs.blocks import titled
from tests.tool_chains import needs
from tests.visiting import LOGIN, SERVICE, SPA, USER_ID, WEB

pytestmark = pytest.mark.network

SOURCES = Path(__file__).parent / "java"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
MAVEN = ("mvn", "--quiet", "--batch-mode", "-DoutputDirectory=lib")
QUICKLY = ("java", "-XX:TieredStopAtLevel=1", "-cp")  # what lives for seconds needs no optimizing


@pytest.fixture(scope="module", params=[None, DOMAIN], ids=["https", "domain"])
def beside(request: pytest.FixtureRequest, shared_pool: KeyPool) -> Iterator[Beside]:
    callback = "/login/oauth2/code/okta"
    with beside_org(request.param, OPEN_TO_CLIENTS, callback, shared_pool) as beside:
        yield beside


@pytest.fixture(scope="session")
def verifier() -> Path:
    needs("java")
    return built("java-verifier", SOURCES / "verifier", (needs("mvn"), *MAVEN[1:], COPY))


@pytest.fixture(scope="session")
def spring() -> Path:
    needs("java")
    return built("java-spring", SOURCES / "spring", (needs("mvn"), *MAVEN[1:], "compile", COPY))


@pytest.fixture(scope="module")
def app(spring: Path, beside: Beside) -> Iterator[str]:
    """The app's URL; it is signed in to as the web app of the seed."""
    port = beside.app_url.rpartition(":")[2]
    process = subprocess.Popen(
        (*QUICKLY, "target/classes:lib/*", "app.App", f"--server.port={port}"),
        cwd=spring,
        env=beside.environment(WEB),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            Run(process).wait_for("Started App")
            yield beside.app_url
        finally:
            process.kill()


def test_okta_jwt_verifier_accepts_good_tokens_and_refuses_others(
    verifier: Path, beside: Beside
) -> None:
    tokens = beside.tokens(SPA, nonce="nonce-1")
    token, id_token = tokens["access_token"], tokens["id_token"]
    done = subprocess.run(
        (*QUICKLY, "lib/*", "Verify.java", token, id_token, tampered_with(token)),
        cwd=verifier,
        env=beside.environment(SPA),
        capture_output=True,
        text=True,
        timeout=CLIENT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    access, identity, tampered, audience, nonce = done.stdout.splitlines()
    assert (access, identity) == (LOGIN, USER_ID)
    assert tampered.startswith("refused: JWT signature does not match")
    assert audience.startswith("refused: Claim `aud` was invalid")
    assert nonce.startswith("refused: Claim `nonce` does not match")


def test_a_user_signs_in_to_an_app_with_okta_spring_boot_starter(app: str, beside: Beside) -> None:
    with beside.browser() as browser:
        step = browser.get(f"{app}/", allow_redirects=False, timeout=CLIENT_SECONDS)
        step = browser.get(step.headers["Location"], allow_redirects=False, timeout=CLIENT_SECONDS)
        authorize = step.headers["Location"]
        assert authorize.startswith(f"{beside.org.issuer()}/v1/authorize?")
        page = browser.get(
            f"{authorize}&sessionToken={beside.session_token(browser)}", timeout=CLIENT_SECONDS
        )
    assert (page.status_code, page.text) == (200, "Hello, Test User")


def test_an_api_with_okta_spring_boot_starter_takes_the_org_s_access_tokens_alone(
    app: str, beside: Beside
) -> None:
    def asked_with(token: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(f"{app}/api", headers=headers, timeout=CLIENT_SECONDS)

    with beside.browser() as browser:
        answer = browser.post(
            f"{beside.org.issuer()}/v1/token",
            data={"grant_type": "client_credentials", "scope": "messages.read"},
            auth=(SERVICE, SECRET),
            timeout=CLIENT_SECONDS,
        )
    token = answer.json()["access_token"]
    assert asked_with(token).json() == {"sub": SERVICE, "scp": ["messages.read"]}
    tampered = asked_with(tampered_with(token))
    assert tampered.status_code == 401
    assert "Invalid signature" in tampered.headers["WWW-Authenticate"]
    of_a_user = beside.tokens(SPA, nonce="nonce-1")
    assert asked_with(of_a_user["access_token"]).json()["sub"] == LOGIN
    other_audience = asked_with(of_a_user["id_token"])
    assert other_audience.status_code == 401
    assert "audience" in other_audience.headers["WWW-Authenticate"]


def tampered_with(token: str) -> str:
    """The same token with another signature, of the same length."""
    head, _, signature = token.rpartition(".")
    return f"{head}.{signature[::-1]}"


@pytest.mark.parametrize("path", ["pom.xml", "src/main/java/app/App.java"])
def test_the_page_about_java_shows_the_app_that_is_run_here(path: str) -> None:
    assert titled("stacks/java.md", path) == (SOURCES / "spring" / path).read_text()
