"""`mock-okta record`: records tokens and sign-ins, refreshes and compares cassettes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mock_okta_harness.browser import BrowserNotFound, CertificateNotTrusted
from mock_okta_harness.browser_error import BrowserError
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
    from collections.abc import Callable

    from mock_okta_harness.recorder.recording import Recording
    from mock_okta_harness.recorder.refresh import Refreshed

__all__ = ["record"]

SAME, DIFFERENT, FAILED = 0, 1, 2
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
_FILE = click.Path(path_type=Path)
_WIDGET = click.Choice(list(PATHS))


class _NotCompared(click.ClickException):
    """The cassettes could not be compared; status 1 would mean that they differ."""

    exit_code = FAILED


@click.group()
def record() -> None:
    """Record sign-ins to files, and compare recordings."""


_keeping_user_data = click.option(
    "--keep-user-data",
    is_flag=True,
    help="Keep the user's data from another org; only for made-up users.",
)


def _of_a_sign_in(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a sign-in, for both kinds of file."""
    for option in (
        click.option(
            "--scopes",
            default=" ".join(SCOPES),
            show_default=True,
            help="Scopes, separated by spaces.",
        ),
        click.option("--redirect-uri", metavar="URI", help="A redirect URI of the client."),
        click.option(
            "--authorization-server",
            metavar="ID",
            default="default",
            show_default=True,
            help="Authorization server of the started org.",
        ),
        click.option("--login", help="User of the started org; default: its first."),
        click.option(
            "--client", metavar="ID", help="Client of the started org; default: its first."
        ),
        click.option("--widget", type=_WIDGET, help="Sign in with this widget in a browser."),
        click.option(
            "--own", is_flag=True, help="Start an org, even if the environment names one."
        ),
        click.option("--ca-file", type=_FILE, help="The CA to trust for another org."),
        click.option("--seed", type=_FILE, help="Seed file of the started org."),
    ):
        command = option(command)
    return command


@record.command("sign-in")
@click.option("--out", type=_FILE, required=True, help="The cassette to write (.yaml).")
@_keeping_user_data
@_of_a_sign_in
def sign_in(out: Path, *, keep_user_data: bool, **options: Any) -> None:
    """Record a whole sign-in to a cassette.

    The org is the one that OKTA_ORG_URL or ISSUER names. Otherwise an org is started for it.
    """
    try:
        cassette = _recorded(keeps_user_data=keep_user_data, **options).cassette()
        cassette.save(out)
    except FAILURES as reason:
        raise click.ClickException(f"Nothing recorded: {told(reason)}") from reason
    steps = " ".join(each.step for each in cassette.exchanges)
    click.echo(f"Recorded in {out}: {steps}")


@record.command()
@click.option("--out", type=_FILE, required=True, help="The file to write (.json).")
@_of_a_sign_in
def tokens(out: Path, **options: Any) -> None:
    """Record the tokens of a sign-in, unchanged.

    The file also has the time at which they are valid.

    The org is the one that OKTA_ORG_URL or ISSUER names. Otherwise an org is started for it.
    """
    try:
        recorded = _recorded(keeps_user_data=True, **options).recorded_tokens()
        recorded.verify()
        recorded.save(out)
    except FAILURES as reason:
        raise click.ClickException(f"Nothing recorded: {told(reason)}") from reason
    made = recorded.made
    click.echo(f"Recorded in {out}: tokens of {made.login} at {recorded.issuer}, by {made.way}")


@record.command("refresh")
@click.argument("cassettes", nargs=-1, required=True, type=_FILE)
@click.option(
    "--check", is_flag=True, help="Write nothing; exit with status 1 if anything changes."
)
@click.option("--seed", type=_FILE, help="Seed file of the started org.")
@click.option("--ca-file", type=_FILE, help="The CA to trust for another org.")
@_keeping_user_data
def refresh_command(
    cassettes: tuple[Path, ...],
    seed: Path | None,
    ca_file: Path | None,
    *,
    check: bool,
    keep_user_data: bool,
) -> int:
    """Record CASSETTES again, and print which fields changed.

    CASSETTES are files or folders.
    """
    changed = 0
    try:
        paths = cassettes_in(cassettes)
        elsewhere = any(read_cassette(path).made.org == "given" for path in paths)
        given = (
            _given(ca_file, keeps_user_data=keep_user_data)
            if elsewhere and is_org_given(os.environ)
            else None
        )
        for each in refresh(paths, given, seed_file=seed, writes=not check):
            click.echo(_told(each))
            changed += bool(each.differences)
    except FAILURES as reason:
        raise _NotCompared(f"Not all recorded: {told(reason)}") from reason
    return DIFFERENT if changed and check else SAME


@record.command("drift")
@click.argument("first", type=_FILE)
@click.argument("second", type=_FILE)
def drift_command(first: Path, second: Path) -> int:
    """Compare two cassettes field by field.

    The exit status is 1 if they differ.
    """
    try:
        differences = drift(read_cassette(first), read_cassette(second))
    except (CassetteError, OSError) as reason:
        raise _NotCompared(f"Not compared: {told(reason)}") from reason
    for each in differences:
        click.echo(each)
    return DIFFERENT if differences else SAME


def _recorded(
    *,
    own: bool,
    widget: str | None,
    seed: Path | None,
    ca_file: Path | None,
    keeps_user_data: bool,
    **wanted: Any,
) -> Recording:
    """Sign in at the org that the environment names, or at an org started for this."""
    if own or not is_org_given(os.environ):
        return record_of_own(_wanted(**wanted), seed, widget)
    if widget:
        raise OrderError("--widget: only a started org has the demo page as a client; add --own.")
    return record_sign_in(_given(ca_file, keeps_user_data=keeps_user_data))


def _told(refreshed: Refreshed) -> str:
    if refreshed.passed_over:
        return f"{refreshed.path}: skipped, {refreshed.passed_over}"
    if not refreshed.differences:
        return f"{refreshed.path}: unchanged"
    return "\n".join(f"{refreshed.path}: {each}" for each in refreshed.differences)


def _given(ca_file: Path | None, *, keeps_user_data: bool) -> SignInOrder:
    return order_from_environment(
        os.environ, ca_file=ca_file, user_data="kept" if keeps_user_data else "scrubbed"
    )


def _wanted(
    *,
    client: str | None,
    login: str | None,
    authorization_server: str,
    redirect_uri: str | None,
    scopes: str,
) -> Wanted:
    return Wanted(
        client_id=client,
        login=login,
        authorization_server=authorization_server,
        redirect_uri=redirect_uri,
        scopes=tuple(scopes.split()),
    )
