"""The command `mock-okta` and its subcommands."""

import gc
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any

import click

import mock_okta
from mock_okta.cli.plugins import plugin_command, plugin_names

__all__ = ["main"]

_MODULES: Mapping[str, str] = MappingProxyType(
    {
        "ca": "mock_okta.cli.ca",
        "clock": "mock_okta.cli.running_org.clock",
        "export": "mock_okta.cli.running_org.export",
        "faults": "mock_okta.cli.running_org.faults",
        "health": "mock_okta.cli.health",
        "init": "mock_okta.cli.init",
        "mint": "mock_okta.cli.mint",
        "outbox": "mock_okta.cli.running_org.outbox",
        "proxy": "mock_okta.cli.proxy",
        "push": "mock_okta.cli.running_org.push",
        "requests": "mock_okta.cli.running_org.requests",
        "run": "mock_okta.cli.run",
        "schema": "mock_okta.cli.schema",
        "serve": "mock_okta.cli.serve",
        "user": "mock_okta.cli.running_org.users",
        "validate": "mock_okta.cli.validate",
        "widget": "mock_okta.cli.widget",
    }
)
"""Where each command is: it is imported when it is called, and the others are not."""


_SECTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Run an org": ("serve", "run", "widget", "proxy", "ca", "health"),
        "Look at a running org and change it": (
            "requests",
            "outbox",
            "push",
            "user",
            "clock",
            "faults",
        ),
        "Describe an org in a file": ("init", "validate", "schema", "export"),
        "Tokens, recordings, browsers": ("mint", "record", "demo", "gallery", "browser"),
    }
)
"""How the help lists the commands; other commands of plugins follow."""


# Before click 8.2 there is no such error: it prints the help by itself.
_NoArguments: Any = getattr(click.exceptions, "NoArgsIsHelpError", ())


class _Main(click.Group):
    """Includes commands of other packages, and reports an error in one line, without the usage."""

    def list_commands(self, context: click.Context) -> list[str]:  # noqa: ARG002 -- click's
        return sorted({*_MODULES, *plugin_names()})

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        commands = {name: self.get_command(context, name) for name in self.list_commands(context)}
        told = {
            name: command.get_short_help_str(70) for name, command in commands.items() if command
        }
        named = {name for names in _SECTIONS.values() for name in names}
        others = tuple(name for name in told if name not in named)
        for title, names in {**_SECTIONS, "More": others}.items():
            rows = [(name, told[name]) for name in names if name in told]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows, col_max=12)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:  # noqa: ARG002 -- click's
        return _imported(name) if name in _MODULES else plugin_command(name)

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if not (name.startswith("-") or context.resilient_parsing or self._has(context, name)):
            raise click.UsageError(_unknown(name, self.list_commands(context)))
        return super().resolve_command(context, args)

    def _has(self, context: click.Context, name: str) -> bool:
        return name in _MODULES or name in self.list_commands(context)

    def main(self, *args: Any, **extra: Any) -> Any:
        try:
            ended = super().main(*args, **{**extra, "standalone_mode": False})
        except _NoArguments as error:
            click.echo(error.format_message())
            sys.exit(0)
        except click.ClickException as error:
            click.echo(f"Error: {error.format_message()}", err=True)
            sys.exit(error.exit_code)
        except click.Abort:
            sys.exit(1)
        sys.exit(ended if isinstance(ended, int) else 0)


def _unknown(name: str, known: list[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 -- `serve` does without

    close = next(iter(get_close_matches(name, known, n=1)), None)
    meant = "" if close is None else f"did you mean '{close}'? "
    return f"there is no command '{name}': {meant}'mock-okta --help' lists all commands"


def _imported(name: str) -> click.Command:
    gc.disable()  # an import leaves next to nothing to collect, and takes a tenth less without
    try:
        command: click.Command = getattr(import_module(_MODULES[name]), name)
    finally:
        gc.enable()
    return command


@click.group(
    cls=_Main,
    context_settings={"auto_envvar_prefix": "MOCK_OKTA", "help_option_names": ["-h", "--help"]},
)
@click.version_option(mock_okta.__version__, prog_name="mock-okta")
def main() -> None:
    """Run an Okta org on your own machine.

    Every option can also be an environment variable, such as MOCK_OKTA_SERVE_PORT=9000.
    """
    if os.environ.get("NO_COLOR"):  # no-color.org; click itself does not look at it
        click.get_current_context().color = False
