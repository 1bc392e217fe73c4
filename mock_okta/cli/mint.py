"""`mock-okta mint`: access and ID tokens without a server."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import click
import msgspec

from mock_okta.app.minting import Mint, MintError
from mock_okta.cli.errors import clear_errors
from mock_okta.model.faults import Breakage
from mock_okta.model.minting import Minted
from mock_okta.model.seed import read_seed
from mock_okta.process.server import keys_directory
from mock_okta.services.world.key_pool import KeyFileError, KeyPool

__all__ = ["mint"]

_CLAIM = "NAME=VALUE"


@click.command()
@click.argument("seed", required=False, type=click.Path(path_type=Path))
@click.option(
    "--user", help="Login or id of a user, in the org or made up; default: the org's first user."
)
@click.option("--client-id", help="A client in the org, or made up; default: the org's first.")
@click.option("--scope", multiple=True, help="A scope; default: openid, profile and email.")
@click.option(
    "--issuer",
    default="http://localhost:8700/oauth2/default",
    show_default=True,
    help="The issuer; without /oauth2/… it is the org authorization server.",
)
@click.option("--claim", multiple=True, metavar=_CLAIM, help="A claim of the access token (JSON).")
@click.option("--id-token-claim", multiple=True, metavar=_CLAIM, help="A claim of the ID token.")
@click.option("--lifetime", type=click.IntRange(1, 10**9), help="Seconds until the tokens expire.")
@click.option("--nonce", help="The nonce of the ID token.")
@click.option(
    "--broken",
    multiple=True,
    type=click.Choice(get_args(Breakage)),
    help="A defect of the tokens.",
)
@click.option("--without", multiple=True, metavar="CLAIM", help="A claim to leave out.")
@click.option(
    "--state-dir",
    type=click.Path(path_type=Path),
    help="Sign with the keys of the org that is served with this folder; default: new keys.",
)
@click.option(
    "--jwks",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the JWKS to this file.",
)
@click.option(
    "--only", type=click.Choice(["access_token", "id_token"]), help="Print only this token."
)
def mint(
    seed: Path | None,
    issuer: str,
    state_dir: Path | None,
    jwks: Path | None,
    only: str | None,
    **wanted: Any,
) -> None:
    """Print tokens, and the JWKS to verify them with, as JSON.

    The org is that of the seed file SEED, or the default one. It does not have to run.
    """
    with clear_errors():
        org = None if seed is None else read_seed(seed)
        pool = KeyPool(keys_directory(state_dir))
        url, _, server_id = issuer.partition("/oauth2/")
        try:
            minted = Mint(org, url=url, key_pool=pool).tokens(
                authorization_server=server_id or "org", **_arguments(**wanted)
            )
        except (MintError, KeyFileError) as error:
            raise click.ClickException(str(error)) from error
    if jwks is not None:
        _write(jwks, minted)
    click.echo(_printed(minted, only))


def _arguments(
    claim: Iterable[str],
    id_token_claim: Iterable[str],
    lifetime: int | None,
    scope: tuple[str, ...],
    **rest: Any,
) -> dict[str, Any]:
    """Return the options as arguments of `Mint.tokens`, without those that are not given."""
    given = {name: value for name, value in rest.items() if value is not None}
    if scope:
        given["scopes"] = scope
    if lifetime is not None:
        given["lifetime"] = timedelta(seconds=lifetime)
    return given | {
        "claims": dict(map(_claim, claim)),
        "id_token_claims": dict(map(_claim, id_token_claim)),
    }


def _claim(given: str) -> tuple[str, Any]:
    """Return name and value; a value that is not JSON is a string."""
    name, equals, value = given.partition("=")
    if not equals:
        raise click.UsageError(f"{given!r} is not {_CLAIM}")
    try:
        return name, msgspec.json.decode(value)
    except msgspec.DecodeError:
        return name, value


def _printed(minted: Minted, only: str | None) -> str:
    if only is None:
        return msgspec.json.format(msgspec.json.encode(minted)).decode()
    token: str | None = getattr(minted, only)
    if token is None:
        raise click.ClickException("there is no ID token without a user and the scope openid")
    return token


def _write(path: Path, minted: Minted) -> None:
    try:
        path.write_bytes(msgspec.json.format(msgspec.json.encode(minted.jwks)) + b"\n")
    except OSError as error:
        raise click.ClickException(f"cannot write {path}: {error.strerror}") from error
