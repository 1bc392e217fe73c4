"""`serve --watch`: seeds the running org again when the seed file changes."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import click

from mock_okta.control.connection import Connection, ControlError
from mock_okta.control.paths import Path as ControlPath
from mock_okta.model.seed import Seed, SeedError
from mock_okta.process.server import MockOkta

__all__ = ["Stamp", "reseeding_at_changes", "stamp_of"]

Stamp = tuple[int, int] | None
_PAUSE_SECONDS = 0.5


async def reseeding_at_changes(
    org: MockOkta, file: Path, before: Stamp, read: Callable[[], Seed]
) -> None:
    """Add what the file names whenever it changes, until cancelled; print what happened.

    `before`: the file's stamp when it was read for the start. Sessions and tokens stay. What is no
    longer in the file stays in the org, until it is started again. Mistakes are printed, and then
    nothing changes.
    """
    while True:
        await asyncio.sleep(_PAUSE_SECONDS)
        now = await asyncio.to_thread(stamp_of, file)
        if now not in (before, None):
            before = now
            await asyncio.to_thread(_reseed, org, file, read)


def stamp_of(file: Path) -> Stamp:
    """Return what changes with the file; None while an editor replaces it."""
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_ino


def _reseed(org: MockOkta, file: Path, read: Callable[[], Seed]) -> None:
    ca_file = org.ca_path if org.config.tls else None
    connection = Connection(org.local_url, ca_file, org.config.control_token)
    try:
        connection.send("PUT", ControlPath.SEED, read().seed_document())
    except (SeedError, ControlError) as error:
        click.secho(f"{error}\nThe org stays as it is.", fg="yellow", err=True)
    else:
        click.echo(f"{file} changed: the org has it now.")
