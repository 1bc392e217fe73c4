"""How a command tells what a user can put right."""

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
    """Turn what a user can put right into one line and a non-zero exit."""
    try:
        yield
    except (SeedError, ConfigError, StartError, AuthorityError, ReleaseError) as error:
        raise click.ClickException(str(error)) from error
