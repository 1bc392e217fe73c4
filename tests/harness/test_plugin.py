"""The plugin as other projects meet it: pytest inside pytest, with a real org."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from mock_okta.browser.widget.releases import DIRECTORY_VARIABLE
from mock_okta_harness.running import RunningOrg
from tests.harness.conftest import passes


def test_an_org_is_there_and_every_test_finds_it_as_new(project: pytest.Pytester) -> None:
    tests = """
    from mock_okta_harness.builders import a_user

    def logins(control):
        return {user.login for user in control.org().users}

    def test_one_test_seeds(okta_org):
        okta_org.control.seed(a_user("second@example.com"))
        assert "second@example.com" in logins(okta_org.control)

    def test_the_next_finds_nothing_of_it(okta_control, okta_url, okta_issuer):
        assert logins(okta_control) == {"tester@example.com"}
        assert okta_control.org().url == okta_url
        assert okta_issuer == f"{okta_url}/oauth2/default"
    """
    passes(project, tests, count=2)


def test_a_project_may_set_the_org_up_in_its_own_way(project: pytest.Pytester) -> None:
    project.makeconftest("""
    import pytest
    from mock_okta import Config, Seed, SeedUser

    @pytest.fixture(scope="session")
    def okta_config():
        return Config(seed=Seed(users=(SeedUser(login="second@example.com", password="pass-1"),)))
    """)
    tests = """
    def test_the_org_is_the_projects_own(okta_control):
        assert [user.login for user in okta_control.org().users] == ["second@example.com"]
    """
    passes(project, tests, count=1)


@pytest.mark.parametrize(
    ("ini", "options", "engine"),
    [
        ("", (), "idx"),
        ("okta_engine = classic", (), "v1"),
        ("", ("--okta-engine=classic",), "v1"),
    ],
)
def test_a_project_chooses_the_engine(
    project: pytest.Pytester, ini: str, options: tuple[str, ...], engine: str
) -> None:
    project.makefile(".ini", pytest=f"[pytest]\n{ini}\n")
    project.makepyfile(f"""
    import json
    from urllib.request import urlopen

    def test_the_org_says_which_one_it_runs(okta_url):
        told = json.load(urlopen(okta_url + "/.well-known/okta-organization"))
        assert told["pipeline"] == {engine!r}
    """)
    project.runpytest_subprocess(*options).assert_outcomes(passed=1)


def test_the_harness_speaks_https_to_an_org_that_does(project: pytest.Pytester) -> None:
    project.makeconftest("""
    import pytest
    from mock_okta import Config

    @pytest.fixture(scope="session")
    def okta_config():
        return Config(tls=True)
    """)
    tests = """
    def test_shared_org(okta_control, okta_url):
        assert okta_url.startswith("https://localhost:")
        assert okta_control.org().url == okta_url

    async def test_org_in_the_tests_own_loop(okta_client):
        async with okta_client.get("/.well-known/okta-organization") as answer:
            assert answer.status == 200
            assert answer.url.scheme == "https"
    """
    passes(project, tests, count=2)


def test_an_org_runs_in_the_tests_own_event_loop(project: pytest.Pytester) -> None:
    tests = """
    import asyncio
    from mock_okta_harness.control import Control

    async def test_by_the_client(okta_client, okta_org_in_loop):
        discovery = "/oauth2/default/.well-known/openid-configuration"
        async with okta_client.get(discovery) as answer:
            assert (await answer.json())["issuer"] == okta_org_in_loop.issuer()

    async def test_by_the_control_client_in_a_thread(okta_org_in_loop):
        control = Control(okta_org_in_loop.url)
        assert (await asyncio.to_thread(control.org)).url == okta_org_in_loop.url
    """
    passes(project, tests, count=2)


TOKEN = "secret-1"
ELSEWHERE = """
import sys

def test_the_org_is_the_one_that_runs_elsewhere(okta_control, okta_url):
    assert okta_url == {url!r}
    assert okta_control.org().url == {url!r}
    assert not {{"mock_okta.app", "mock_okta.process", "mock_okta.services"}} & sys.modules.keys()
