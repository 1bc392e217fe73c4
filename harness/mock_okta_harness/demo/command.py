"""`mock-okta demo`: the real widget signs a user in to the org, in a real browser."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mock_okta_harness.browser import BrowserNotFound, CertificateNotTrusted
from mock_okta_harness.browser_error import BrowserError
from mock_okta_harness.builders import a_user
from mock_okta_harness.control import ControlError
from mock_okta_harness.demo.stage import (
    a_browser_page,
    a_demo_app,
    an_org,
    install_browser,
    install_widget,
)
from mock_okta_harness.demo.steps import STEPS, StepFailedError, Walk, engine_for
from mock_okta_harness.extras import MissingExtraError, require_playwright
from mock_okta_harness.pages import WrongScreenError
from mock_okta_harness.pages.demo import PATHS
from mock_okta_harness.recorder import VerificationError
from mock_okta_harness.recorder.recording import NothingToRecordError
from mock_okta_harness.running import CannotStartError

if TYPE_CHECKING:
    from mock_okta_harness.running import DemoApp, RunningOrg

__all__ = ["demo", "walk_through"]

FAILURES = (
    StepFailedError,
    VerificationError,
    NothingToRecordError,
    ControlError,
    BrowserError,
    WrongScreenError,
)
NO_START = (
    CannotStartError,
    BrowserNotFound,
    CertificateNotTrusted,
    ControlError,
    OSError,
    BrowserError,
)

# The exit status that shells report for a program ended by Ctrl-C.
INTERRUPTED = 130


@dataclass(frozen=True, kw_only=True)
class _Options:
    """The options of the command."""

    widget: str
    https: bool
    out: Path
    headed: bool
    stay: bool
    serve: bool
    port: int
    app_port: int
    api_port: int


@click.command()
@click.option(
    "--widget",
    type=click.Choice(list(PATHS)),
    default="3.2.2",
    show_default=True,
    help="The widget's version.",
)
@click.option("--https", is_flag=True, help="Serve https, with the org's own CA.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("mock-okta-demo"),
    show_default=True,
    help="Folder for screenshots and recorded tokens.",
)
@click.option("--headed", is_flag=True, help="Show the browser.")
@click.option("--stay", is_flag=True, help="Leave org and app running afterwards.")
@click.option("--serve", is_flag=True, help="Run org and app for you to click through.")
@click.option("--port", default=0, help="The org's port; 0 takes a free one.")
@click.option("--app-port", default=0, help="The demo app's port; 0 takes a free one.")
@click.option("--api-port", default=0, help="The demo API's port; 0 takes a free one.")
def demo(**given: Any) -> int:
    """Watch the real widget sign a user in, in a real browser.

    Widget 7.49.0 signs in by the Identity Engine, older releases by Classic Engine.

    Installs the widget and a browser first, if they are missing. The exit status is 0 only if every
    step succeeds.
    """
    options = _Options(**given)
    # As for Ctrl-C: everything that was started is stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _play(options)
    except KeyboardInterrupt:
        return INTERRUPTED
    except MissingExtraError as reason:
        raise click.ClickException(str(reason)) from reason
    except NO_START as reason:
        raise click.ClickException(f"The demo could not start: {reason}") from reason


def _play(options: _Options) -> int:
    if options.serve:
        _install_all_widgets()
    else:
        require_playwright("mock-okta demo")
        install_widget(options.widget)
        install_browser()
    with ExitStack() as stack:
        engine = engine_for(options.widget)
        org = stack.enter_context(an_org(https=options.https, port=options.port, engine=engine))
        app = stack.enter_context(a_demo_app(org, port=options.app_port, api_port=options.api_port))
        failed = 0 if options.serve else _drive(org, app, options)
        if options.serve or (options.stay and not failed):
            _stay(org, app)
        return failed


def _install_all_widgets() -> None:
    """Install the widget for each page; if one release fails, the other pages still work."""
    for version in PATHS:
        try:
            install_widget(version)
        except CannotStartError as reason:
            click.echo(f"Widget {version} is missing: {reason}", err=True)


def _drive(org: RunningOrg, app: DemoApp, options: _Options) -> int:
    options.out.mkdir(parents=True, exist_ok=True)
    click.echo(f"Org  {org.url}   issuer {org.issuer()}\nApp  {app.url}")
    with a_browser_page(org, headed=options.headed) as page:
        engine = engine_for(options.widget)
        walk = Walk(page, org, app, a_user(), options.widget, options.out, engine)
        failed = walk_through(walk)
    click.echo(f"Screenshots and recorded tokens are in {options.out.resolve()}")
    return failed


def walk_through(walk: Walk) -> int:
    """Run all steps and print each; return 1 at the first that fails, else 0."""
    walk.watch()
    started = time.perf_counter()
    for number, (title, step) in enumerate(STEPS, 1):
        before = time.perf_counter()
        try:
            seen = step(walk)
        except FAILURES as reason:
            _report_failure(walk, number, title, reason)
            return 1
        seconds = time.perf_counter() - before
        _take_screenshot(walk, f"{number:02}-{title}")
        click.echo(f"{number:3}  {title:30} {seconds:6.2f} s  {seen}")
    click.echo(f"     all {len(STEPS)} steps {time.perf_counter() - started:19.2f} s")
    return 0


def _report_failure(walk: Walk, number: int, title: str, reason: Exception) -> None:
    _take_screenshot(walk, f"{number:02}-{title}-failed")
    click.echo(f"{number:3}  {title:30} FAILED: {reason}", err=True)
    for line in walk.complaints:
        click.echo(f"     the browser says: {line}", err=True)


def _take_screenshot(walk: Walk, name: str) -> None:
    walk.page.screenshot(path=walk.folder / f"{name.lower().replace(' ', '-')}.png")


def _stay(org: RunningOrg, app: DemoApp) -> None:
    """Wait for Ctrl-C."""
    user = a_user()
    click.echo(f"\nOpen {app.url}/ and sign in as {user.login} with {user.password}")
    click.echo(f"Org  {org.url}   issuer {org.issuer()}   console {org.url}/_mock/console")
    if org.ca_file:
        click.echo(f"The browser must trust the CA in {org.ca_file}")
    with suppress(KeyboardInterrupt):
        click.echo("Stop with Ctrl-C.")
        threading.Event().wait()
