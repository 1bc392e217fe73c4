"""The recorder's command: `tokens`, `sign-in`, `refresh` and `drift`.

Without one of these words it is `tokens`.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mock_okta_harness.builders import a_user
from mock_okta_harness.recorder import tokens_command
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
from mock_okta_harness.recorder.refresh import cassettes_in, record_of_own, refresh
from mock_okta_harness.recorder.sign_in import SignInFailedError, record_sign_in
from mock_okta_harness.recorder.tokens_command import WIDGETS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mock_okta_harness.recorder.refresh import Refreshed

SAME, DIFFERENT, FAILED = 0, 1, 2
FAILURES = (
    *tokens_command.FAILURES,
    CassetteError,
    NoAnswerError,
    OrderError,
    SecretLeftError,
    SignInFailedError,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; give its exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0].startswith("-") and words[0] not in ("-h", "--help"):
        words.insert(0, "tokens")
    options = _parser().parse_args(words)
    run: Callable[[argparse.Namespace], int] = options.run
    return run(options)


def _sign_in(options: argparse.Namespace) -> int:
    try:
        if is_org_given(os.environ) and not options.own:
            if options.widget:
                raise OrderError("--widget: only an own org knows the page; add --own.")
            cassette = record_sign_in(_given(options)).cassette()
        else:
            cassette = record_of_own(_wanted(options), options.seed, options.widget)
        cassette.save(options.out)
    except FAILURES as reason:
        print(f"Nothing recorded: {told(reason)}", file=sys.stderr)
        return 1
    steps = " ".join(each.step for each in cassette.exchanges)
    print(f"Recorded in {options.out}: {steps}")
    return 0


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
    _add_tokens(commands)
    _add_sign_in(commands)
    _add_refresh(commands)
    _add_drift(commands)
    return parser


Commands = argparse._SubParsersAction  # noqa: SLF001 -- the type has no public name


def _add_tokens(commands: Commands[argparse.ArgumentParser]) -> None:
    told = "record the tokens of a sign-in by the widget, to be verified as at that instant"
    command = commands.add_parser("tokens", help=told, description=told)
    tokens_command.add_options(command)
    command.set_defaults(run=tokens_command.run)


def _add_sign_in(commands: Commands[argparse.ArgumentParser]) -> None:
    told = (
        "record a whole sign-in to a cassette: of the org that OKTA_ORG_URL or ISSUER names, "
        "else of one that is started for it"
    )
    command = commands.add_parser("sign-in", help=told, description=told)
    command.add_argument("--out", required=True, type=Path, help="the cassette to write (.yaml)")
    _add_org(command)
    user = a_user()
    command.add_argument("--own", action="store_true", help="whatever the environment names")
    command.add_argument("--widget", choices=WIDGETS, help="sign in by the widget in a browser")
    command.add_argument("--client", metavar="ID", help="an own org's client (its first)")
    command.add_argument("--login", help=f"an own org's user (its first, {user.login})")
    command.add_argument("--authorization-server", default="default", metavar="ID")
    command.add_argument("--redirect-uri", metavar="URI")
    command.add_argument("--scopes", default=" ".join(SCOPES))
    command.set_defaults(run=_sign_in)


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
