"""Installs what the demo needs besides Python packages: the widget and a browser."""

from __future__ import annotations

import click

from mock_okta_harness.browser import BrowserNotFound
from mock_okta_harness.browser.installation import install
from mock_okta_harness.running import CannotStartError

__all__ = ["install_browser", "install_widget"]


def install_browser() -> None:
    """Find a browser or install one. Raises CannotStartError."""
    try:
        install()
    except BrowserNotFound as reason:
        raise CannotStartError(str(reason)) from reason


def install_widget(version: str) -> None:
    """Install that release of the widget unless it is installed. Raises CannotStartError."""
    from mock_okta.browser.widget.releases import (  # noqa: PLC0415 -- as what starts an org
        ReleaseError,
        Releases,
        default_directory,
    )

    try:
        releases = Releases(default_directory())
        if releases.find(version) is None:
            click.echo(f"Getting widget {version} from the npm registry …")
            releases.install(version)
    except ReleaseError as reason:
        raise CannotStartError(str(reason)) from reason
