"""The demo: the real widget signs a user in against the org, step by step, in a real browser.

`python -m mock_okta_harness.demo` drives it; `--stay` leaves org and app running afterwards;
`--serve` runs them for a person, without driving anything.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import time
from contextlib import ExitStack, suppress
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from mock_okta_harness.browser import BrowserNotFound, CertificateNotTrusted
from mock_okta_harness.browser_error import BrowserError
from mock_okta_harness.builders import a_user
from mock_okta_harness.control import ControlError
from mock_okta_harness.control.fetching import fetch
from mock_okta_harness.demo.stage import a_browser_page, a_demo_app, an_org
from mock_okta_harness.demo.steps import STEPS, StepFailedError, Walk
from mock_okta_harness.extras import MissingExtraError
from mock_okta_harness.pages import WrongScreenError
from mock_okta_harness.pages.demo import PATHS
from mock_okta_harness.recorder import VerificationError
from mock_okta_harness.recorder.recording import NothingToRecordError
from mock_okta_harness.running import CannotStartError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_okta_harness.running import DemoApp, RunningOrg

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
    MissingExtraError,
    OSError,
    BrowserError,
)

# What shells say of a program that Ctrl-C ended.
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; give its exit status, 0 only when every step did what it should."""
    options = _parser().parse_args(arguments)
    # As Ctrl-C does: what was started is stopped on the way out.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with ExitStack() as stack:
            org = stack.enter_context(an_org(https=options.https, port=options.port))
            ports = {"port": options.app_port, "api_port": options.api_port}
            app = stack.enter_context(a_demo_app(org, **ports))
            failed = 0 if options.serve else _drive(org, app, options)
            if options.serve or (options.stay and not failed):
                _stay(org, app)
            return failed
    except KeyboardInterrupt:
        return INTERRUPTED
    except NO_START as reason:
        print(f"The demo could not start: {reason}", file=sys.stderr)
        return 1


def _drive(org: RunningOrg, app: DemoApp, options: argparse.Namespace) -> int:
    folder = Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    _widget_is_installed(org, options.widget)
    print(f"Org  {org.url}   issuer {org.issuer()}\nApp  {app.url}", flush=True)
    with a_browser_page(org, headed=options.headed) as page:
        walk = Walk(page, org, app, a_user(), options.widget, folder)
        failed = walk_through(walk)
    print(f"Screenshots and recorded tokens are in {folder.resolve()}", flush=True)
    return failed


def walk_through(walk: Walk) -> int:
    """Take all steps and print each; give 1 at the first that fails, else 0."""
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
        print(f"{number:3}  {title:30} {seconds:6.2f} s  {seen}", flush=True)
    print(f"     all {len(STEPS)} steps {time.perf_counter() - started:19.2f} s", flush=True)
    return 0


def _report_failure(walk: Walk, number: int, title: str, reason: Exception) -> None:
    _take_screenshot(walk, f"{number:02}-{title}-failed")
    print(f"{number:3}  {title:30} FAILED: {reason}", file=sys.stderr)
    for line in walk.complaints:
        print(f"     the browser says: {line}", file=sys.stderr)


def _take_screenshot(walk: Walk, name: str) -> None:
    walk.page.screenshot(path=walk.folder / f"{name.lower().replace(' ', '-')}.png")


def _widget_is_installed(org: RunningOrg, version: str) -> None:
    """Ask the org for the release; its answer to a missing one is the command to run."""
    address = f"{org.widget_url}/{version}/js/okta-sign-in.min.js"
    status, content = fetch(address, org.ca_file)
    if status != HTTPStatus.OK:
        said = content.decode("utf-8", "replace").strip()
        raise CannotStartError(f"{status} for {address}: {said[:500]}")


def _stay(org: RunningOrg, app: DemoApp) -> None:
    """Wait until the person at the keyboard has seen enough."""
    user = a_user()
    print(f"\nOpen {app.url}/ and sign in as {user.login} with {user.password}")
    print(f"Org  {org.url}   issuer {org.issuer()}")
    if org.ca_file:
        print(f"The browser has to trust the CA in {org.ca_file}")
    with suppress(KeyboardInterrupt):
        print("Stop with Ctrl-C.", flush=True)
        threading.Event().wait()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mock_okta_harness.demo", description=__doc__)
    parser.add_argument(
        "--widget", default="3.2.2", choices=PATHS, help="the widget's version (%(default)s)"
    )
    parser.add_argument("--https", action="store_true", help="serve https, with a CA of our own")
    parser.add_argument("--out", default="mock-okta-demo", help="folder for what is left behind")
    parser.add_argument("--headed", action="store_true", help="show the browser")
    parser.add_argument("--stay", action="store_true", help="leave org and app running afterwards")
    parser.add_argument("--serve", action="store_true", help="run org and app, drive nothing")
    parser.add_argument("--port", type=int, default=0, help="the org's port; 0 is a free one")
    parser.add_argument("--app-port", type=int, default=0, help="the demo app's port")
    parser.add_argument("--api-port", type=int, default=0, help="the demo API's port")
    return parser


if __name__ == "__main__":
    sys.exit(main())
