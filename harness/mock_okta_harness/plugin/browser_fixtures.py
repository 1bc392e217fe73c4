"""Fixtures for pytest-playwright: the browser to use, and a signed-in page."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

import pytest

from mock_okta_harness.plugin.domains import serves_https
from mock_okta_harness.plugin.markers import CLOCK
from mock_okta_harness.plugin.reporting import OUTPUT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import BrowserContext, Page
    from pytest_playwright.pytest_playwright import CreateContextCallback

    from mock_okta_harness.browser.storage_state import StorageState
    from mock_okta_harness.builders import UserBuilder
    from mock_okta_harness.plugin.one_clock import OneClock
    from mock_okta_harness.running import RunningOrg

# With one of these launch options the user has chosen a browser.
_CHOICES = ("channel", "executable_path")
# With these options pytest-playwright keeps files of a test.
_KEPT = ("--tracing", "--screenshot", "--video")


SignInForm = Literal["widget", "plain"]
"""How `signed_in_page` signs in: with Okta's widget, or the org's form without JavaScript."""

_WIDGET_FILES = "**/okta-signin-widget/**"


class StartsSessions(Protocol):
    """Returns the storage state of a new session; the default user is `okta_user`."""

    def __call__(self, user: UserBuilder = ...) -> StorageState:
        """Sign the user in."""


@pytest.fixture(scope="session")
def browser_type_launch_args(
    request: pytest.FixtureRequest,
    browser_type_launch_args: dict[str, Any],
    browser_context_args: dict[str, Any],
    browser_name: str,
    okta_routes: Mapping[str, str],
) -> dict[str, Any]:
    """Use a browser that is found on this machine, unless an option or fixture chose one.

    On Linux it trusts the CA of the session's org, and it connects to an org at a domain. For a
    browser that you chose, use `okta_proxy`.
    """
    if browser_name != "chromium" or any(choice in browser_type_launch_args for choice in _CHOICES):
        return browser_type_launch_args
    from mock_okta_harness.browser import launch_options  # noqa: PLC0415 -- lazy

    checks = not browser_context_args.get("ignore_https_errors")
    is_secure = serves_https(request)
    if (
        is_secure
    ):  # so that the browser ends first: TLS connections close cleanly only while both ends exist
        request.getfixturevalue("okta_server")
    needs_home = bool(okta_routes) or (checks and is_secure)
    # On other systems browsers use the system's store, which they find in their usual home.
    is_linux = platform.system() == "Linux"
    home = request.getfixturevalue("okta_browser_home") if needs_home and is_linux else None
    return {**launch_options(home=home, routes=okta_routes), **browser_type_launch_args}


@pytest.fixture(scope="session")
def okta_browser_home(okta_server: RunningOrg, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home directory in which Chromium on Linux trusts the org's CA, if the org has one."""
    from mock_okta_harness.browser import trust_certificate  # noqa: PLC0415 -- lazy

    home = tmp_path_factory.mktemp("browser")
    if okta_server.ca_file:
        trust_certificate(home, okta_server.ca_file)
    return home


@pytest.fixture
def new_context(
    request: pytest.FixtureRequest, new_context: CreateContextCallback
) -> CreateContextCallback:
    """Let contexts follow `okta_clock`, and write recorded requests beside their trace."""
    if any(request.config.getoption(option) != "off" for option in _KEPT):
        request.node.stash[OUTPUT] = Path(request.getfixturevalue("output_path"))
    if "okta_clock" not in request.fixturenames and not request.node.get_closest_marker(CLOCK):
        return new_context
    clock: OneClock = request.getfixturevalue("okta_clock")

    def following(**options: Any) -> BrowserContext:
        context = new_context(**options)
        clock.follow(context)
        return context

    return cast("CreateContextCallback", following)


@pytest.fixture
def okta_storage_state(okta_org: RunningOrg, okta_user: UserBuilder) -> StartsSessions:
    """Sessions without a page: `new_context(storage_state=okta_storage_state())`.

    For `okta_user`, or for the given user, who is created in the org first. Sessions end with the
    test's org, so each test makes its own: over HTTP that is as fast as loading a file.
    """
    from mock_okta_harness.browser.storage_state import signed_in_state  # noqa: PLC0415 -- lazy

    def start(user: UserBuilder = okta_user) -> StorageState:
        okta_org.control.seed(user)
        return signed_in_state(okta_org, user.login, user.password)

    return start


@pytest.fixture
def okta_sign_in_url(okta_url: str) -> str:
    """Override this: the page on which `signed_in_page` signs in; the default is the org."""
    return f"{okta_url}/"


@pytest.fixture
def okta_sign_in_form() -> SignInForm:
    """Override this: with "plain", `signed_in_page` uses the org's own form, not the widget."""
    return "widget"


@pytest.fixture
def signed_in_page(
    page: Page,
    okta_org: RunningOrg,
    okta_user: UserBuilder,
    okta_sign_in_url: str,
    okta_sign_in_form: SignInForm,
) -> Page:
    """A page in whose browser context `okta_user` has a session in the org.

    If the widget is not installed, it fails and names the command to run; see `okta_sign_in_form`.
    """
    from mock_okta_harness.pages import HostedSignInPage  # noqa: PLC0415 -- lazy

    okta_org.control.seed(okta_user)
    is_plain = okta_sign_in_form == "plain"
    if is_plain:  # the page has no other form then, whatever is installed
        page.route(_WIDGET_FILES, lambda route: route.abort())
    page.goto(okta_sign_in_url)
    hosted = HostedSignInPage(page)
    if hosted.why_plain() and not is_plain:
        told = f'{hosted.why_plain()} Or let the fixture okta_sign_in_form return "plain".'
        pytest.fail(told, pytrace=False)
    hosted.sign_in(okta_user.login, okta_user.password, allow_plain=is_plain)
    if is_plain:
        page.unroute(_WIDGET_FILES)
    return page
