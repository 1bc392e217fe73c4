"""gimme-aws-creds, a command-line tool that signs in by `/api/v1/authn`, unmodified, over https.

It goes as far as it can without AWS: through the sign-in, MFA included, to a session and the device
token, which it keeps for the next run.
"""

import configparser
import os
import subprocess
import sys
import threading
import venv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pyotp
import pytest

from mock_okta import (
    Config,
    KeyPool,
    MockOkta,
    Proxy,
    Seed,
    SeedFactor,
    SeedSignOnPolicy,
    SeedSignOnRule,
    SeedUser,
)
from mock_okta.trust import bundle_with_system
from mock_okta_harness.control import Control
from mock_okta_harness.expectations import expect_request

pytestmark = pytest.mark.network

PACKAGE = "gimme-aws-creds==2.8.2"
LOGIN, PASSWORD = "tester@example.com", "mock-Password-1"
TOTP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SECONDS_TO_INSTALL, SECONDS_TO_RUN = 300, 60

Runs = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def tool(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tool in an environment of its own: made by the first run, then in pytest's cache."""
    keeps = pytestconfig.pluginmanager.hasplugin("cacheprovider")
    name = PACKAGE.replace("==", "-")
    found = pytestconfig.cache.mkdir(name) if keeps else tmp_path_factory.mktemp(name)
    scripts = found / ("Scripts" if sys.platform == "win32" else "bin")
    command = scripts / "gimme-aws-creds"
    if not command.exists():
        venv.create(found, with_pip=True, clear=True)
        pip = (scripts / "python", "-m", "pip", "install", "--quiet", PACKAGE)
        done = subprocess.run(
            pip, capture_output=True, text=True, timeout=SECONDS_TO_INSTALL, check=False
        )
        assert done.returncode == 0, done.stderr
    return command


@pytest.fixture(scope="module")
def org(shared_pool: KeyPool) -> Iterator[MockOkta]:
    seed = Seed(
        users=(
            SeedUser(
                login=LOGIN,
                password=PASSWORD,
                factors=(
                    SeedFactor(factor="google_otp", secret=TOTP),
                    SeedFactor(factor="okta_push"),
                    SeedFactor(factor="okta_sms", phone_number="+1 555 010 0199"),
                ),
            ),
        ),
        sign_on_policies=(SeedSignOnPolicy(rules=(SeedSignOnRule(require_factor=True),)),),
    )
    config = Config(seed=seed).at_domain("your-org.okta.com")
    with MockOkta(config, key_pool=shared_pool) as org:
        yield org


@pytest.fixture(scope="module")
def proxy(org: MockOkta) -> Iterator[Proxy]:
    """Leads to the org by its name: the tool sends no cookies to a host with a port."""
    with Proxy(org) as proxy:
        yield proxy


@pytest.fixture
def control(org: MockOkta) -> Control:
    control = Control(org.local_url, org.ca_path)
    control.reset()
    return control


@pytest.fixture
def runs(tool: Path, org: MockOkta, proxy: Proxy, tmp_path: Path) -> Runs:
    """Run the tool with settings of its profile; it trusts the org's CA as requests does."""
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(bundle_with_system(org.ca_path.read_bytes()))
    profile = tmp_path / "profile.ini"

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        usual = {
            "okta_org_url": org.url,
            "okta_username": LOGIN,
            "okta_password": PASSWORD,
            "gimme_creds_server": "appurl",
            "app_url": f"{org.url}/app/UserHome",
            "enable_keychain": "False",
            "cred_profile": "default",
        }
        written = configparser.RawConfigParser()
        written["DEFAULT"] = usual | settings
        with profile.open("w") as file:
            written.write(file)
        return subprocess.run(
            (tool, *arguments),
            capture_output=True,
            text=True,
            env=os.environ
            | {
                "OKTA_CONFIG": str(profile),
                "HOME": str(tmp_path),
                "REQUESTS_CA_BUNDLE": str(bundle),
                "HTTPS_PROXY": proxy.url,
            },
            timeout=SECONDS_TO_RUN,
            check=False,
        )

    return run


def kept(tmp_path: Path) -> Mapping[str, str]:
    profile = configparser.RawConfigParser()
    profile.read(tmp_path / "profile.ini")
    return profile["DEFAULT"]


def test_a_code_leads_to_a_session(runs: Runs, control: Control, tmp_path: Path) -> None:
    code = pyotp.TOTP(TOTP).at(control.clock.now())
    done = runs("--register-device", "--mfa-code", code, preferred_mfa_type="token:software:totp")
    assert done.returncode == 0, done.stderr
    assert kept(tmp_path)["device_token"].startswith("DI0")
    (session,) = control.sessions()
    assert session.login == LOGIN
    assert set(session.amr) == {"mfa", "otp", "pwd"}


def test_an_approved_push_leads_to_a_session(runs: Runs, control: Control) -> None:
    approving = threading.Thread(target=_approve_the_first, args=(control,))
    approving.start()
    done = runs("--register-device", preferred_mfa_type="push")
    approving.join()
    assert done.returncode == 0, done.stderr
    (session,) = control.sessions()
    assert "mfa" in session.amr


def test_a_remembered_device_needs_no_code(runs: Runs, control: Control, tmp_path: Path) -> None:
    code = pyotp.TOTP(TOTP).at(control.clock.now())
    first = runs(
        "--register-device",
        "--mfa-code",
        code,
        "--remember-device",
        preferred_mfa_type="token:software:totp",
    )
    assert first.returncode == 0, first.stderr
    again = runs(device_token=kept(tmp_path)["device_token"])
    # It is through, and misses what comes after: the page of an app at AWS.
    assert "Did not receive SAML Response after successful authentication" in again.stderr
    assert len(control.requests(path="/api/v1/authn")) == 2
    assert len(control.requests(path="*/verify")) == 1


@pytest.mark.parametrize(
    ("code", "password", "said"),
    [
        ("000000", PASSWORD, "403 Client Error: Forbidden"),
        ("000000", "a wrong one", "Authentication failed | Error Code: E0000004"),
    ],
)
def test_a_wrong_proof_does_not(
    runs: Runs, control: Control, code: str, password: str, said: str
) -> None:
    done = runs(
        "--register-device",
        "--mfa-code",
        code,
        preferred_mfa_type="token:software:totp",
        okta_password=password,
    )
    assert done.returncode != 0
    assert said in done.stderr
    assert control.sessions() == ()


def _approve_the_first(control: Control) -> None:
    expect_request(control, method="POST", path="*/verify", within=SECONDS_TO_RUN)
    control.approve_push()
