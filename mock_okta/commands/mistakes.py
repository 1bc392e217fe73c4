"""How a command tells what a user can put right."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from mock_okta.config import ConfigError
from mock_okta.seed import SeedError
from mock_okta.server import StartError
from mock_okta.tls import AuthorityError
from mock_okta.widget.releases import ReleaseError

__all__ = ["clear_errors"]


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turn what a user can put right into one line and a non-zero exit."""
    try:
        yield
    except (SeedError, ConfigError, StartError, AuthorityError, ReleaseError) as error:
        raise click.ClickException(str(error)) from error
