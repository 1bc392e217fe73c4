"""The markers for seed, faults and time, as other projects use them."""

import pytest

from tests.harness.conftest import run_here

MARKED = """
import asyncio
from datetime import datetime, timezone
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from mock_okta_harness import faults
from mock_okta_harness.builders import a_user, an_app
from mock_okta_harness.control import Control

pytestmark = pytest.mark.okta_seed({"trusted_origins": ["http://localhost:9999"]})
NEW_YEAR = datetime(2031, 1, 1, tzinfo=timezone.utc)
KEYS = "/oauth2/default/v1/keys"

def logins(control):
    return [user.login for user in control.org().users]

@pytest.mark.okta_seed(a_user("of-class@example.com"))
class TestSeeds:
    @pytest.mark.okta_seed(a_user("of-test@example.com").locked_out(), an_app("My app"))
    def test_of_module_class_and_test(self, okta_control):
        assert {"of-class@example.com", "of-test@example.com"} <= set(logins(okta_control))
        assert "http://localhost:9999" in okta_control.org().trusted_origins

    def test_of_another_test_are_gone(self, okta_control):
        assert "of-class@example.com" in logins(okta_control)
        assert "of-test@example.com" not in logins(okta_control)

    @pytest.mark.okta_seed(a_user("of-class@example.com", "another-Password-1"))
    def test_the_nearest_counts(self, okta_control):
        users = {user.login: user.password for user in okta_control.org().users}
        assert users["of-class@example.com"] == "another-Password-1"

@pytest.mark.okta_fault(faults.status(503).on(KEYS))
def test_a_fault(okta_issuer):
    with pytest.raises(HTTPError, match="503") as refusal:
        urlopen(okta_issuer + "/v1/keys")
    refusal.value.close()
    urlopen(okta_issuer + "/v1/keys").close()

@pytest.mark.okta_fault(faults.status(503).on(KEYS), must_fire=False)
def test_a_fault_that_may_not_fire(): pass

@pytest.mark.okta_clock(at=NEW_YEAR, frozen=True)
def test_a_frozen_clock(okta_control):
    assert okta_control.clock.now() == NEW_YEAR
    assert okta_control.clock.is_frozen()

@pytest.mark.okta_clock(NEW_YEAR)
def test_a_running_clock(okta_clock):
    assert okta_clock.now() >= NEW_YEAR
    assert not okta_clock.is_frozen()

@pytest.mark.okta_clock(NEW_YEAR, frozen=True)
@pytest.mark.okta_seed(a_user("of-test@example.com"))
@pytest.mark.okta_fault(faults.status(503).on(KEYS))
async def test_in_the_tests_own_loop(okta_org_in_loop, okta_client):
    control = Control(okta_org_in_loop.url)
    assert "of-test@example.com" in await asyncio.to_thread(logins, control)
    assert okta_org_in_loop.clock.now() == NEW_YEAR
    async with okta_client.get(KEYS) as answer:
        assert answer.status == 503
"""


def test_markers_make_the_org_of_a_test(strict_project: pytest.Pytester) -> None:
    strict_project.makepyfile(MARKED)
    strict_project.runpytest_subprocess().assert_outcomes(passed=8)


def test_a_fault_that_no_request_met_fails_its_test(strict_project: pytest.Pytester) -> None:
    strict_project.makepyfile("""
    from urllib.request import urlopen
    import pytest
    from mock_okta_harness import faults

    FAULT = faults.status(503).on("/oauth2/default/v1/token")

    @pytest.mark.okta_fault(FAULT)
    def test_in_vain(okta_issuer):
        urlopen(okta_issuer + "/v1/keys").close()

    @pytest.mark.okta_fault(FAULT)
    async def test_in_vain_in_the_loop(okta_org_in_loop): pass

    @pytest.mark.okta_fault(FAULT)
    def test_one_that_failed_already(okta_org): assert False

    def test_planned_by_the_test_itself(okta_control):
        okta_control.plan_fault(FAULT)
    """)
    result = run_here(strict_project, "--okta-traffic=never")
    result.assert_outcomes(passed=3, failed=1, errors=2)
    result.stdout.fnmatch_lines(
        [
            "*ERROR at teardown of test_in_vain _*",
            "These faults of okta_fault did not fire (must_fire=False allows that):",
            "  status(path='/oauth2/default/v1/token', times=1, status=503)",
            "The requests to the org:",
            "  GET /oauth2/default/v1/keys → 200",
            "*ERROR at teardown of test_in_vain_in_the_loop _*",
            "*planned faults that never fired*",
            "*::test_planned_by_the_test_itself: status(*path='/oauth2/default/v1/token'*",
        ]
    )


MISTAKES = {
    "okta_seed()": "it takes parts of a seed",
    "okta_seed(3)": "it takes builders, mappings or mock_okta's Seed, not 3",
    "okta_seed(user={})": "it takes parts of a seed",
    "okta_fault()": "it takes faults, such as",
    "okta_fault(503)": "it takes faults of mock_okta_harness.faults, not 503",
    "okta_fault(faults.dropped(), must_fire=1)": "it takes faults",
    "okta_clock()": "it takes a datetime with a time zone",
    "okta_clock(datetime(2031, 1, 1))": "it takes a datetime with a time zone",
    "okta_clock(NEW_YEAR, True, 1)": "it takes a datetime with a time zone",
    "okta_clock(NEW_YEAR, freeze=True)": "it takes a datetime with a time zone",
}


def test_wrong_arguments_are_reported(strict_project: pytest.Pytester) -> None:
    tests = "\n".join(
        f"@pytest.mark.{mark}\ndef test_{number}(): pass" for number, mark in enumerate(MISTAKES)
    )
    strict_project.makepyfile(
        "from datetime import UTC, datetime\nimport pytest\nfrom mock_okta_harness import faults\n"
        f"NEW_YEAR = datetime(2031, 1, 1, tzinfo=UTC)\n{tests}"
    )
    result = run_here(strict_project, "-rN")
    result.assert_outcomes(errors=len(MISTAKES))
    told = [line for line in result.outlines if line.startswith("@pytest.mark")]
    assert len(told) == len(MISTAKES)
    for line, (mark, takes) in zip(told, MISTAKES.items(), strict=True):
        assert line.startswith(f"@pytest.mark.{mark.partition('(')[0]}(")
        assert takes in line


def test_the_markers_are_listed_with_what_they_mean(strict_project: pytest.Pytester) -> None:
    listed = run_here(strict_project, "--markers").stdout
    listed.fnmatch_lines(
        [
            "@pytest.mark.okta_seed(*parts): *",
            "@pytest.mark.okta_fault(*faults, must_fire=True): *",
            "@pytest.mark.okta_clock(at, frozen=False): *",
        ]
    )
