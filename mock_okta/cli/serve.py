"""`mock-okta serve`: runs an org until Ctrl-C."""

import asyncio
import gc
import sys
from pathlib import Path
from typing import Any

import click

import mock_okta
from mock_okta.app.settings import Config
from mock_okta.browser.widget.releases import Releases, default_directory
from mock_okta.cli.errors import clear_errors
from mock_okta.cli.options import config_of, org_options, reach_beyond_loopback
from mock_okta.cli.stopping import loop_factory, stopped_by_signal
from mock_okta.process.logs import LogFormat, write_logs
from mock_okta.process.server import MockOkta

__all__ = ["greeting", "serve"]

PORT = 8700


@click.command()
@click.argument("seed", required=False, type=click.Path(path_type=Path))
@org_options(PORT)
@click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def serve(seed: Path | None, log_format: LogFormat, **options: Any) -> None:
    """Serve an org until Ctrl-C, with the seed file SEED (.yaml, .toml or .json)."""
    with clear_errors():
        config = config_of(seed, **options)
        write_logs(log_format)
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(_serve_until_stopped(config))


async def _serve_until_stopped(config: Config) -> None:
    stopping = stopped_by_signal()
    async with MockOkta(config) as org:
        gc.freeze()  # these objects stay: no need to scan them again
        click.echo(greeting(org))
        sys.stdout.flush()
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
    if org.config.public_port is not None:
        names = " ".join(f"{name}={place}" for name, place in org.routes.items())
        lines += ["", f"A browser or a proxy must lead  {names}"]
    reach = reach_beyond_loopback(org.config.host)
    if reach is not None:
        refused = org.config.control and org.config.control_token is None
        lines += ["", reach + ("; /_mock is refused without --control-token" if refused else "")]
    server = seed.authorization_servers[0].id if seed.authorization_servers else "org"
    lines += ["", f"Point your app at  ISSUER={org.issuer(server)}"]
    name, version = org.config.hostname, org.config.widget_version
    if Releases(org.config.widget_dir or default_directory()).find(version) is None:
        missing = f"Widget {version} is not installed, the org's sign-in page is a plain form"
        lines += ["", f"{missing}: mock-okta widget install {version}"]
    lines += [f"Open it as {name}, with the same scheme as the org. Stop with Ctrl-C.", ""]
    return "\n".join(lines)
