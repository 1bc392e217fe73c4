"""Reports errors that a user can correct."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from mock_okta.app.settings import ConfigError
from mock_okta.browser.widget.releases import ReleaseError
from mock_okta.model.seed import SeedError
from mock_okta.process.server import StartError
from mock_okta.process.tls import AuthorityError

__all__ = ["clear_errors"]


@contextmanager
def clear_errors() -> Iterator[None]:
    """Report errors that a user can correct in one line, with a non-zero exit status."""
    try:
        yield
    except (SeedError, ConfigError, StartError, AuthorityError, ReleaseError) as error:
        raise click.ClickException(str(error)) from error
