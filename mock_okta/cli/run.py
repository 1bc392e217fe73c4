"""`mock-okta run -- COMMAND`: runs any command with its own org."""

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from mock_okta.app.settings import Config
from mock_okta.cli.errors import clear_errors
from mock_okta.cli.options import config_of, org_options, reach_beyond_loopback, route_of
from mock_okta.cli.serve import greeting
from mock_okta.process.child_command import (
    CommandNotFound,
    UnknownClient,
    child_command,
    environment_for,
    proxy_for,
)
from mock_okta.process.logs import write_logs
from mock_okta.process.own_variables import VariableError, filled, variables_in
from mock_okta.process.server import MockOkta

__all__ = ["run"]


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """The command, the client for it, and the variables that the user names."""

    client: str | None
    command: tuple[str, ...]
    own: Mapping[str, str]


class _NotFound(click.ClickException):
    """The exit status that shells use for a missing command."""

    exit_code = 127


@click.command(context_settings={"allow_interspersed_args": False})
@click.option("--client", help="Client for CLIENT_ID, by id or name; default: the first.")
@org_options(port=0)
@click.option(
    "--pass-others", is_flag=True, help="With --domain: let COMMAND reach all other hosts."
)
@click.option(
    "--map",
    multiple=True,
    metavar="HOST:PORT=ADDRESS:PORT",
    help="With --domain: another name, such as your app's: app.example.test:443=127.0.0.1:9000.",
)
@click.option(
    "--env",
    multiple=True,
    metavar="NAME=VALUE",
    help="One more variable for COMMAND: VITE_OKTA_ISSUER={issuer}.",
)
@click.option(
    "--env-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file with such variables, one a line.",
)
@click.option("-v", "--verbose", is_flag=True, help="Write the org's log to standard error.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(
    seed: tuple[Path, ...],
    client: str | None,
    command: tuple[str, ...],
    *,
    verbose: bool,
    pass_others: bool,
    **options: Any,
) -> int:
    """Run COMMAND with an org on a free port.

    The org stops when COMMAND ends, and the exit status is COMMAND's.

    COMMAND gets the org's settings in its environment: ISSUER, CLIENT_ID, OKTA_CLIENT_ORGURL and
    similar variables, and MOCK_OKTA_URL. --env and --env-file name more; in their values {issuer},
    {url}, {client_id}, {client_secret} and {audience} are the org's.

    With --https it gets variables that make it trust the org's CA. With --domain, HTTPS_PROXY is a
    proxy that leads to the org and refuses all other hosts. For Java, both are in
    JAVA_TOOL_OPTIONS.
    """
    with clear_errors():
        routes, own = options.pop("map"), _named(options.pop("env_file"), options.pop("env"))
        config = config_of(seed, **options)
        if routes and config.public_url is None:
            raise click.UsageError("--map needs --domain: without it there is no proxy")
        way = partial(proxy_for, routes=dict(map(route_of, routes)), pass_others=pass_others)
        try:
            wanted = _Wanted(client=client, command=command, own=own)
            return _run(config, wanted, way, verbose=verbose)
        except CommandNotFound as error:
            raise _NotFound(str(error)) from error
        except UnknownClient as error:
            raise click.ClickException(f"--client: {error}") from error
        except VariableError as error:
            raise click.ClickException(f"--env: {error}") from error


def _named(file: Path | None, given: Sequence[str]) -> Mapping[str, str]:
    """Return the variables that the user names; those of the command line count."""
    try:
        lines = [] if file is None else file.read_text(encoding="utf-8").splitlines()
        return dict(variables_in([*lines, *given]))
    except OSError as error:
        raise click.ClickException(f"--env-file: {file}: {error.strerror}") from error
    except (VariableError, UnicodeDecodeError) as error:
        raise click.ClickException(f"--env: {error}") from error


def _run(
    config: Config,
    wanted: _Wanted,
    way: Callable[[MockOkta], AbstractContextManager[str | None]],
    *,
    verbose: bool,
) -> int:
    if verbose:
        write_logs("text")
    else:
        logging.disable()
    with (
        child_command() as child,
        TemporaryDirectory(prefix="mock_okta-") as folder,
        MockOkta(config) as org,
        way(org) as proxy,
    ):
        reach = reach_beyond_loopback(config.host)
        if verbose:
            click.echo(greeting(org), err=True)
        elif reach is not None:
            click.echo(reach, err=True)
        variables = environment_for(org, wanted.client, os.environ, Path(folder), proxy)
        return child.run(wanted.command, {**variables, **filled(wanted.own, variables)})
