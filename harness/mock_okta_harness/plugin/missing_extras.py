"""Handles packages of the extras: names missing ones, and silences a warning of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mock_okta_harness.extras import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

__all__ = ["FIXTURES", "quiet_a_fixture_of_playwright"]

FIXTURES: Mapping[str, frozenset[str]] = {
    "harness": frozenset(
        {
            "browser",
            "context",
            "new_context",
            "okta_browser_home",
            "okta_sign_in_form",
            "okta_sign_in_url",
            "okta_storage_state",
            "page",
            "playwright",
            "signed_in_page",
        }
    ),
    "aiohttp": frozenset({"aiohttp_client", "okta_client", "okta_org_in_loop"}),
}
"""Our fixtures, and those of the plugins that they need, with the extra that installs them."""

# pytest-playwright 0.10 without pytest-base-url, on pytest 9.2 and later.
_BASE_URL = "(?s)Session-scoped fixtures defined as instance methods.*'base_url' fixture"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Name the extra to install for a fixture that was not found."""
    report = yield
    failure = call.excinfo.value if call.excinfo else None
    if isinstance(failure, pytest.FixtureLookupError):
        for extra, fixtures in FIXTURES.items():
            if failure.argname in fixtures:
                hint = MissingExtraError(f"The fixture {failure.argname}", extra)
                report.sections.append(("mock_okta: a missing extra", str(hint)))
    return report


def quiet_a_fixture_of_playwright(config: pytest.Config) -> None:
    """Ignore pytest's warning about `base_url`, which is an error in some projects.

    Only pytest-playwright can change that fixture.
    """
    line = f"ignore:{_BASE_URL}:pytest.PytestDeprecationWarning"
    config.addinivalue_line("filterwarnings", line)
