"""The recorder's command `tokens`: sign in through the real page, and write the fixture file."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from mock_okta_harness.browser import BrowserNotFound, CertificateNotTrusted
from mock_okta_harness.browser_error import BrowserError
from mock_okta_harness.builders import a_user
from mock_okta_harness.control import ControlError
from mock_okta_harness.demo.stage import a_browser_page, a_demo_app, an_org
from mock_okta_harness.extras import MissingExtraError
from mock_okta_harness.pages import DemoPage, WrongScreenError
from mock_okta_harness.pages.demo import PATHS
from mock_okta_harness.recorder import VerificationError
from mock_okta_harness.recorder.capture import NothingToRecordError, record
from mock_okta_harness.recorder.files import told
from mock_okta_harness.running import CannotStartError, RunningOrg

if TYPE_CHECKING:
    import argparse

    from mock_okta_harness.builders import UserBuilder
    from mock_okta_harness.recorder import Recorded

__all__ = ["FAILURES", "WIDGETS", "add_options", "run"]

WIDGETS = tuple(PATHS)
FAILURES = (
    BrowserError,
    BrowserNotFound,
    CannotStartError,
    CertificateNotTrusted,
    ControlError,
    MissingExtraError,
    NothingToRecordError,
    OSError,
    VerificationError,
    WrongScreenError,
)


def run(options: argparse.Namespace) -> int:
    """Run the command; give its exit status."""
    user = a_user(options.login, options.password)
    try:
        recorded = _record(options, user)
        recorded.verify()
        recorded.save(options.out)
    except FAILURES as reason:
        print(f"Nothing recorded: {told(reason)}", file=sys.stderr)
        return 1
    origin = recorded.origin
    print(f"Recorded {user.login} at {origin.issuer}, widget {origin.widget}, in {options.out}")
    return 0


def _record(options: argparse.Namespace, user: UserBuilder) -> Recorded:
    with ExitStack() as stack:
        org = _org(options, stack)
        app = stack.enter_context(a_demo_app(org, user))
        page = stack.enter_context(a_browser_page(org))
        form = DemoPage.open(page, app.url, widget=options.widget).sign_in_form()
        return record(form.sign_in(user.login, user.password), org, user.login)


def _org(options: argparse.Namespace, stack: ExitStack) -> RunningOrg:
    if options.url:
        return RunningOrg(options.url.rstrip("/"), options.ca_file)
    return stack.enter_context(an_org(https=options.https))


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--out", required=True, type=Path, help="the fixture file to write")
    parser.add_argument("--url", help="an org that runs already; else one is started")
    parser.add_argument("--ca-file", type=Path, help="the CA to trust, if that org serves https")
    parser.add_argument("--https", action="store_true", help="start the org with https")
    parser.add_argument(
        "--widget", default="3.2.2", choices=WIDGETS, help="the widget's version (%(default)s)"
    )
    user = a_user()
    parser.add_argument("--login", default=user.login, help="who signs in (%(default)s)")
    parser.add_argument("--password", default=user.password, help="with which password")
