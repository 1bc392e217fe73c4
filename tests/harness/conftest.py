"""Projects that use the plugin: pytest inside pytest, with warnings refused."""

from pathlib import Path

import pytest

PLAIN_INI = """
[pytest]
asyncio_default_fixture_loop_scope = function
filterwarnings = error
"""
USUAL_INI = f"{PLAIN_INI}asyncio_mode = auto\n"
INI = f"{USUAL_INI}addopts = --strict-markers --strict-config\n"


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
