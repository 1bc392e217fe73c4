"""What the org recorded goes into the report of a test that failed, and beside its trace."""

from pathlib import Path

import pytest

from tests.harness.conftest import INI, run_here

TESTS = """
import pytest
from urllib.error import HTTPError
from urllib.request import urlopen

def refused(issuer):
    form = b"grant_type=client_credentials&client_id=0oa9&client_secret=a-secret"
    with pytest.raises(HTTPError) as refusal:
        urlopen(issuer + "/v1/token", form)
    refusal.value.close()

def test_that_fails(okta_issuer):
    refused(okta_issuer)
    assert False

def test_that_passes(okta_issuer):
    refused(okta_issuer)

@pytest.fixture
def broken(okta_issuer):
    refused(okta_issuer)
    raise RuntimeError("in the set-up")

def test_whose_fixture_fails(broken): pass

async def test_that_fails_in_its_own_loop(okta_client):
    form = {"grant_type": "client_credentials", "client_id": "0oa9", "client_secret": "a-secret"}
    async with okta_client.post("/oauth2/default/v1/token", data=form) as answer:
        assert answer.status == 200
"""
REFUSED = [
    "*POST /oauth2/default/v1/token → 401, client 0oa9",
    "    why: *no client '0oa9'*",
]


def sections(result: pytest.RunResult) -> int:
    return sum("mock_okta: recorded requests" in line for line in result.outlines)


def test_a_failure_comes_with_the_requests_and_the_orgs_reasons(
    strict_project: pytest.Pytester,
) -> None:
    strict_project.makepyfile(TESTS)
    result = strict_project.runpytest_subprocess("-rA")
    result.assert_outcomes(failed=2, passed=1, errors=1)
    fixture, plain, in_loop = "test_whose_fixture_fails", "test_that_fails", "own_loop"
    result.stdout.fnmatch_lines(
        [f"*ERROR at setup of {fixture}*", "*mock_okta: recorded requests*", *REFUSED]
    )
    result.stdout.fnmatch_lines([f"*_ {plain} _*", "*mock_okta: recorded requests*", *REFUSED])
    result.stdout.fnmatch_lines([f"*{in_loop} _*", "*mock_okta: recorded requests*", *REFUSED])
    assert sections(result) == 3


def test_the_requests_are_there_always_or_never_if_one_wants(
    strict_project: pytest.Pytester,
) -> None:
    strict_project.makeini(f"{INI}\nokta_traffic = never\n")
    strict_project.makepyfile(TESTS)
    assert sections(run_here(strict_project, "-rA")) == 0
    assert sections(run_here(strict_project, "-rA", "--okta-traffic=always")) == 4


@pytest.mark.browser
def test_the_requests_are_written_beside_playwrights_trace(strict_project: pytest.Pytester) -> None:
    strict_project.makepyfile("""
    def test_that_fails(signed_in_page):
        assert False

    def test_that_passes(page, okta_url):
        page.goto(okta_url)
    """)
    result = strict_project.runpytest_subprocess("--tracing=retain-on-failure")
    result.assert_outcomes(failed=1, passed=1)
    (folder,) = Path("test-results").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == ["okta-requests.txt", "trace.zip"]
    written = (folder / "okta-requests.txt").read_text("utf-8")
    assert "POST /idp/idx/identify → 200, user tester@example.com" in written