"""


@pytest.fixture(scope="module")
def org_in_another_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningOrg]:
    folder = tmp_path_factory.mktemp("org")
    code = (
        "import sys; from mock_okta import Config, MockOkta\n"
        f"with MockOkta(Config(control_token={TOKEN!r})) as org: "
        "print(org.url, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield RunningOrg(process.stdout.readline().strip())
        process.stdin.close()
        process.wait(10)


def test_an_option_leads_to_an_org_in_another_process(
    project: pytest.Pytester, org_in_another_process: RunningOrg
) -> None:
    url = org_in_another_process.url
    options = ("--okta-url", url, "--okta-token", TOKEN)
    passes(project, ELSEWHERE.format(url=url), *options, count=1)


def test_so_does_the_environment(
    project: pytest.Pytester,
    org_in_another_process: RunningOrg,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MOCK_OKTA_URL", f"{org_in_another_process.url}/")
    monkeypatch.setenv("MOCK_OKTA_TOKEN", TOKEN)
    passes(project, ELSEWHERE.format(url=org_in_another_process.url), count=1)


@pytest.mark.browser
def test_a_page_is_signed_in_at_the_org(project: pytest.Pytester) -> None:
    project.makeconftest("""
    import pytest
    from mock_okta_harness.builders import a_user

    @pytest.fixture
    def okta_user():
        return a_user("second@example.com").named("Second", "User")
    """)
    tests = """
    from mock_okta_harness.pages import HomePage

    def test_the_user_has_a_session(signed_in_page, okta_url):
        answer = signed_in_page.request.get(f"{okta_url}/api/v1/sessions/me")
        assert answer.json()["login"] == "second@example.com"

    def test_and_may_end_it(signed_in_page, okta_url):
        HomePage.open(signed_in_page, okta_url).sign_out()
        assert signed_in_page.request.get(f"{okta_url}/api/v1/sessions/me").status == 404

    def test_a_new_test_starts_without_one(page, okta_url):
        assert page.request.get(f"{okta_url}/api/v1/sessions/me").status == 404
    """
    passes(project, tests, count=3)


@pytest.fixture
def without_a_widget(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project on a machine where no release of the widget is installed."""
    monkeypatch.setenv(DIRECTORY_VARIABLE, str(project.path / "no-widgets"))
    return project


@pytest.mark.browser
def test_where_the_widget_is_missing_nobody_is_signed_in_and_the_command_is_named(
    without_a_widget: pytest.Pytester,
) -> None:
    without_a_widget.makepyfile("""
    import pytest
    from mock_okta_harness.pages import HostedSignInPage, WidgetMissingError

    def test_the_fixture(signed_in_page): pass

    def test_the_page_object(page, okta_url):
        hosted = HostedSignInPage.open(page, okta_url)
        with pytest.raises(WidgetMissingError, match="mock-okta widget install 7.49.0"):
            hosted.form(leads_to=lambda page: page)
    """)
    result = without_a_widget.runpytest_subprocess()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*`mock-okta widget install 7.49.0`*okta_sign_in_form*"])


PLAIN = """
import pytest

@pytest.mark.parametrize("okta_sign_in_form", ["plain"])
def test_the_plain_form(signed_in_page, okta_control):
    assert signed_in_page.url.endswith("/app/UserHome")
    assert okta_control.requests(path="/login/login.htm", method="POST")
    assert not okta_control.requests(path="/okta-signin-widget/*")

def test_the_usual_form(signed_in_page, okta_control):
    assert not okta_control.requests(path="/login/login.htm", method="POST")
"""


@pytest.mark.browser
def test_the_plain_form_is_there_for_a_test_that_asks_whatever_is_installed(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes(project, PLAIN, count=2)
    monkeypatch.setenv(DIRECTORY_VARIABLE, str(project.path / "no-widgets"))
    passes(project, PLAIN, "-k", "not usual", count=1)


@pytest.mark.browser
def test_a_widget_that_does_not_start_is_no_silent_reason_for_the_plain_form(
    project: pytest.Pytester,
) -> None:
    project.makepyfile("""
    import pytest

    @pytest.fixture
    def page(page):
        page.route("**/okta-sign-in.min.js", lambda route: route.abort())
        return page

    def test_it(signed_in_page): pass
    """)
    result = project.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*the widget did not start*okta_sign_in_form*"])


@pytest.mark.browser
def test_a_browser_that_was_chosen_otherwise_is_left_alone(project: pytest.Pytester) -> None:
    project.makeconftest("""
    import pytest

    @pytest.fixture(scope="session")
    def browser_type_launch_args(browser_type_launch_args):
        return {**browser_type_launch_args, "headless": True, "timeout": 1234}
    """)
    tests = """
    def test_found(browser_type_launch_args):
        assert browser_type_launch_args["timeout"] == 1234
        {check}
    """
    found = 'assert browser_type_launch_args["executable_path"]'
    passes(project, tests.format(check=found), count=1)
    chosen = 'assert "executable_path" not in browser_type_launch_args'
    passes(project, tests.format(check=chosen), "--browser-channel=chrome", count=1)
