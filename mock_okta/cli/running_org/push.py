"""`mock-okta push`: requests to Okta Verify, and the answers of its users."""

from collections.abc import Iterator
from typing import Literal

import click

from mock_okta.cli.running_org.completing import logins
from mock_okta.cli.running_org.connecting import NO_USER, ListingGroup, RunningOrg, for_running_org
from mock_okta.control.connection import path_of
from mock_okta.control.paths import Path
from mock_okta.control.schema import DeviceAnswer, Push, Pushes
from mock_okta.model.factors import PushAnswer

__all__ = ["push"]

_USER = click.argument("login", required=False, metavar="[USER]", shell_complete=logins)


@click.group(cls=ListingGroup)
def push() -> None:
    """Answer push requests in place of a user's phone.

    Without a command, lists them.
    """


@push.command("list")
@_USER
@for_running_org
def list_(org: RunningOrg, login: str | None) -> None:
    """List push requests, all or those to USER (login or id)."""
    path = path_of(Path.PUSHES, user=login)
    org.show(org.send("GET", path, missing=NO_USER.format(login)), Pushes, _lines)


@push.command()
@_USER
@click.option(
    "--number", type=int, help="The number to pick; default: the one that the sign-in shows."
)
@for_running_org
def approve(org: RunningOrg, login: str | None, number: int | None) -> None:
    """Approve the newest push request that waits (of USER).

    If the newest thing that waits is a QR code of Okta Verify, scan it.
    """
    _answer(org, login, DeviceAnswer(answer="approve", number=number))


@push.command()
@_USER
@for_running_org
def deny(org: RunningOrg, login: str | None) -> None:
    """Deny the newest push request that waits (of USER)."""
    _answer(org, login, DeviceAnswer(answer="deny"))


def _answer(org: RunningOrg, login: str | None, answer: DeviceAnswer) -> None:
    path = path_of(Path.PUSHES, user=login)
    pushes = org.ask(Pushes, "GET", path, missing=NO_USER.format(login)).pushes
    waiting = [each for each in pushes if each.answer is PushAnswer.WAITING]
    if not waiting:
        raise click.ClickException(
            f"no push request waits{'' if login is None else f' for {login}'}"
        )
    content = org.send("POST", path_of(Path.PUSH, push_id=waiting[-1].id), answer)
    org.show(content, Push, lambda push: (_line(push),))


def _lines(pushes: Pushes) -> Iterator[str]:
    if not pushes.pushes:
        yield "No push requests."
    yield from map(_line, pushes.pushes)


def _line(push: Push) -> str:
    number = "" if push.number is None else f"  number {push.number}"
    kind: Literal["sign-in", "enrollment"] = push.purpose
    return f"{push.created_at:%Y-%m-%d %H:%M:%S} {push.answer}  {push.login}  {kind}{number}"
