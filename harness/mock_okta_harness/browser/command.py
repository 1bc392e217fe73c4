"""`mock-okta browser`: a browser for tests and for the demo."""

import click

from mock_okta_harness.browser import BrowserNotFound
from mock_okta_harness.browser.installation import install
from mock_okta_harness.extras import MissingExtraError, require_playwright

__all__ = ["browser"]


@click.group()
def browser() -> None:
    """Find or install a browser for tests and for the demo."""


@browser.command("install")
def install_command() -> None:
    """Find a browser on this machine, or install one.

    On Linux, also installs certutil, if it is missing.
    """
    try:
        require_playwright("mock-okta browser")
        install()
    except (BrowserNotFound, MissingExtraError) as reason:
        raise click.ClickException(str(reason)) from reason
