"""`mock-okta serve`: runs an org until Ctrl-C."""

import asyncio
import gc
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from click.core import ParameterSource

import mock_okta
from mock_okta.app.settings import Config
from mock_okta.browser.widget.releases import Releases, default_directory
from mock_okta.cli.errors import clear_errors
from mock_okta.cli.options import config_of, org_options, reach_beyond_loopback
from mock_okta.cli.stopping import loop_factory, stopped_by_signal
from mock_okta.process.logs import LogFormat, write_logs
from mock_okta.process.server import MockOkta
from mock_okta.process.workers import Workers, serve_with_workers

__all__ = ["greeting", "serve"]

PORT = 8700


@click.command()
@click.argument("file", metavar="[SEED]...", nargs=-1, type=click.Path(path_type=Path))
@org_options(PORT)
@click.option(
    "--public-url",
    metavar="URL",
    help="How all URLs of the org begin, if a load balancer or proxy forwards requests to it; the "
    "same for all replicas.",
)
@click.option(
    "--trust-proxy",
    multiple=True,
    metavar="ADDRESS/NET",
    help="A proxy, or a network of proxies, whose X-Forwarded-For, -Host and -Proto (or Forwarded) "
    "count; from all others these are ignored.",
)
@click.option(
    "--allow-host",
    multiple=True,
    metavar="NAME",
    help="An additional name for the Host header of /_mock.",
)
@click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Serve by so many processes, for more requests than one core can answer.",
)
@click.pass_context
def serve(
    context: click.Context,
    /,
    file: tuple[Path, ...],
    seed: tuple[Path, ...],
    log_format: LogFormat,
    workers: int,
    **options: Any,
) -> None:
    """Serve an org until Ctrl-C, with the seed file SEED (.yaml, .toml or .json).

    SEED may also be a folder of seed files, and there may be several: they become one seed.
    """
    if file and context.get_parameter_source("seed") is ParameterSource.ENVIRONMENT:
        seed = ()  # the command line counts before the environment
    with clear_errors():
        config = config_of((*file, *seed), **options)
        write_logs(log_format)
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            if workers == 1:
                runner.run(_serve_until_stopped(config))
            else:
                runner.run(_serve_by_workers(config, log_format, workers))


async def _serve_by_workers(config: Config, log_format: LogFormat, count: int) -> None:
    stopping = stopped_by_signal()
    workers = Workers(
        config=config, log_format=log_format, loop_factory=loop_factory, greeting=greeting
    )
    await serve_with_workers(workers, count, stopping, _say)
    click.echo("mock-okta stopped.")


def _say(greeting: str) -> None:
    click.echo(greeting)
    sys.stdout.flush()


async def _serve_until_stopped(config: Config) -> None:
    stopping = stopped_by_signal()
    async with MockOkta(config) as org:
        gc.freeze()  # these objects stay: no need to scan them again
        _say(greeting(org))
        await stopping.wait()
    click.echo("mock-okta stopped.")


def greeting(org: MockOkta) -> str:
    """Return the org's address, its users, and the settings for an app."""
    seed = org.config.seed
    lines = [
        f"mock-okta {mock_okta.__version__} serves {seed.org.name} at {org.url}",
        *(f"It is also at {url}" for url in org.config.urls(org.url)[1:]),
        *([f"Console  {org.url}/_mock/console"] if org.config.control else []),
        "",
        "Issuers",
    ]
    lines += [f"  {org.issuer(server.id)}" for server in seed.authorization_servers]
    lines += [f"  {org.issuer('org')}  (the org's own)", "", "Clients"]
    for client in org.clients:
        secret = f"  secret {client.client_secret}" if client.client_secret else ""
        lines.append(f"  {client.client_id}  {client.name} ({client.type.value}){secret}")
    lines += ["", "Users"]
    lines += [f"  {user.login}  password {user.password}" for user in seed.users] or ["  none"]
    if org.config.tls:
        lines += ["", f"Trust the CA  {org.ca_path}"]
    if org.config.public_url is not None:
        places = org.routes or {urlsplit(org.url).netloc: urlsplit(org.local_url).netloc}
        names = " ".join(f"{name}={place}" for name, place in places.items())
        lines += ["", f"A browser or a proxy must lead  {names}"]
    reach = reach_beyond_loopback(org.config.host)
    if reach is not None:
        refused = org.config.control and org.config.control_token is None
        lines += ["", reach + ("; /_mock is refused without --control-token" if refused else "")]
    server = seed.authorization_servers[0].id if seed.authorization_servers else "org"
    lines += ["", f"Point your app at  ISSUER={org.issuer(server)}"]
    lines += _missing_widget(org.config)
    name = org.config.first_name
    lines += [f"Open it as {name}, with the same scheme as the org. Stop with Ctrl-C.", ""]
    return "\n".join(lines)


def _missing_widget(config: Config) -> list[str]:
    """Return how to get the widget on the org's own page; nothing if its release is installed."""
    releases, version = Releases(config.widget_dir or default_directory()), config.widget_version
    if releases.find(version) is not None:
        return []
    missing = f"Widget {version} is not installed, the org's sign-in page is a plain form"
    others = "".join(f", or serve --widget {other}" for other in releases.installed()[-1:])
    return ["", f"{missing}: mock-okta widget install {version}{others}"]
