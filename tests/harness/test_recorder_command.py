"""The recorder's command, with a real browser, the real widget and an org in another process."""

import subprocess
import sys
from pathlib import Path

import pytest

from mock_okta_harness.builders import a_user
from mock_okta_harness.recorder import Recorded, VerificationError, load
from mock_okta_harness.running import DEMO_CLIENT_ID, RunningOrg
from tests.harness.commands import MOCK_OKTA

pytestmark = pytest.mark.browser


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MOCK_OKTA, "record", *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def recorded_by(*arguments: str, folder: Path) -> Recorded:
    path = folder / "tokens.json"
    done = run("tokens", "--out", str(path), *arguments)
    assert done.returncode == 0, done.stderr
    return load(path)


@pytest.mark.parametrize("widget", ["3.2.2", "7.49.0"])
def test_a_sign_in_by_the_page_is_recorded_with_all_that_verifies_it(
    okta_org: RunningOrg, tmp_path: Path, widget: str
) -> None:
    who = ("--login", "ann@example.com", "--password", "right-Password-1")
    recorded = recorded_by("--url", okta_org.url, "--widget", widget, *who, folder=tmp_path)
    claims = recorded.verify()
    assert claims == recorded.claims
    assert claims.access_token["sub"] == "ann@example.com"
    origin = recorded.origin
    assert (origin.issuer, origin.client_id) == (okta_org.issuer(), DEMO_CLIENT_ID)
    assert (origin.widget, origin.login) == (widget, "ann@example.com")
    assert origin.browser.startswith("chromium ")
    assert {"openid", "email"} <= set(origin.scopes)
    with pytest.raises(VerificationError):
        recorded.verify(audience="api://other")


def test_a_recording_outlives_the_org_and_its_keys(tmp_path: Path) -> None:
    recorded = recorded_by("--https", folder=tmp_path / "made" / "if-need-be")
    assert recorded.origin.issuer.startswith("https://localhost:")
    assert recorded.verify().id_token["aud"] == DEMO_CLIENT_ID


@pytest.mark.skipif(sys.platform == "win32", reason="it has other words for that")
def test_what_cannot_be_written_is_one_clear_line(okta_org: RunningOrg, tmp_path: Path) -> None:
    okta_org.control.seed(a_user())
    done = run("tokens", "--out", str(tmp_path), "--url", okta_org.url)
    assert done.returncode == 1
    assert done.stderr == f"Error: Nothing recorded: {tmp_path}: Is a directory\n"
