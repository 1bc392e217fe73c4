"""`mock-okta record`: tokens, whole sign-ins, all cassettes of a project, and what differs."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mock_okta_harness.browser import BrowserNotFound, CertificateNotTrusted
from mock_okta_harness.browser_error import BrowserError
from mock_okta_harness.builders import a_user
from mock_okta_harness.control import ControlError
from mock_okta_harness.demo.stage import a_browser_page, a_demo_app, an_org
from mock_okta_harness.extras import MissingExtraError
from mock_okta_harness.pages import DemoPage, WrongScreenError
from mock_okta_harness.pages.demo import PATHS
from mock_okta_harness.recorder import VerificationError
from mock_okta_harness.recorder.capture import NothingToRecordError
from mock_okta_harness.recorder.capture import record as record_tokens
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
from mock_okta_harness.running import CannotStartError, RunningOrg

if TYPE_CHECKING:
    from collections.abc import Callable

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
_USER = a_user()
_FILE = click.Path(path_type=Path)
_WIDGET = click.Choice(list(PATHS))


class _NotCompared(click.ClickException):
    """Neither the same nor different: status 1 says that something differs."""

    exit_code = FAILED


@click.group()
def record() -> None:
    """Record sign-ins, as cassettes or as tokens, and compare recordings."""


@record.command()
@click.option("--out", type=_FILE, required=True, help="The file to write.")
@click.option("--url", help="An org that runs already; without it one is started.")
@click.option("--ca-file", type=_FILE, help="The CA to trust, if that org serves https.")
@click.option("--https", is_flag=True, help="Start the org with https.")
@click.option(
    "--widget", type=_WIDGET, default="3.2.2", show_default=True, help="The widget's version."
)
@click.option("--login", default=_USER.login, show_default=True, help="The user who signs in.")
@click.option("--password", default=_USER.password, show_default=True, help="Their password.")
def tokens(out: Path, widget: str, login: str, password: str, **where: Any) -> None:
    """Record the tokens of a sign-in by the widget, to be verified as at that instant."""
    try:
        with ExitStack() as stack:
            org = _org(stack, **where)
            app = stack.enter_context(a_demo_app(org, a_user(login, password)))
            page = stack.enter_context(a_browser_page(org))
            form = DemoPage.open(page, app.url, widget=widget).sign_in_form()
            recorded = record_tokens(form.sign_in(login, password), org, login)
        recorded.verify()
        recorded.save(out)
    except FAILURES as reason:
        raise click.ClickException(f"Nothing recorded: {told(reason)}") from reason
    origin = recorded.origin
    click.echo(f"Recorded {login} at {origin.issuer}, widget {origin.widget}, in {out}")


def _of_an_org(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options for the orgs that a command records: one of its own, one elsewhere."""
    for option in (
        click.option(
            "--keep-user-data",
            is_flag=True,
            help="Write what an org elsewhere says of its user: for users who are made up.",
        ),
        click.option("--ca-file", type=_FILE, help="The CA to trust of an org elsewhere."),
        click.option("--seed", type=_FILE, help="What an own org starts with."),
    ):
        command = option(command)
    return command


@record.command("sign-in")
@click.option("--out", type=_FILE, required=True, help="The cassette to write (.yaml).")
@_of_an_org
@click.option("--own", is_flag=True, help="Start an org, even if the environment names one.")
@click.option("--widget", type=_WIDGET, help="Sign in by the widget in a browser.")
@click.option("--client", metavar="ID", help="An own org's client; else its first.")
@click.option("--login", help="An own org's user; else its first.")
@click.option(
    "--authorization-server",
    metavar="ID",
    default="default",
    show_default=True,
    help="An own org's authorization server.",
)
@click.option("--redirect-uri", metavar="URI", help="A redirect URI of that client.")
@click.option(
    "--scopes", default=" ".join(SCOPES), show_default=True, help="Scopes, with spaces between."
)
def sign_in(  # noqa: PLR0913 -- as many as there are options
    out: Path,
    seed: Path | None,
    ca_file: Path | None,
    widget: str | None,
    *,
    keep_user_data: bool,
    own: bool,
    **wanted: Any,
) -> None:
    """Record a whole sign-in to a cassette.

    The org is the one that OKTA_ORG_URL or ISSUER names, else one that is started for it.
    """
    try:
        if is_org_given(os.environ) and not own:
            if widget:
                raise OrderError("--widget: only an own org knows the page; add --own.")
            order = _given(ca_file, keeps_user_data=keep_user_data)
            cassette = record_sign_in(order).cassette()
        else:
            cassette = record_of_own(_wanted(**wanted), seed, widget)
        cassette.save(out)
    except FAILURES as reason:
        raise click.ClickException(f"Nothing recorded: {told(reason)}") from reason
    steps = " ".join(each.step for each in cassette.exchanges)
    click.echo(f"Recorded in {out}: {steps}")


@record.command("refresh")
@click.argument("cassettes", nargs=-1, required=True, type=_FILE)
@click.option("--check", is_flag=True, help="Write nothing; end with status 1 on any change.")
@_of_an_org
def refresh_command(
    cassettes: tuple[Path, ...],
    seed: Path | None,
    ca_file: Path | None,
    *,
    check: bool,
    keep_user_data: bool,
) -> int:
    """Record CASSETTES (files, or folders of them) anew, and print which fields changed."""
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
    """Compare two cassettes field by field; end with status 1 if they differ."""
    try:
        differences = drift(read_cassette(first), read_cassette(second))
    except (CassetteError, OSError) as reason:
        raise _NotCompared(f"Not compared: {told(reason)}") from reason
    for each in differences:
        click.echo(each)
    return DIFFERENT if differences else SAME


def _org(stack: ExitStack, *, url: str | None, ca_file: Path | None, https: bool) -> RunningOrg:
    if url:
        return RunningOrg(url.rstrip("/"), ca_file)
    return stack.enter_context(an_org(https=https))


def _told(refreshed: Refreshed) -> str:
    if refreshed.passed_over:
        return f"{refreshed.path}: passed over, {refreshed.passed_over}"
    if not refreshed.differences:
        return f"{refreshed.path}: says the same"
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
