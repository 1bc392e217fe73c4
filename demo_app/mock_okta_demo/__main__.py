"""`python -m mock_okta_demo`: reads the options, then serves page and API until it is stopped."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from mock_okta_demo.app import run
from mock_okta_demo.config import OPTIONS, Option, SettingsError, read_settings


class OneLineParser(argparse.ArgumentParser):
    """An ArgumentParser that does not print the whole usage for every mistake."""

    def error(self, message: str) -> NoReturn:
        """Print one line and exit with the status of a usage error."""
        self.exit(2, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit status: 0 when stopped, 2 for settings that cannot be used."""
    given = vars(_parser().parse_args(arguments))
    try:
        run(read_settings(given, os.environ))
    except SettingsError as mistake:
        print(f"mock_okta_demo: {mistake}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="mock_okta_demo",
        description="A single-page app with Okta's sign-in widget, and its protected API.",
        epilog="Each option can also be an environment variable: its name in capitals.",
    )
    for option in OPTIONS:
        parser.add_argument(option.flag, dest=option.name, metavar=option.name, help=_help(option))
    return parser


def _help(option: Option) -> str:
    return f"{option.help} (default: {option.default})" if option.default else option.help


if __name__ == "__main__":
    sys.exit(main())
