"""The page about the command `mock-okta`, made from its help texts."""

import click

from mock_okta.cli import main


def command_line() -> str:
    """Return the page: every command, as `--help` shows it, with those of the harness."""
    lines = ["# Command line", "", "Every option can be an environment variable: `--port` of"]
    lines += ["`serve` is `MOCK_OKTA_SERVE_PORT`. `browser`, `demo` and `record` drive a browser:"]
    lines += ["they need the extra `harness` (`pip install 'mock_okta[harness]'`).", ""]
    lines += _shown(main, "mock-okta", None)
    return "\n".join(lines)


def _shown(command: click.Command, name: str, parent: click.Context | None) -> list[str]:
    context = click.Context(command, info_name=name, parent=parent, max_content_width=100)
    lines = [f"## {context.command_path}", "", "```text", command.get_help(context), "```", ""]
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None:
                lines += _shown(found, inner, context)
    return lines
