"""Projects that use the plugin: pytest inside pytest, with warnings refused."""

from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.version import Version

from mock_okta.browser.widget.releases import DIRECTORY_VARIABLE, default_directory

# Other plugins of the machine are not to shuffle what these tests read line by line.
OPTIONS = "addopts = -p no:randomly"
# From 0.24 on pytest-asyncio warns if it is not set; before, it does not know it.
KNOWS_THE_SCOPE = Version(version("pytest-asyncio")) >= Version("0.24")
LOOP_SCOPE = "asyncio_default_fixture_loop_scope = function" if KNOWS_THE_SCOPE else ""
PLAIN_INI = f"""
[pytest]
{LOOP_SCOPE}
filterwarnings = error
{OPTIONS}
"""
USUAL_INI = f"{PLAIN_INI}asyncio_mode = auto\n"
INI = USUAL_INI.replace(OPTIONS, f"{OPTIONS} --strict-markers --strict-config")
# In the user's cache; but pytester's tests have a home of their own.
WIDGETS = str(default_directory())


@pytest.fixture(autouse=True)
def widgets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Projects find the releases of the widget that this machine has."""
    monkeypatch.setenv(DIRECTORY_VARIABLE, WIDGETS)


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeini(USUAL_INI)
    return pytester


@pytest.fixture
def strict_project(pytester: pytest.Pytester) -> pytest.Pytester:
    """One where unknown markers are refused too."""
    pytester.makeini(INI)
    return pytester


def passes(project: pytest.Pytester, tests: str, *arguments: str | Path, count: int) -> None:
    """Run these tests in the project: so many pass, and none does otherwise."""
    project.makepyfile(tests)
    project.runpytest_subprocess(*arguments).assert_outcomes(passed=count)


def run_here(project: pytest.Pytester, *arguments: str | Path) -> pytest.RunResult:
    """Run the project's tests in this process: the imports are there, so it takes less time.

    pytest-playwright is left out: it lets no test run within another. What needs it, a browser,
    workers or other plugins, needs a process of its own.
    """
    return project.runpytest_inprocess("-p", "no:playwright", *arguments)
