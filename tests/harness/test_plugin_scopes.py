"""How long an org lives is a project's choice; each worker of pytest-xdist has its own."""

from pathlib import Path

import pytest

from tests.harness.conftest import INI, run_here

# Notes each org that a test meets, and its key; fails a test that meets what another left.
SEEN = """
import json
from urllib.request import urlopen
import pytest
from mock_okta_harness.builders import a_user

@pytest.fixture
def seen(okta_org, request, record_property):
    assert "guest@example.com" not in [user.login for user in okta_org.control.org().users]
    okta_org.control.seed(a_user("guest@example.com"))
    with urlopen(okta_org.issuer() + "/v1/keys") as answer:
        kid = json.load(answer)["keys"][0]["kid"]
    with open(request.config.rootpath / "seen.txt", "a") as file:
        print(request.node.nodeid, okta_org.url, kid, file=file)
"""
TESTS = """
class TestFirst:
    def test_one(self, seen): pass
    def test_two(self, seen): pass

def test_three(seen): pass
"""


def run(project: pytest.Pytester, *options: str) -> list[list[str]]:
    project.makeconftest(SEEN)
    project.makepyfile(test_a=TESTS, test_b=TESTS)
    run_here(project, *options).assert_outcomes(passed=6)
    return [line.split() for line in Path("seen.txt").read_text().splitlines()]


@pytest.mark.parametrize(("ini", "orgs"), [("", 1), ("okta_scope = function", 6)])
def test_an_org_lives_as_long_as_is_asked(
    strict_project: pytest.Pytester, ini: str, orgs: int
) -> None:
    strict_project.makeini(f"{INI}\n{ini}\n")
    seen = run(strict_project)
    assert len({url for _, url, _ in seen}) == orgs
    assert len({kid for *_, kid in seen}) == 1, "all orgs have their keys from one pool"


def test_an_app_of_the_session_and_each_test_find_the_same_org(
    strict_project: pytest.Pytester,
) -> None:
    strict_project.makeconftest("""
    import pytest

    STARTED = []

    @pytest.fixture(scope="session")
    def app(okta_server):
        STARTED.append(okta_server.issuer())
        yield okta_server.issuer()
        assert len(STARTED) == 1
    """)
    strict_project.makepyfile("""
    import pytest
    from urllib.request import urlopen
    from mock_okta_harness.builders import a_user

    @pytest.mark.parametrize("number", range(2))
    def test_it(app, okta_issuer, okta_control, number):
        assert app == okta_issuer
        with urlopen(app + "/v1/keys") as answer:
            assert answer.status == 200
        assert "guest@example.com" not in [user.login for user in okta_control.org().users]
        okta_control.seed(a_user("guest@example.com"))
    """)
    run_here(strict_project).assert_outcomes(passed=2)


def test_the_command_line_overrides_the_ini_file(strict_project: pytest.Pytester) -> None:
    strict_project.makeini(f"{INI}\nokta_scope = function\n")
    assert len({url for _, url, _ in run(strict_project, "--okta-scope=module")}) == 2


def test_a_config_that_comes_too_late_is_refused_and_not_ignored(
    strict_project: pytest.Pytester,
) -> None:
    usual = "def test_it(okta_org): assert okta_org.url.startswith('http:')"
    secure = """
    import pytest
    from mock_okta import Config

    @pytest.fixture(scope="session")
    def okta_config():
        return Config(tls=True)

    def test_it(okta_org): assert okta_org.url.startswith("https:")
    """
    strict_project.makepyfile(test_a=usual, test_b=secure, test_c=usual)
    late = run_here(strict_project)
    late.assert_outcomes(passed=2, errors=1)
    late.stdout.fnmatch_lines(["*okta_config*conftest.py*okta_scope = module.*"])
    run_here(strict_project, "--okta-scope", "module").assert_outcomes(passed=3)


