"""Synchronous pages and async tests in one process: pytest inside pytest, with a real browser."""

import pytest

pytestmark = pytest.mark.browser

# The browser is found without our plugin too, for the run that goes without it.
CONFTEST = """
import pytest
from mock_okta_harness.browser import launch_options

@pytest.fixture(scope="session")
def browser_type_launch_args():
    return launch_options()
"""

# All ask for the browser's name: pytest otherwise runs those that do first.
TESTS = """
import asyncio

def test_a_page(page):
    page.set_content("<p>first</p>")
    assert page.inner_text("p") == "first"

async def test_a_coroutine(browser_name):
    await asyncio.sleep(0)

def test_another_page(page):
    page.set_content("<p>second</p>")
    assert page.inner_text("p") == "second"

async def test_another_coroutine(browser_name):
    await asyncio.to_thread(str)
"""


@pytest.fixture
def mixed(project: pytest.Pytester) -> pytest.Pytester:
    project.makeconftest(CONFTEST)
    project.makepyfile(TESTS)
    return project


def test_pages_and_coroutines_take_turns(mixed: pytest.Pytester) -> None:
    run = mixed.runpytest_subprocess("-v")
    run.assert_outcomes(passed=4)
    run.stdout.fnmatch_lines(
        ["*::test_a_page*", "*::test_a_coroutine*", "*::test_another_page*", "*other_coroutine*"]
    )


def test_without_the_plugin_the_first_coroutine_after_a_page_dies(mixed: pytest.Pytester) -> None:
    # What is left of the coroutines that never ran is noise: this run is about why they did not.
    quiet = ("--tb=line", "-Wignore", "-p", "no:unraisableexception")
    run = mixed.runpytest_subprocess("-p", "no:mock_okta", *quiet)
    assert run.parseoutcomes()["failed"] == 2
    run.stdout.fnmatch_lines(["*Runner.run() cannot be called from a running event loop*"])


def test_playwright_stops_well_when_a_coroutine_is_the_last_test(project: pytest.Pytester) -> None:
    """Where `browser` is not asked for, nothing but Playwright itself ends after the last test."""
    project.makepyfile("""
    import asyncio
    from mock_okta_harness.browser import launch_options

    def test_a_browser_of_its_own(playwright):
        with playwright.chromium.launch(**launch_options()) as browser:
            browser.new_page()

    async def test_a_coroutine():
        await asyncio.sleep(0)
    """)
    run = project.runpytest_subprocess()
    run.assert_outcomes(passed=2)
    assert "unraisable" not in run.stdout.str() + run.stderr.str()


def test_a_context_of_the_session_closes_after_a_coroutine(project: pytest.Pytester) -> None:
    """Fixtures end in the event loop in which they began, whatever the last test was."""
    project.makeconftest("""
    import asyncio
    import pytest
    import pytest_asyncio

    @pytest_asyncio.fixture(scope="session", loop_scope="session")
    async def in_a_loop():
        yield asyncio.get_running_loop()
        assert asyncio.get_running_loop().is_running()

    @pytest.fixture(scope="session")
    def shared_page(browser):
        context = browser.new_context()
        yield context.new_page()
        context.close()
    """)
    project.makepyfile("""
    def test_a_page(shared_page):
        shared_page.set_content("<p>first</p>")

    async def test_a_coroutine(browser_name, in_a_loop):
        assert in_a_loop
    """)
    run = project.runpytest_subprocess()
    run.assert_outcomes(passed=2)
    assert "unraisable" not in run.stdout.str() + run.stderr.str()
