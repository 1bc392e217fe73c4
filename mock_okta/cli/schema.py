"""`mock-okta schema`: the JSON schema of seeds, for editors."""

import click
import msgspec

from mock_okta.model.seed.schema import seed_schema

__all__ = ["schema"]


@click.command()
def schema() -> None:
    """Print the JSON schema of seeds, for editors.

    With it an editor completes and checks a seed.

    mock-okta schema > seed.schema.json; the first line of a seed then names that file:
    # yaml-language-server: $schema=seed.schema.json
    """
    click.echo(msgspec.json.format(msgspec.json.encode(seed_schema())).decode())
