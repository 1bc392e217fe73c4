"""Orgs in test cases of unittest, run by pytest or by unittest itself."""

import subprocess
import sys

import pytest

OUR_CASE = """
import unittest
from mock_okta import Config
from mock_okta_harness.builders import a_user
from mock_okta_harness.testcase import OktaTestCase

class Shared:
    def test_a(self):
        self.seeds_what_the_next_is_not_to_find()

    def test_b(self):
        self.seeds_what_the_next_is_not_to_find()

    def seeds_what_the_next_is_not_to_find(self):
        logins = [user.login for user in self.okta.control.org().users]
        self.assertNotIn("guest@example.com", logins)
        self.okta.control.seed(a_user("guest@example.com"))

class TestPlain(Shared, OktaTestCase):
    def test_c(self):
        self.assertEqual(self.okta.control.org().url, self.okta.url)

class TestWithSettings(Shared, OktaTestCase):
    okta_config = Config(tls=True)

    def test_c(self):
        self.assertTrue(self.okta.url.startswith("https://"))
        self.assertIsNotNone(self.okta.ca_file)
"""


def test_our_test_case_has_an_org_under_pytest(strict_project: pytest.Pytester) -> None:
    strict_project.makepyfile(OUR_CASE)
    strict_project.runpytest_subprocess().assert_outcomes(passed=6)


def test_our_test_case_has_an_org_without_pytest(strict_project: pytest.Pytester) -> None:
    strict_project.makepyfile(test_case=OUR_CASE)
    run = subprocess.run(
        [sys.executable, "-W", "error", "-m", "unittest", "-v", "test_case"],
        check=False,
        cwd=strict_project.path,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert "Ran 6 tests" in run.stderr


def test_fixtures_and_markers_are_there_for_test_cases_that_use_them(
    strict_project: pytest.Pytester,
) -> None:
    strict_project.makepyfile("""
    import unittest
    import pytest
    from mock_okta_harness.builders import a_user

    class TestIt(unittest.TestCase):
        @pytest.fixture(autouse=True)
        def _with_an_org(self, okta_org):
            self.okta = okta_org

        @pytest.mark.okta_seed(a_user("guest@example.com"))
        def test_a(self):
            logins = [user.login for user in self.okta.control.org().users]
            self.assertIn("guest@example.com", logins)

        def test_b(self):
            logins = [user.login for user in self.okta.control.org().users]
            self.assertNotIn("guest@example.com", logins)
    """)
    strict_project.runpytest_subprocess().assert_outcomes(passed=2)
