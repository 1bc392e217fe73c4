"""`mock-okta serve`: runs an org until Ctrl-C."""

import asyncio
import gc
import sys
import webbrowser
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

import mock_okta
from mock_okta.app.settings import Config
from mock_okta.browser.widget.releases import Releases, default_directory
from mock_okta.cli.appearance import facts_as_json, is_terminal, painted, redirects_of
from mock_okta.cli.errors import clear_errors
from mock_okta.cli.offering import offer_widget
from mock_okta.cli.options import config_of, org_options, reach_beyond_loopback, seed_of
from mock_okta.cli.stopping import loop_factory, stopped_by_signal
from mock_okta.cli.watching import reseeding_at_changes, stamp_of
from mock_okta.process.logs import LogFormat, write_logs
from mock_okta.process.server import MockOkta

__all__ = ["greeting", "serve"]

PORT = 8700
_Background = Callable[[MockOkta], Coroutine[Any, Any, None]]


@click.command()
@click.argument("seed", required=False, type=click.Path(path_type=Path))
@org_options(PORT)
@click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option(
    "--open",
    "opens",
    envvar="MOCK_OKTA_SERVE_OPEN",
    is_flag=True,
    help="Open the org in the browser.",
)
@click.option(
    "--watch", is_flag=True, help="Add what SEED names to the org again whenever it changes."
)
@click.option("--quiet", "-q", is_flag=True, help="Print only the org's URL.")
@click.option(
    "--json",
    "as_json",
    envvar="MOCK_OKTA_SERVE_JSON",
    is_flag=True,
    help="Print the org's URL and more as JSON.",
)
def serve(  # noqa: PLR0913 -- as many as there are options
    seed: Path | None,
    log_format: LogFormat,
    *,
    opens: bool,
    watch: bool,
    quiet: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Serve an org until Ctrl-C, with the seed file SEED (.yaml, .toml or .json)."""
    with clear_errors():
        before = None if seed is None else stamp_of(seed)  # a change from here on is seen
        config = config_of(seed, **options)
        if watch and (seed is None or not config.control):
            raise click.UsageError("--watch needs a SEED, and /_mock: it cannot be --no-control")
        read = partial(seed_of, seed, options["redirect_uri"], options["origin"])
        background: list[_Background] = []
        if opens:
            background.append(_open)
        if watch and seed is not None:
            background.append(partial(reseeding_at_changes, file=seed, before=before, read=read))
        if is_terminal() and not quiet and not as_json:
            offer_widget(config.widget_version, config.widget_dir)
        say = facts_as_json if as_json else _url_of if quiet else _painted_greeting
        write_logs(log_format)
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(_serve_until_stopped(config, say, background))
        if not quiet and not as_json:
            click.echo("mock-okta stopped.")


async def _serve_until_stopped(
    config: Config, say: Callable[[MockOkta], str], background: Sequence[_Background]
) -> None:
    stopping = stopped_by_signal()
    async with MockOkta(config) as org:
        gc.freeze()  # these objects stay: no need to scan them again
        click.echo(say(org), color=True)  # it is plain already where it should be
        sys.stdout.flush()
        running = [asyncio.create_task(work(org)) for work in background]
        await stopping.wait()
        for task in running:
            task.cancel()


async def _open(org: MockOkta) -> None:
    await asyncio.to_thread(webbrowser.open, org.url)


def _url_of(org: MockOkta) -> str:
    return org.url


def _painted_greeting(org: MockOkta) -> str:
    return painted(greeting(org))


def greeting(org: MockOkta) -> str:
    """Return the org's address, its users, and the settings for an app."""
    seed = org.config.seed
    lines = [
        f"mock-okta {mock_okta.__version__} serves {seed.org.name} at {org.url}",
        *(f"It is also at {url}" for url in org.config.urls(org.url)[1:]),
        "",
        "Issuers",
    ]
    lines += [f"  {org.issuer(server.id)}" for server in seed.authorization_servers]
    lines += [f"  {org.issuer('org')}  (the org's own)", "", "Clients"]
    for client in org.clients:
        secret = f"  secret {client.client_secret}" if client.client_secret else ""
        lines.append(f"  {client.client_id}  {client.name} ({client.type.value}){secret}")
        lines += redirects_of(client.login_redirect_uris)
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
