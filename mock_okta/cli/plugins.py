"""Commands of other packages, from the entry-point group `mock_okta.commands`.

The harness provides `browser`, `demo`, `gallery` and `record`: this package never imports it.
"""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint, EntryPoints

__all__ = ["plugin_command", "plugin_names"]

_GROUP = "mock_okta.commands"


def plugin_names() -> set[str]:
    """Return the names of all commands that installed packages provide."""
    return {entry.name for entry in _entries()}


def plugin_command(name: str) -> click.Command | None:
    """Return the command of that name, or None if no installed package provides it.

    A command whose code cannot be imported is replaced by one that says what to install.
    """
    for entry in _entries().select(name=name):
        try:
            command: click.Command = entry.load()
        except ImportError as reason:
            return _unusable(entry, reason)
        return command
    return None


def _entries() -> "EntryPoints":
    from importlib.metadata import entry_points  # noqa: PLC0415 -- `serve` does without

    return entry_points(group=_GROUP)


def _unusable(entry: "EntryPoint", reason: ImportError) -> click.Command:
    line = f"mock-okta {entry.name} needs an extra: pip install 'mock_okta[harness]' ({reason})"

    @click.command(
        entry.name,
        help=line,
        add_help_option=False,
        context_settings={"ignore_unknown_options": True},
    )
    @click.argument("words", nargs=-1, type=click.UNPROCESSED)
    def unusable(words: tuple[str, ...]) -> None:  # noqa: ARG001 -- any arguments
        raise click.ClickException(line)

    return unusable
