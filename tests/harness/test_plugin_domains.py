"""The plugin with an org at a domain: pytest inside pytest."""

import sys

import pytest

from mock_okta import Config, KeyPool, MockOkta
from mock_okta_harness.browser import resolver_rules
from tests.harness.conftest import PLAIN_INI, passes

AT_A_DOMAIN = """
import pytest
from mock_okta import Config

@pytest.fixture(scope="session")
def okta_config():
    return Config().at_domain("your-org.okta.com")
"""
DISCOVERY = """
import ssl
import urllib.request

DISCOVERY = "https://your-org.okta.com/oauth2/default/.well-known/openid-configuration"

def status_by(proxy, org):
    trust = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=org.ca_file))
    by_proxy = urllib.request.ProxyHandler({"https": proxy.url})
    with urllib.request.build_opener(trust, by_proxy).open(DISCOVERY, timeout=20) as answer:
        return answer.status
"""
only_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere the system's store counts"
)


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """One where pytest-asyncio is as it comes."""
    pytester.makeini(PLAIN_INI)
    return pytester


@only_linux
@pytest.mark.browser
def test_the_browser_takes_the_domain_for_the_org_and_trusts_it(project: pytest.Pytester) -> None:
    project.makeconftest(AT_A_DOMAIN)
    tests = """
    def test_a_user_signs_in(signed_in_page, okta_issuer):
        assert signed_in_page.url == "https://your-org.okta.com/app/UserHome"
        assert okta_issuer == "https://your-org.okta.com/oauth2/default"
    """
    passes(project, tests, count=1)


def test_a_proxy_leads_to_the_org_at_its_domain(project: pytest.Pytester) -> None:
    project.makeconftest(AT_A_DOMAIN)
    tests = """
def test_a_program_finds_it(okta_proxy, okta_org):
    assert status_by(okta_proxy, okta_org) == 200
    assert okta_org.control.org().url == okta_org.url == "https://your-org.okta.com"
"""
    passes(project, DISCOVERY + tests, count=1)


def test_a_project_adds_its_own_app_s_names(project: pytest.Pytester) -> None:
    project.makeconftest("""
    import pytest

    @pytest.fixture(scope="session")
    def okta_app_routes():
        return {"app.example.test:443": "127.0.0.1:9000"}
    """)
    tests = """
    def test_they_are_known(okta_routes, browser_type_launch_args, okta_org):
        assert okta_routes == {"app.example.test:443": "127.0.0.1:9000"}
        assert okta_org.certificate is None  # it serves http
        rules = "--host-resolver-rules=MAP app.example.test:443 127.0.0.1:9000"
        assert rules in browser_type_launch_args["args"]
    """
    passes(project, tests, count=1)


def test_an_org_of_a_test_s_own_has_a_proxy_and_no_browser(project: pytest.Pytester) -> None:
    project.makeconftest(AT_A_DOMAIN)
    tests = """
def test_a_program_finds_it(okta_proxy, okta_org):
    assert status_by(okta_proxy, okta_org) == 200

def test_another_one_finds_another(okta_proxy, okta_org):
    assert status_by(okta_proxy, okta_org) == 200

def test_a_browser_would_not(browser_type_launch_args):
    pass
"""
    project.makepyfile(DISCOVERY + tests)
    run = project.runpytest_subprocess("--okta-scope", "function")
    run.assert_outcomes(passed=2, errors=1)
    run.stdout.fnmatch_lines(["*UsageError: a browser lives for the whole run*"])


def test_an_org_at_a_domain_may_run_in_another_process(
    project: pytest.Pytester, shared_pool: KeyPool
) -> None:
    with MockOkta(Config().at_domain("your-org.okta.com"), key_pool=shared_pool) as org:
        tests = """
def test_it_is_found_and_driven(okta_proxy, okta_org, okta_routes):
    assert status_by(okta_proxy, okta_org) == 200
    assert okta_org.issuer() == "https://your-org.okta.com/oauth2/default"
    assert set(okta_routes) == {"your-org.okta.com:443", "*.oktacdn.com:443"}
"""
        urls = ("--okta-url", org.local_url, "--okta-public-url", org.url)
        passes(project, DISCOVERY + tests, *urls, "--okta-ca-file", org.ca_path, count=1)


def test_a_name_s_rule_comes_before_that_of_all_names_above_it() -> None:
    routes = {"*.example.test:443": "127.0.0.1:1", "app.example.test:443": "127.0.0.1:2"}
    (option,) = resolver_rules(routes)
    assert option == (
        "--host-resolver-rules="
        "MAP app.example.test:443 127.0.0.1:2, MAP *.example.test:443 127.0.0.1:1"
    )
    assert resolver_rules({}) == []
