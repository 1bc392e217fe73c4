"""`mock-okta health`: asks a running org whether it is ready."""

import http.client
import ssl
from urllib.error import HTTPError
from urllib.request import HTTPSHandler, ProxyHandler, build_opener

import click

__all__ = ["health"]

_PATHS = ("/_mock/ready", "/.well-known/okta-organization")
"""Without /_mock (`--no-control`), any other answer says that the org runs."""


@click.command()
@click.option(
    "--url",
    default="http://localhost:8700",
    show_default=True,
    help="Where the org listens; for https its certificate is not checked.",
)
@click.option("--timeout", default=5.0, show_default=True, help="Seconds to wait for an answer.")
def health(url: str, timeout: float) -> int:
    """Ask whether an org is ready: exit with 0 if it is, else 1.

    Use it as the health check of a container.
    """
    url = url.rstrip("/")
    try:
        status = _status(url, timeout)
    except (OSError, ValueError, http.client.HTTPException) as error:
        click.echo(f"no org answers at {url}: {getattr(error, 'reason', error)}", err=True)
        return 1
    if status != http.client.OK:
        click.echo(f"the org at {url} is not ready: it answers with {status}", err=True)
        return 1
    click.echo(f"the org at {url} is ready")
    return 0


def _status(url: str, timeout: float) -> int:
    """Return the status of the first path that is served, without any proxy."""
    trust = ssl.create_default_context()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE  # nothing secret is sent
    opener = build_opener(ProxyHandler({}), HTTPSHandler(context=trust))
    for path in _PATHS:
        try:
            with opener.open(url + path, timeout=timeout) as answer:
                return int(answer.status)
        except HTTPError as error:
            with error:
                status = error.code
        if status != http.client.NOT_FOUND:
            break
    return status
