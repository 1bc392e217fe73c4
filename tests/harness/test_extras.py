"""What an extra of mock_okta brings is enough, and what is missing is named by its extra."""

import re
import subprocess
import sys
from importlib.metadata import distributions, requires
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from mock_okta_harness.plugin import aiohttp_fixtures as plugin_aiohttp
from mock_okta_harness.plugin import browser_fixtures as plugin_browser
from mock_okta_harness.plugin.missing_extras import FIXTURES

WARNINGS_ARE_ERRORS = "[pytest]\nfilterwarnings = error\n"
# Stands in for a machine without a package: the import fails as it does there.
WITHOUT = """
import runpy, sys
sys.modules[{package!r}] = None
sys.argv = {words!r}
runpy.run_module(sys.argv[0], run_name="__main__")
"""


def brought_by(extra: str) -> set[str]:
    """The distributions that `pip install mock_okta[extra]` brings."""
    found: set[str] = set()
    wanted = [("mock_okta", extra)]
    while wanted:
        name, chosen = wanted.pop()
        for line in requires(name) or ():
            each = Requirement(line)
            applies = each.marker is None or each.marker.evaluate({"extra": chosen})
            if applies and canonicalize_name(each.name) not in found:
                found.add(canonicalize_name(each.name))
                wanted += [(each.name, of_it) for of_it in ("", *each.extras)]
    return found


def without_others(wanted: set[str]) -> list[str]:
    """The options that keep every plugin out that comes from none of these distributions."""
    others = [
        plugin.name
        for each in distributions()
        for plugin in each.entry_points
        if plugin.group == "pytest11" and canonicalize_name(each.name) not in {*wanted, "mock-okta"}
    ]
    assert others
    return [word for name in others for word in ("-p", f"no:{name}")]


def fixtures_of(module: ModuleType) -> set[str]:
    kind = type(module.__dict__[next(name for name in module.__dict__ if name.startswith("okta_"))])
    return {
        name
        for name, each in module.__dict__.items()
        if isinstance(each, kind) and name.startswith(("okta_", "signed_in_"))
    }


@pytest.mark.browser
def test_the_extra_harness_is_enough_where_warnings_are_errors(
    pytester: pytest.Pytester,
) -> None:
    pytester.makeini(WARNINGS_ARE_ERRORS)
    pytester.makepyfile("def test_it(page, okta_url): page.goto(okta_url)")
    done = pytester.runpytest_subprocess(*without_others(brought_by("harness")))
    done.assert_outcomes(passed=1)


def test_the_extra_aiohttp_is_enough_for_an_org_in_the_tests_loop(
    pytester: pytest.Pytester,
) -> None:
    pytester.makeini(f"{WARNINGS_ARE_ERRORS}asyncio_default_fixture_loop_scope = function\n")
    pytester.makepyfile("""
    import pytest

    @pytest.mark.asyncio
    async def test_it(okta_client):
        assert (await okta_client.get("/.well-known/okta-organization")).status == 200
    """)
    done = pytester.runpytest_subprocess(*without_others(brought_by("aiohttp")))
    done.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("fixture", "without", "extra"),
    [
        ("page", ("playwright", "aiohttp"), "harness"),
        ("signed_in_page", ("playwright", "aiohttp"), "harness"),
        ("okta_client", ("aiohttp",), "aiohttp"),
        ("okta_org_in_loop", ("aiohttp",), "aiohttp"),
    ],
)
def test_a_fixture_that_is_not_there_names_its_extra(
    pytester: pytest.Pytester, fixture: str, without: tuple[str, ...], extra: str
) -> None:
    pytester.makepyfile(f"def test_it({fixture}): pass")
    options = [word for name in without for word in ("-p", f"no:{name}")]
    done = pytester.runpytest_subprocess(*options)
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines([f"*{fixture} needs an extra: pip install 'mock_okta[[]{extra}]'"])


def test_a_fixture_that_nobody_has_is_no_matter_of_extras(project: pytest.Pytester) -> None:
    project.makepyfile("def test_it(nobody_has_this): pass")
    done = project.runpytest_subprocess()
    done.assert_outcomes(errors=1)
    done.stdout.no_fnmatch_line("*needs an extra*")


@pytest.mark.parametrize(
    ("extra", "module"), [("harness", plugin_browser), ("aiohttp", plugin_aiohttp)]
)
def test_every_fixture_of_an_extra_is_known_as_its_own(extra: str, module: ModuleType) -> None:
    own = fixtures_of(module)
    assert own
    assert own <= FIXTURES[extra]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["demo"], "mock-okta demo"),
        (["browser", "install"], "mock-okta browser"),
        (
            ["record", "tokens", "--widget", "3.2.2", "--own", "--out", "a.json"],
            "Nothing recorded: A browser",
        ),
        (["record", "sign-in", "--widget", "3.2.2", "--own", "--out", "a.yaml"], "Nothing recor"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_a_command_without_playwright_names_the_extra(
    words: list[str], wanted: str, tmp_path: Path
) -> None:
    done = without("playwright", *words, folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: {wanted}")
    assert done.stderr.endswith(" needs an extra: pip install 'mock_okta[harness]'\n")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [["demo"], ["demo", "--help"], ["browser", "install"], ["record", "drift", "a", "b"]]
)
def test_a_command_whose_code_is_missing_names_the_extra(words: list[str], tmp_path: Path) -> None:
    done = without("mock_okta_harness", *words, folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    start = f"Error: mock-okta {words[0]} needs an extra: pip install 'mock_okta[harness]' ("
    assert done.stderr.startswith(start)
    assert done.stderr.count("\n") == 1


def test_the_help_lists_commands_whose_code_is_missing(tmp_path: Path) -> None:
    done = without("mock_okta_harness", "--help", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    for name in ("browser", "demo", "record"):
        assert re.search(rf"^  {name} +mock-okta {name} needs an extra", done.stdout, re.MULTILINE)


def without(package: str, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    code = WITHOUT.format(package=package, words=["mock_okta", *words])
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
