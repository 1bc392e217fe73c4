"""The recorder's command: `sign-in`, `tokens`, `refresh` and `drift`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mock_okta_harness.browser import BrowserNotFound, CertificateNotTrusted
from mock_okta_harness.browser_error import BrowserError
from mock_okta_harness.builders import a_user
from mock_okta_harness.control import ControlError
from mock_okta_harness.extras import MissingExtraError
from mock_okta_harness.pages import WrongScreenError
from mock_okta_harness.pages.demo import PATHS
from mock_okta_harness.recorder import VerificationError
from mock_okta_harness.recorder.cassette import CassetteError, read_cassette
from mock_okta_harness.recorder.conversation import NoAnswerError
from mock_okta_harness.recorder.drift import drift
from mock_okta_harness.recorder.files import told
from mock_okta_harness.recorder.known_values import SecretLeftError
from mock_okta_harness.recorder.order import (
    SCOPES,
    OrderError,
    SignInOrder,
    is_org_given,
    order_from_environment,
)
from mock_okta_harness.recorder.own_org import Wanted
from mock_okta_harness.recorder.recording import NothingToRecordError
from mock_okta_harness.recorder.refresh import cassettes_in, record_of_own, refresh
from mock_okta_harness.recorder.sign_in import SignInFailedError, record_sign_in
from mock_okta_harness.running import CannotStartError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mock_okta_harness.recorder.recording import Recording
    from mock_okta_harness.recorder.refresh import Refreshed

SAME, DIFFERENT, FAILED = 0, 1, 2
WIDGETS = tuple(PATHS)
FAILURES = (
    BrowserError,
    BrowserNotFound,
    CannotStartError,
    CassetteError,
    CertificateNotTrusted,
    ControlError,
    MissingExtraError,
    NoAnswerError,
    NothingToRecordError,
    OSError,
    OrderError,
    SecretLeftError,
    SignInFailedError,
    VerificationError,
    WrongScreenError,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; give its exit status."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    return run(options)


def _sign_in(options: argparse.Namespace) -> int:
    try:
        cassette = _recorded(options).cassette()
        cassette.save(options.out)
    except FAILURES as reason:
        print(f"Nothing recorded: {told(reason)}", file=sys.stderr)
        return 1
    steps = " ".join(each.step for each in cassette.exchanges)
    print(f"Recorded in {options.out}: {steps}")
    return 0


def _tokens(options: argparse.Namespace) -> int:
    try:
        recorded = _recorded(options).recorded_tokens()
        recorded.verify()
        recorded.save(options.out)
    except FAILURES as reason:
        print(f"Nothing recorded: {told(reason)}", file=sys.stderr)
        return 1
    made = recorded.made
    print(f"Recorded in {options.out}: tokens of {made.login} at {recorded.issuer}, {made.way}")
    return 0


def _recorded(options: argparse.Namespace) -> Recording:
    """Sign in at the org that the environment names, or at one that is started for it."""
    if not is_org_given(os.environ) or options.own:
        return record_of_own(_wanted(options), options.seed, options.widget)
    if options.widget:
        raise OrderError("--widget: only an own org knows the page; add --own.")
    return record_sign_in(_given(options))


def _refresh(options: argparse.Namespace) -> int:
    """Tell all cassettes that changed; with `--check`, by the exit status too."""
    changed = 0
    try:
        paths = cassettes_in(options.cassettes)
        elsewhere = any(read_cassette(path).made.org == "given" for path in paths)
        given = _given(options) if elsewhere and is_org_given(os.environ) else None
        for each in refresh(paths, given, seed_file=options.seed, writes=not options.check):
            print(_told(each))
            changed += bool(each.differences)
    except FAILURES as reason:
        print(f"Not all recorded: {told(reason)}", file=sys.stderr)
        return FAILED
    return DIFFERENT if changed and options.check else SAME


def _drift(options: argparse.Namespace) -> int:
    try:
        differences = drift(read_cassette(options.first), read_cassette(options.second))
    except (CassetteError, OSError) as reason:
        print(f"Not compared: {told(reason)}", file=sys.stderr)
        return FAILED
    for each in differences:
        print(each)
    return DIFFERENT if differences else SAME


def _told(refreshed: Refreshed) -> str:
    if refreshed.passed_over:
        return f"{refreshed.path}: passed over, {refreshed.passed_over}"
    if not refreshed.differences:
        return f"{refreshed.path}: says the same"
    return "\n".join(f"{refreshed.path}: {each}" for each in refreshed.differences)


def _given(options: argparse.Namespace) -> SignInOrder:
    return order_from_environment(
        os.environ,
        ca_file=options.ca_file,
        user_data="kept" if options.keep_user_data else "scrubbed",
    )


def _wanted(options: argparse.Namespace) -> Wanted:
    return Wanted(
        client_id=options.client,
        login=options.login,
        authorization_server=options.authorization_server,
        redirect_uri=options.redirect_uri,
        scopes=tuple(options.scopes.split()),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mock_okta_harness.recorder", description=__doc__
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_sign_in(commands, "sign-in", _sign_in, "record a whole sign-in to a cassette")
    _add_sign_in(
        commands, "tokens", _tokens, "record a sign-in's tokens, to be verified as at that instant"
    )
    _add_refresh(commands)
    _add_drift(commands)
    return parser


Commands = argparse._SubParsersAction  # noqa: SLF001 -- the type has no public name


def _add_sign_in(
    commands: Commands[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    what: str,
) -> None:
    told = f"{what}: of the org that OKTA_ORG_URL or ISSUER names, else of one started for it"
    command = commands.add_parser(name, help=told, description=told)
    command.add_argument("--out", required=True, type=Path, help="the file to write")
    _add_org(command)
    user = a_user()
    command.add_argument("--own", action="store_true", help="whatever the environment names")
    command.add_argument("--widget", choices=WIDGETS, help="sign in by the widget in a browser")
    command.add_argument("--client", metavar="ID", help="an own org's client (its first)")
    command.add_argument("--login", help=f"an own org's user (its first, {user.login})")
    command.add_argument("--authorization-server", default="default", metavar="ID")
    command.add_argument("--redirect-uri", metavar="URI")
    command.add_argument("--scopes", default=" ".join(SCOPES))
    command.set_defaults(run=run)


def _add_refresh(commands: Commands[argparse.ArgumentParser]) -> None:
    told = "record cassettes anew, and tell which fields changed"
    command = commands.add_parser("refresh", help=told, description=told)
    command.add_argument("cassettes", nargs="+", type=Path, help="files, or folders of them")
    command.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 if something changed"
    )
    _add_org(command)
    command.set_defaults(run=_refresh)


def _add_drift(commands: Commands[argparse.ArgumentParser]) -> None:
    told = "compare two cassettes field by field; exit with 1 if they differ"
    command = commands.add_parser("drift", help=told, description=told)
    command.add_argument("first", type=Path)
    command.add_argument("second", type=Path)
    command.set_defaults(run=_drift)


def _add_org(command: argparse.ArgumentParser) -> None:
    command.add_argument("--seed", type=Path, metavar="FILE", help="what an own org starts with")
    command.add_argument("--ca-file", type=Path, help="the CA to trust of an org elsewhere")
    command.add_argument(
        "--keep-user-data",
        action="store_true",
        help="write what an org elsewhere says of its user: for users who are made up",
    )


if __name__ == "__main__":
    sys.exit(main())
