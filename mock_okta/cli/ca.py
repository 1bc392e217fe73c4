"""`mock-okta ca`: the org's CA, for the trust stores of other programs."""

import os
from pathlib import Path

import click

from mock_okta.cli.errors import clear_errors
from mock_okta.process.java import trust_store
from mock_okta.process.tls import Authority, certificate_path
from mock_okta.process.trust import bundle_with_system, java_store_beside, lines_to_set

__all__ = ["ca"]


@click.command()
@click.option(
    "--state-dir",
    type=click.Path(path_type=Path),
    required=True,
    help="The state directory of the org; if it has no CA, one is created.",
)
@click.option(
    "--bundle",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the CA and the system's CAs to this file; print shell lines, not the certificate.",
)
def ca(state_dir: Path, bundle: Path | None) -> None:
    """Print the CA's certificate (PEM), for a trust store.

    \b
    mock-okta ca --state-dir DIR > ca.pem

    With --bundle, print shell lines that make Python, Node.js, curl, Java and Chromium trust it. A
    trust store for Java is written beside that file: ca-bundle-java.p12 for ca-bundle.pem.
    """  # noqa: D301 -- \b keeps click from joining the lines
    with clear_errors():
        certificate = Authority.load_or_create(state_dir).certificate_pem
    if bundle is None:
        click.echo(certificate, nl=False)
        return
    try:
        pem = bundle_with_system(certificate)
        bundle.write_bytes(pem)
        java_store_beside(bundle).write_bytes(trust_store(certificate, pem, os.environ))
    except OSError as error:
        raise click.ClickException(f"cannot write {bundle}: {error.strerror}") from error
    click.echo(lines_to_set(certificate_path(state_dir), bundle), nl=False)
