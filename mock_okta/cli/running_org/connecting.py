"""How a command finds a running org, asks it, and prints the answer."""

import socket
import ssl
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import click
import msgspec
from msgspec import Struct

from mock_okta.control.connection import Connection, ControlError

__all__ = ["NO_USER", "ListingGroup", "RunningOrg", "for_running_org", "running_org_of"]

S = TypeVar("S", bound=Struct)
NO_USER = "the org has no user {!r}: 'mock-okta user' lists them"

_OPTIONS = (
    click.option(
        "--url",
        envvar="MOCK_OKTA_URL",
        default="http://localhost:8700",
        show_default=True,
        show_envvar=True,
        help="Where the org is.",
    ),
    click.option(
        "--control-token",
        envvar="MOCK_OKTA_TOKEN",
        show_envvar=True,
        help="The token that the org was started with.",
    ),
    click.option(
        "--ca-file",
        envvar="MOCK_OKTA_CA_FILE",
        show_envvar=True,
        type=click.Path(path_type=Path),
        help="The org's CA, if it serves https.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print what the org answered, as JSON."),
)


class ListingGroup(click.Group):
    """A group that runs its command `list` if no other is named."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        names_none = not args or args[0].startswith("-")
        if names_none and not context.resilient_parsing and args[:1] not in (["-h"], ["--help"]):
            args = ["list", *args]
        return super().parse_args(context, args)


class RunningOrg(Struct, frozen=True, kw_only=True):
    """An org that runs somewhere; `as_json`: how to print its answers."""

    connection: Connection
    as_json: bool = False

    def send(self, method: str, path: str, body: object = None, *, missing: str = "") -> bytes:
        """Send one request and return the answer; raise a ClickException of one line.

        `missing`: that line, if the org does not have what the path names.
        """
        try:
            return self.connection.send(method, path, body)
        except ControlError as error:
            lacks = missing and error.status == 404 and not _is_foreign(error)
            said = missing if lacks else _explained(error, self.connection.url)
            raise click.ClickException(said) from error

    def ask(self, answer: type[S], method: str, path: str, *, missing: str = "") -> S:
        """Send one request and read the answer as that type; `missing` as for `send`."""
        try:
            return msgspec.json.decode(self.send(method, path, missing=missing), type=answer)
        except msgspec.DecodeError as error:
            raise click.ClickException(_foreign(self.connection.url)) from error

    def show(self, content: bytes, answer: type[S], lines: Callable[[S], Iterable[str]]) -> None:
        """Print an answer as it came, or as `lines` of text."""
        try:
            given = msgspec.json.decode(content, type=answer)
        except msgspec.DecodeError as error:
            raise click.ClickException(_foreign(self.connection.url)) from error
        if self.as_json:
            click.echo(msgspec.json.format(content).decode())
        else:
            click.echo("\n".join(lines(given)))

    def done(self, said: str) -> None:
        """Print that something without an answer is done."""
        click.echo("{}" if self.as_json else said)


def for_running_org(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that find an org, and the org as its first argument."""

    @wraps(command)
    def with_org(**given: Any) -> Any:
        org = running_org_of(given)
        rest = {name: value for name, value in given.items() if name not in _OURS}
        return command(org, **rest)

    wrapped: Callable[..., Any] = with_org
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


_OURS = ("url", "control_token", "ca_file", "as_json")


def running_org_of(given: dict[str, Any]) -> RunningOrg:
    """Return the org that the options of a command name."""
    url, ca_file = given["url"].rstrip("/"), given["ca_file"]
    if not _is_url(url):
        raise click.UsageError(f"--url: {url!r} is no URL such as http://localhost:8700")
    if ca_file is not None and not ca_file.is_file():
        raise click.UsageError(f"--ca-file: {ca_file}: No such file")
    connection = Connection(url, ca_file, given["control_token"])
    return RunningOrg(connection=connection, as_json=given["as_json"])


def _is_url(url: str) -> bool:
    try:
        address = urlsplit(url)
        return address.scheme in ("http", "https") and bool(address.hostname and address.port != 0)
    except ValueError:
        return False


def _explained(error: ControlError, url: str) -> str:
    match error.__cause__:
        case ssl.SSLCertVerificationError() as cause:
            return f"{url}: {cause.verify_message}: name the org's CA with --ca-file"
        case ConnectionRefusedError() | socket.gaierror() | TimeoutError():
            return (
                f"no org answers at {url}: start one with 'mock-okta serve', "
                "or name another with --url or MOCK_OKTA_URL"
            )
        case ssl.SSLError():
            return f"{url} does not answer with https: is the org's URL one with http?"
        case None:
            return _refusal(error, url)
        case _:
            return str(error)


def _refusal(error: ControlError, url: str) -> str:
    if error.status == 401:
        return f"{url} needs its control token: --control-token or MOCK_OKTA_TOKEN"
    if _is_foreign(error):
        return _foreign(url)
    return f"the org refused this: {'; '.join(error.causes)}" if error.causes else str(error)


def _is_foreign(error: ControlError) -> bool:
    return error.status == 404 and "E0000" not in error.reason


def _foreign(url: str) -> str:
    return f"{url} does not answer like a mock_okta org: name the org with --url or MOCK_OKTA_URL"
