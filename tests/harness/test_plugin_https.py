"""The plugin with an org that serves https, its browser's checks on: pytest inside pytest."""

import sys

import pytest

from mock_okta import Config, KeyPool, MockOkta
from tests.harness.conftest import passes

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system's store counts"),
]

OVER_HTTPS = """
import pytest
from mock_okta import Config

@pytest.fixture(scope="session")
def okta_config():
    return Config(tls=True)
"""


def test_the_browser_trusts_the_org_s_ca_and_no_other(project: pytest.Pytester) -> None:
    project.makeconftest(OVER_HTTPS)
    tests = """
    import pytest
    from mock_okta import Config, MockOkta

    def test_a_user_signs_in(signed_in_page):
        assert signed_in_page.url.startswith("https://localhost:")

    def test_another_org_is_a_stranger(page, okta_key_pool):
        with MockOkta(Config(tls=True), key_pool=okta_key_pool) as other:
            with pytest.raises(Exception, match="ERR_CERT_AUTHORITY_INVALID"):
                page.goto(other.url)
    """
    passes(project, tests, count=2)


def test_it_trusts_the_ca_of_an_org_in_another_process(
    project: pytest.Pytester, shared_pool: KeyPool
) -> None:
    with MockOkta(Config(tls=True), key_pool=shared_pool) as org:
        tests = """
        def test_a_user_signs_in(signed_in_page, okta_url):
            assert signed_in_page.url == f"{okta_url}/app/UserHome"
        """
        where = ("--okta-url", org.url, "--okta-ca-file", org.ca_path)
        passes(project, tests, *where, count=1)


def test_orgs_of_tests_of_their_own_are_no_matter_of_the_browser(project: pytest.Pytester) -> None:
    project.makeconftest(OVER_HTTPS)
    tests = """
    def test_it_keeps_its_home(browser_type_launch_args):
        assert "env" not in browser_type_launch_args
    """
    passes(project, tests, "--okta-scope", "function", count=1)


def test_a_browser_that_checks_nothing_needs_no_ca(project: pytest.Pytester) -> None:
    ignoring = """
@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "ignore_https_errors": True}
"""
    project.makeconftest(OVER_HTTPS + ignoring)
    tests = """
    def test_it_keeps_its_home(browser_type_launch_args, signed_in_page):
        assert "env" not in browser_type_launch_args
        assert signed_in_page.url.startswith("https://localhost:")
    """
    passes(project, tests, count=1)
