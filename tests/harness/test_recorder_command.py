"""The recorder's command, with a real browser, the real widget and an org in another process."""

import subprocess
import sys
from pathlib import Path

import pytest

from mock_okta_harness.builders import a_user
from mock_okta_harness.recorder import RecordedTokens, VerificationError, load_tokens
from mock_okta_harness.running import DEMO_CLIENT_ID
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


def recorded_by(*arguments: str, folder: Path) -> RecordedTokens:
    path = folder / "tokens.json"
    done = run("tokens", "--own", "--out", str(path), *arguments)
    assert done.returncode == 0, done.stderr
    return load_tokens(path)


@pytest.mark.parametrize("widget", ["3.2.2", "7.49.0"])
def test_a_sign_in_by_the_page_is_recorded_with_all_that_verifies_it(
    tmp_path: Path, widget: str
) -> None:
    recorded = recorded_by("--widget", widget, folder=tmp_path / "made" / "if-need-be")
    claims = recorded.verify()
    assert claims == recorded.claims
    assert claims.access_token["sub"] == a_user().login
    made = recorded.made
    assert (made.client_id, made.login) == (DEMO_CLIENT_ID, a_user().login)
    assert made.way == f"widget {widget}"
    assert {"openid", "email"} <= set(made.scopes)
    assert recorded.issuer.endswith("/oauth2/default")
    with pytest.raises(VerificationError):
        recorded.verify(audience="api://other")


@pytest.mark.skipif(sys.platform == "win32", reason="it has other words for that")
def test_what_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    done = run("tokens", "--own", "--out", str(tmp_path))
    assert done.returncode == 1
    assert done.stderr == f"Error: Nothing recorded: {tmp_path}: Is a directory\n"
