"""`mock-okta init`: writes a seed to begin with."""

from importlib.resources import files
from pathlib import Path

import click

__all__ = ["init"]


@click.command()
@click.argument("file", default="org.yaml", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace a file that is already there.")
def init(file: Path, *, force: bool) -> None:
    """Write a seed with comments, for you to change.

    FILE is org.yaml unless you name another. `mock-okta serve FILE` serves it.
    """
    if file.suffix.lower() not in (".yaml", ".yml"):
        raise click.UsageError(f"{file}: the seed is YAML: name a file that ends in .yaml")
    text = files("mock_okta.cli").joinpath("first_seed.yaml").read_text(encoding="utf-8")
    try:
        with file.open("w" if force else "x", encoding="utf-8") as seed:
            seed.write(text)
    except FileExistsError as error:
        raise click.ClickException(f"{file} is already there: --force replaces it") from error
    except OSError as error:
        raise click.ClickException(f"cannot write {file}: {error.strerror}") from error
    click.echo(f"{file} is written. Serve it: mock-okta serve {file}")