def test_each_of_four_workers_has_an_org_of_its_own(strict_project: pytest.Pytester) -> None:
    # Each worker has to run a test: tests that wait for one another see to it.
    strict_project.makeconftest("""
    import os
    import time
    import pytest

    @pytest.fixture
    def together(okta_org, request):
        folder = request.config.rootpath / "met"
        folder.mkdir(exist_ok=True)
        (folder / os.environ["PYTEST_XDIST_WORKER"]).write_text(okta_org.url)
        deadline = time.monotonic() + 30
        while len(list(folder.iterdir())) < 4 and time.monotonic() < deadline:
            time.sleep(0.02)
        return {path.read_text() for path in folder.iterdir()}
    """)
    strict_project.makepyfile("""
    import pytest
    from mock_okta_harness.builders import a_user

    @pytest.mark.parametrize("number", range(8))
    def test_it(together, okta_control, number):
        assert len(together) == 4
        assert "guest@example.com" not in [user.login for user in okta_control.org().users]
        okta_control.seed(a_user("guest@example.com"))
    """)
    strict_project.runpytest_subprocess("-n4").assert_outcomes(passed=8)


def test_a_module_may_set_up_an_org_of_its_own(strict_project: pytest.Pytester) -> None:
    of_module = """
    import pytest
    from mock_okta import Config, Seed, Org, SeedUser

    @pytest.fixture(scope="session")
    def okta_config():
        user = SeedUser(login="{login}", password="mock-Password-1")
        return Config(seed=Seed(users=(user,)))

    def test_it(okta_control):
        assert [user.login for user in okta_control.org().users] == ["{login}"]
    """
    strict_project.makepyfile(
        test_a=of_module.format(login="a@example.com"),
        test_b=of_module.format(login="b@example.com"),
    )
    run_here(strict_project, "--okta-scope=module").assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("is_option", "named"),
    [
        (True, "--okta-url names ({url})"),
        (False, "MOCK_OKTA_URL names ({url}), as `mock-okta run` sets it"),
    ],
)
def test_workers_do_not_share_an_org_that_each_would_reset(
    strict_project: pytest.Pytester,
    okta_url: str,
    monkeypatch: pytest.MonkeyPatch,
    is_option: object,
    named: str,
) -> None:
    strict_project.makepyfile("def test_it(okta_org): pass")
    options = [f"--okta-url={okta_url}"] if is_option else []
    if not is_option:
        monkeypatch.setenv("MOCK_OKTA_URL", okta_url)
    result = strict_project.runpytest_subprocess("-n2", *options)
    result.assert_outcomes(errors=1)
    said = result.stdout.str()
    assert f"would reset one another's org, which {named.format(url=okta_url)}" in said
    assert ("--okta-url" in said) is is_option


def test_a_word_that_is_no_scope_is_a_usage_error(strict_project: pytest.Pytester) -> None:
    strict_project.makeini(f"{INI}\nokta_scope = galaxy\n")
    result = run_here(strict_project)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*okta_scope = galaxy: it is one of session, package, module*"])


def test_workers_may_share_a_state_directory(strict_project: pytest.Pytester) -> None:
    """Its CA, that is: a state directory has one org that signs with its keys."""
    strict_project.makeconftest(
        """
        import pytest
        from mock_okta import Config
        from pathlib import Path

        @pytest.fixture(scope="session")
        def okta_config():
            return Config(state_dir=Path("state").absolute())
        """
    )
    strict_project.makepyfile(
        """
        import time
        from pathlib import Path

        def test_both_have_an_org_at_the_same_time(okta_org, worker_id):
            Path(worker_id).touch()
            ends_at = time.monotonic() + 20
            while not (Path("gw0").exists() and Path("gw1").exists()):
                assert time.monotonic() < ends_at
            assert okta_org.control.requests() == ()
        """
    )
    run = strict_project.runpytest_subprocess("--dist=each", "--tx=2*popen")
    run.assert_outcomes(passed=2)
