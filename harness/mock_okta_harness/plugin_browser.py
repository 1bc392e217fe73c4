"""Fixtures beside pytest-playwright's: which browser is used, and a signed-in page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from mock_okta_harness.builders import UserBuilder
    from mock_okta_harness.running import RunningOrg

# What of Playwright's launch options says that the user has chosen a browser already.
_CHOICES = ("channel", "executable_path")


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], browser_name: str
) -> dict[str, Any]:
    """Use a browser that is found on this machine, unless one was chosen by option or fixture."""
    if browser_name != "chromium" or any(choice in browser_type_launch_args for choice in _CHOICES):
        return browser_type_launch_args
    from mock_okta_harness.browser import launch_options  # noqa: PLC0415 -- lazy

    return {**launch_options(), **browser_type_launch_args}


@pytest.fixture
def okta_sign_in_url(okta_url: str) -> str:
    """Override: the page on which `signed_in_page` signs in; the default is the org itself."""
    return f"{okta_url}/"


@pytest.fixture
def signed_in_page(
    page: Page, okta_org: RunningOrg, okta_user: UserBuilder, okta_sign_in_url: str
) -> Page:
    """A page in whose browser context `okta_user` has a session in the org."""
    from mock_okta_harness.pages import HostedSignInPage  # noqa: PLC0415 -- lazy

    okta_org.control.seed(okta_user)
    page.goto(okta_sign_in_url)
    HostedSignInPage(page).sign_in(okta_user.login, okta_user.password)
    return page
