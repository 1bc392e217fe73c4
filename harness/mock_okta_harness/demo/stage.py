"""What the demo needs: a widget, an org, the demo app, and a browser that trusts both."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from mock_okta_harness.browser import BrowserNotFound, launch_options, trust_certificate
from mock_okta_harness.browser.installation import install
from mock_okta_harness.builders import a_user
from mock_okta_harness.extras import require_playwright
from mock_okta_harness.running import (
    CannotStartError,
    RunningOrg,
    demo_app_process,
    org_in_a_thread,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from mock_okta.model.directory import EngineName
    from mock_okta_harness.builders import UserBuilder
    from mock_okta_harness.running import DemoApp

# A step of a local sign-in takes tenths of a second; this is enough for a slow machine too.
_PATIENCE_MILLISECONDS = 20_000
_WIDTH, _HEIGHT = 1100, 820


def install_browser() -> None:
    """Find a browser or get one. Raises CannotStartError."""
    try:
        install()
    except BrowserNotFound as reason:
        raise CannotStartError(str(reason)) from reason


def install_widget(version: str) -> None:
    """Install that release of the widget unless it is installed. Raises CannotStartError."""
    from mock_okta.browser.widget.releases import (  # noqa: PLC0415 -- as what starts an org
        ReleaseError,
        Releases,
        default_directory,
    )

    try:
        releases = Releases(default_directory())
        if releases.find(version) is None:
            click.echo(f"Getting widget {version} from the npm registry …")
            releases.install(version)
    except ReleaseError as reason:
        raise CannotStartError(str(reason)) from reason


@contextmanager
def an_org(
    *, https: bool = False, port: int = 0, engine: EngineName | None = None
) -> Iterator[RunningOrg]:
    """Run an org in this process, on a port; 0 takes a free one."""
    from mock_okta import Config  # noqa: PLC0415 -- only what starts an org imports the server

    with org_in_a_thread(Config(tls=https, port=port, engine=engine)) as org:
        yield org


@contextmanager
def a_demo_app(
    org: RunningOrg,
    user: UserBuilder | None = None,
    *,
    port: int = 0,
    api_port: int = 0,
) -> Iterator[DemoApp]:
    """Run the demo app and add it to the org, with a user who may sign in."""
    with demo_app_process(org, port, api_port) as app:
        org.control.seed(user or a_user(), app.as_client())
        yield app


@contextmanager
def a_browser_page(org: RunningOrg, *, headed: bool = False) -> Iterator[Page]:
    """Open a page in a new browser, which trusts the org's CA if the org serves https."""
    require_playwright("A browser")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- slow to import

    with TemporaryDirectory(prefix="mock-okta-browser-") as folder, sync_playwright() as playwright:
        home = _trusting_home(Path(folder), org)
        options = launch_options(home=home, routes=org.routes)
        with playwright.chromium.launch(headless=not headed, **options) as browser:
            context = browser.new_context(
                locale="en-US", viewport={"width": _WIDTH, "height": _HEIGHT}
            )
            context.set_default_timeout(_PATIENCE_MILLISECONDS)
            yield context.new_page()


def _trusting_home(folder: Path, org: RunningOrg) -> Path | None:
    if urlsplit(org.url).scheme != "https":
        return None
    if org.ca_file:
        trust_certificate(folder, org.ca_file)
    return folder
