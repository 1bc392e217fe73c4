"""The command `mock-okta` and its subcommands."""

import sys
from typing import Any

import click
from click.exceptions import NoArgsIsHelpError

import mock_okta
from mock_okta.browser.widget.releases import SUPPORTED, Releases, default_directory
from mock_okta.cli.ca import ca
from mock_okta.cli.errors import clear_errors
from mock_okta.cli.health import health
from mock_okta.cli.init import init
from mock_okta.cli.mint import mint
from mock_okta.cli.options import releases
from mock_okta.cli.plugins import plugin_command, plugin_names
from mock_okta.cli.proxy import proxy
from mock_okta.cli.run import run
from mock_okta.cli.running_org import COMMANDS as FOR_A_RUNNING_ORG
from mock_okta.cli.schema import schema
from mock_okta.cli.serve import serve
from mock_okta.cli.validate import validate

__all__ = ["main"]


class _Main(click.Group):
    """Includes commands of other packages, and reports an error in one line, without the usage."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted({*super().list_commands(context), *plugin_names()})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        return super().get_command(context, name) or plugin_command(name)

    def main(self, *args: Any, **extra: Any) -> Any:
        try:
            ended = super().main(*args, **{**extra, "standalone_mode": False})
        except NoArgsIsHelpError as error:
            click.echo(error.format_message())
            sys.exit(0)
        except click.ClickException as error:
            click.echo(f"Error: {error.format_message()}", err=True)
            sys.exit(error.exit_code)
        except click.Abort:
            sys.exit(1)
        sys.exit(ended if isinstance(ended, int) else 0)


@click.group(
    cls=_Main,
    context_settings={"auto_envvar_prefix": "MOCK_OKTA", "help_option_names": ["-h", "--help"]},
)
@click.version_option(mock_okta.__version__, prog_name="mock-okta")
def main() -> None:
    """Run an Okta org on your own machine.

    Every option can also be an environment variable, such as MOCK_OKTA_SERVE_PORT=9000.
    """


for command in (
    serve,
    run,
    proxy,
    mint,
    ca,
    init,
    validate,
    schema,
    health,
    *FOR_A_RUNNING_ORG,
):
    main.add_command(command)


@main.group()
def widget() -> None:
    """Install and find releases of the Okta Sign-In Widget."""


@widget.command()
@click.argument("version", shell_complete=releases)
@click.option(
    "--integrity", help="SHA-512 integrity (sha512-…), for a version that is not supported."
)
def install(version: str, integrity: str | None) -> None:
    """Download VERSION from the npm registry, verify it, and keep it for offline use."""
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
