"""`mock-okta widget`: installs and finds releases of the Okta Sign-In Widget."""

import click

from mock_okta.browser.widget.releases import SUPPORTED, Releases, default_directory
from mock_okta.cli.errors import clear_errors
from mock_okta.cli.options import releases

__all__ = ["widget"]


@click.group()
def widget() -> None:
    """Install and find releases of the Okta Sign-In Widget."""


@widget.command()
@click.argument("version", shell_complete=releases)
@click.option(
    "--integrity", help="SHA-512 integrity (sha512-…), for a version that is not supported."
)
def install(version: str, integrity: str | None) -> None:
    """Download VERSION from the npm registry, verify it and keep it."""
    with clear_errors():
        path = Releases(default_directory()).install(version, integrity)
    click.echo(f"Widget {version} is in {path}")


@widget.command("list")
def list_() -> None:
    """List supported and installed versions."""
    with clear_errors():
        installed = Releases(default_directory()).installed()
    for version in sorted(
        {*SUPPORTED, *installed}, key=lambda v: [int(n) for n in v.split("-")[0].split(".")]
    ):
        state = "installed" if version in installed else "not installed"
        click.echo(
            f"{version}  {state}{'' if version in SUPPORTED else '  (not a supported version)'}"
        )


@widget.command()
@click.argument("version", shell_complete=releases)
def path(version: str) -> None:
    """Print the directory of an installed VERSION."""
    with clear_errors():
        found = Releases(default_directory()).find(version)
    if found is None:
        raise click.ClickException(
            f"Widget {version} is not installed: mock-okta widget install {version}"
        )
    click.echo(found)
