"""`serve --watch` and `--export-on-exit`: seed files that are read again, or written at the end."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from mock_okta.control.connection import Connection, ControlError, path_of
from mock_okta.control.paths import Path as ControlPath
from mock_okta.model.seed import Seed, SeedError
from mock_okta.process.server import MockOkta

__all__ = ["Stamp", "export_org", "exportable", "reseeding_at_changes", "stamp_of"]

Stamp = tuple[tuple[str, int, int], ...] | None
_PAUSE_SECONDS = 0.5
_FORMATS = {".yaml": "yaml", ".yml": "yaml", ".json": "json"}


async def reseeding_at_changes(
    org: MockOkta, files: Sequence[Path], before: Stamp, read: Callable[[], Seed]
) -> None:
    """Add what the files name whenever one changes, until cancelled; print what happened.

    `before`: their stamp when they were read for the start. Sessions and tokens stay. What is no
    longer in the files stays in the org, until it is started again. Mistakes are printed, and then
    nothing changes.
    """
    while True:
        await asyncio.sleep(_PAUSE_SECONDS)
        now = await asyncio.to_thread(stamp_of, files)
        if now not in (before, None):
            before = now
            await asyncio.to_thread(_reseed, org, files, read)


def _connected(org: MockOkta) -> Connection:
    """Return the way to `/_mock` of an org of this process."""
    ca_file = org.ca_path if org.config.tls else None
    return Connection(org.local_url, ca_file, org.config.control_token)


def stamp_of(files: Sequence[Path]) -> Stamp:
    """Return what changes with the files, or those in a folder; None while one is replaced."""
    try:
        found = [each for path in files for each in _files_in(path)]
        stats = [(str(each), each.stat()) for each in found]
    except OSError:
        return None
    return tuple((name, stat.st_mtime_ns, stat.st_ino) for name, stat in stats)


def _files_in(path: Path) -> Sequence[Path]:
    return sorted(path.iterdir()) if path.is_dir() else [path]


def _reseed(org: MockOkta, files: Sequence[Path], read: Callable[[], Seed]) -> None:
    try:
        _connected(org).send("PUT", ControlPath.SEED, read().seed_document())
    except (SeedError, ControlError) as error:
        click.secho(f"{error}\nThe org stays as it is.", fg="yellow", err=True)
    else:
        click.echo(f"{', '.join(map(str, files))} changed: the org has it now.")


def exportable(_: click.Context, __: click.Parameter, file: Path | None) -> Path | None:
    """Refuse a file whose ending no seed of this kind has, before the org starts."""
    if file is not None and file.suffix.lower() not in _FORMATS:
        raise click.BadParameter("the file ends in .yaml, .yml or .json")
    return file


def export_org(org: MockOkta, file: Path) -> None:
    """Write the seed of the running org to the file, and say so.

    It is written beside the file first, so that a full disk leaves an earlier one whole.
    """
    form, new = _FORMATS[file.suffix.lower()], file.with_name(f".{file.name}.new")
    try:
        new.write_bytes(_connected(org).send("GET", path_of(ControlPath.SEED, format=form)))
        new.replace(file)
    except (ControlError, OSError) as error:
        raise click.ClickException(f"{file} is not written: {error}") from error
    click.echo(f"{file} is written. Start such an org with: mock-okta serve {file}", err=True)
