"""`serve --export-on-exit`: writes the org as a seed when it stops."""

from pathlib import Path

import click

from mock_okta.cli.watching import connected
from mock_okta.control.connection import ControlError, path_of
from mock_okta.control.paths import Path as ControlPath
from mock_okta.process.server import MockOkta

__all__ = ["export_org", "exportable"]

_FORMATS = {".yaml": "yaml", ".yml": "yaml", ".json": "json"}


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
        new.write_bytes(connected(org).send("GET", path_of(ControlPath.SEED, format=form)))
        new.replace(file)
    except (ControlError, OSError) as error:
        raise click.ClickException(f"{file} is not written: {error}") from error
    click.echo(f"{file} is written. Start such an org with: mock-okta serve {file}", err=True)
