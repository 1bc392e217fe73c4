"""`mock-okta user`: the org's users, and changes of their status."""

from collections.abc import Iterator

import click

from mock_okta.cli.running_org.completing import logins
from mock_okta.cli.running_org.connecting import NO_USER, ListingGroup, RunningOrg, for_running_org
from mock_okta.control.connection import path_of
from mock_okta.control.paths import Path
from mock_okta.control.schema import ChangedUser, DirectoryUsers
from mock_okta.control.users import SUMMARIES
from mock_okta.services.users.lifecycle import Verb

__all__ = ["user"]


@click.group(cls=ListingGroup)
def user() -> None:
    """List the org's users, lock them, suspend them and more.

    Without a command, lists them.
    """


@user.command("list")
@for_running_org
def list_(org: RunningOrg) -> None:
    """List all users, with status, password and factors.

    With --json, prints all that the org knows of them.
    """
    org.show(org.send("GET", Path.USERS), DirectoryUsers, _lines)


def _lines(found: DirectoryUsers) -> Iterator[str]:
    if not found.users:
        yield "No users."
    for each in found.users:
        factors = ", ".join(str(factor.factor) for factor in each.factors)
        password = f"  password {each.password}" if each.password else ""
        yield f"{each.login}  {each.status}{password}{f'  {factors}' if factors else ''}"


def _changing(verb: Verb) -> click.Command:
    @click.command(verb.replace("_", "-"), help=SUMMARIES[verb], short_help=SUMMARIES[verb])
    @click.argument("login", metavar="USER", shell_complete=logins)
    @for_running_org
    def change(org: RunningOrg, login: str) -> None:
        path = path_of(Path.LIFECYCLE, user=login, verb=verb.value)
        content = org.send("POST", path, missing=NO_USER.format(login))
        org.show(content, ChangedUser, _changed)

    return change


def _changed(user: ChangedUser) -> Iterator[str]:
    yield f"{user.login} is {user.status}"
    if user.link is not None:
        yield f"They were sent the link {user.link}"


for each in Verb:
    user.add_command(_changing(each))
