"""`mock-okta export`: the running org as a seed."""

from pathlib import Path as FilePath

import click

from mock_okta.cli.running_org.connecting import RunningOrg, for_running_org
from mock_okta.control.connection import path_of
from mock_okta.control.paths import Path

__all__ = ["export"]


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=FilePath, dir_okay=False),
    help="The file to write; without it, the seed is printed.",
)
@for_running_org
def export(org: RunningOrg, out: FilePath | None) -> None:
    """Print the running org as a seed, in YAML.

    With --json, in JSON.

    `mock-okta serve FILE` starts an org with the same users, apps, servers and policies. The seed
    has passwords and client secrets as they are.
    """
    form = "json" if org.as_json else "yaml"
    text = org.send("GET", path_of(Path.SEED, format=form)).decode()
    if out is None:
        click.echo(text, nl=not text.endswith("\n"))
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror}") from error
    click.echo(f"{out} is written. Start such an org with: mock-okta serve {out}", err=True)
