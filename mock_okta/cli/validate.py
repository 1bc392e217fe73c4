"""`mock-okta validate`: checks a seed file without starting an org."""

from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from mock_okta.model.seed import Mistake, Seed, SeedError, read_seed

__all__ = ["validate"]


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the mistakes as JSON.")
def validate(file: Path, *, as_json: bool) -> int:
    """Check the seed in FILE, and print all its mistakes.

    FILE ends in .yaml, .toml or .json; a folder of such files is one seed.

    The exit status is 0 for a valid seed, 1 for one with mistakes, and 2 for a wrong command line.
    Each mistake has its line and column, if the parser gives them. The JSON is an object with
    `file` and `mistakes`, each with `path`, `message`, `line` and `column` (from 1, or null).
    """
    try:
        seed = read_seed(file)
    except SeedError as error:
        if as_json:
            click.echo(_json(file, error.mistakes))
        else:
            click.echo(f"Error: {error}", err=True)
        return 1
    click.echo(_json(file, ()) if as_json else f"{file} is valid: {_contents(seed)}")
    return 0


def _json(file: Path, mistakes: Sequence[Mistake]) -> str:
    document = {"file": str(file), "mistakes": mistakes}
    return msgspec.json.format(msgspec.json.encode(document)).decode()


def _contents(seed: Seed) -> str:
    counts = (
        (len(seed.users), "user"),
        (len(seed.clients), "client"),
        (len(seed.authorization_servers), "authorization server"),
    )
    return ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for count, name in counts)
