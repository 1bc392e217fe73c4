"""`oauth2-proxy`, unmodified, with the variables of `mock-okta run`: it lets signed-in users in.

It takes minutes to build: `nox -s clients` does.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from mock_okta import KeyPool
from tests.clients.beside import CLIENT_SECONDS, DOMAIN, Beside, beside_org
from tests.clients.building import once, run
from tests.clients.command_line import Run
from tests.clients.conftest import OPEN_TO_CLIENTS
from tests.tool_chains import needs
from tests.visiting import LOGIN, USER_ID, WEB

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(
        "SLOW_CLIENTS" not in os.environ, reason="takes minutes to build: nox -s clients"
    ),
]

VERSION = "v7.15.6"
OPTIONS = (
    "--provider=oidc",
    "--email-domain=*",
    "--upstream=static://202",
    "--cookie-secret=0123456789abcdef0123456789abcdef",
    "--cookie-secure=false",
    "--skip-provider-button",
    "--code-challenge-method=S256",
    "--insecure-oidc-skip-nonce=false",
    "--set-xauthrequest",
)


@pytest.fixture(scope="module", params=[None, DOMAIN], ids=["https", "domain"])
def beside(request: pytest.FixtureRequest, shared_pool: KeyPool) -> Iterator[Beside]:
    with beside_org(request.param, OPEN_TO_CLIENTS, "/oauth2/callback", shared_pool) as beside:
        yield beside


@pytest.fixture(scope="session")
def command() -> Path:
    go = needs("go")

    def install(made: Path) -> None:
        package = f"github.com/oauth2-proxy/oauth2-proxy/v7@{VERSION}"
        run((go, "install", package), made, GOBIN=str(made))

    return once(f"oauth2-proxy-{VERSION}", install) / "oauth2-proxy"


@pytest.fixture(scope="module")
def app(command: Path, beside: Beside) -> Iterator[str]:
    """The URL of what it stands before."""
    environment = beside.environment(WEB)
    own = {
        "http-address": f"127.0.0.1:{beside.app_url.rpartition(':')[2]}",
        "redirect-url": f"{beside.app_url}/oauth2/callback",
        "oidc-issuer-url": environment["ISSUER"],
        "client-id": environment["CLIENT_ID"],
        "client-secret": environment["CLIENT_SECRET"],
    }
    process = subprocess.Popen(
        (command, *OPTIONS, *(f"--{name}={value}" for name, value in own.items())),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            Run(process).wait_for("OAuthProxy configured")
            is_reached(beside.app_url)
            yield beside.app_url
        finally:
            process.kill()


def is_reached(app: str) -> None:
    """It says that it is set up, and not that it listens: it is asked again while it does not."""
    with requests.Session() as session:
        again = Retry(connect=50, backoff_factor=0.1, backoff_max=1)
        session.mount(app, HTTPAdapter(max_retries=again))
        assert session.get(f"{app}/ping", timeout=CLIENT_SECONDS).status_code == 200


def asked(browser: requests.Session, url: str, *, follow: bool) -> requests.Response:
    return browser.get(url, allow_redirects=follow, timeout=CLIENT_SECONDS)


def test_a_user_who_signs_in_at_the_org_is_let_in(app: str, beside: Beside) -> None:
    with beside.browser() as browser:
        authorize = asked(browser, f"{app}/page?a=1", follow=False).headers["Location"]
        assert authorize.startswith(f"{beside.org.issuer()}/v1/authorize?")
        token = beside.session_token(browser)
        page = asked(browser, f"{authorize}&sessionToken={token}", follow=True)
        assert (page.status_code, page.url) == (202, f"{app}/page?a=1")
        who = asked(browser, f"{app}/oauth2/userinfo", follow=False).json()
        assert (who["user"], who["email"]) == (USER_ID, LOGIN)


def test_others_are_sent_to_the_org(app: str, beside: Beside) -> None:
    with beside.browser() as browser:
        page = asked(browser, app, follow=True)
    assert page.url.startswith(f"{beside.org.url}/login/login.htm?fromURI=")
