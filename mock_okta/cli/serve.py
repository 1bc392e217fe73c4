"""`mock-okta serve`: runs an org until Ctrl-C."""

import asyncio
import gc
import sys
import webbrowser
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from click.core import ParameterSource

import mock_okta
from mock_okta.app.settings import Config
from mock_okta.browser.widget.releases import Releases, default_directory
from mock_okta.cli.appearance import facts_as_json, is_terminal, painted, redirects_of, users_of
from mock_okta.cli.errors import clear_errors
from mock_okta.cli.offering import offer_widget
from mock_okta.cli.options import config_of, org_options, reach_beyond_loopback, seed_of
from mock_okta.cli.serve_files import Stamp, export_org, exportable, reseeding_at_changes, stamp_of
from mock_okta.cli.stopping import loop_factory, stopped_by_signal
from mock_okta.process.logs import LogFormat, write_logs
from mock_okta.process.server import MockOkta
from mock_okta.process.stopping import before

__all__ = ["greeting", "serve"]

PORT = 8700
_Background = Callable[[MockOkta], Coroutine[Any, Any, None]]


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
    help="How many processes serve the org; each uses one core.",
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
@click.option(
    "--export-on-exit",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=exportable,
    help="Write the org as a seed to FILE (.yaml or .json) when it stops.",
)
@click.option("--quiet", "-q", is_flag=True, help="Print only the org's URL.")
@click.option(
    "--json",
    "as_json",
    envvar="MOCK_OKTA_SERVE_JSON",
    is_flag=True,
    help="Print the org's URL and more as JSON.",
)
@click.pass_context
def serve(  # noqa: PLR0913 -- as many as there are options
    context: click.Context,
    /,
    file: tuple[Path, ...],
    seed: tuple[Path, ...],
    log_format: LogFormat,
    *,
    workers: int,
    opens: bool,
    watch: bool,
    export_on_exit: Path | None,
    quiet: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Serve an org until Ctrl-C.

    SEED is a seed file (.yaml, .toml or .json), which describes the org, or a folder of them.
    Several become one seed. Without one, it is the default org.
    """
    if file and context.get_parameter_source("seed") is ParameterSource.ENVIRONMENT:
        seed = ()  # the command line counts before the environment
    files = (*file, *seed)
    with clear_errors():
        stamp = stamp_of(files)  # a change from here on is seen
        config = config_of(files, **options)
        _check(config, files, workers, watch=watch, opens=opens, exports=bool(export_on_exit))
        if is_terminal() and not quiet and not as_json:
            offer_widget(config.widget_version, config.widget_dir)
        say = facts_as_json if as_json else _url_of if quiet else _painted_greeting
        write_logs(log_format)
        if workers > 1:
            _run(partial(_serve_by_workers, config, log_format, workers, say))
        else:
            watching = [_watching(files, stamp, options)] if watch else []
            background = [*watching, *([_open] if opens else [])]
            ending = [partial(export_org, file=export_on_exit)] if export_on_exit else []
            _run(partial(_serve_until_stopped, config, say, background, ending))
        if not quiet and not as_json:
            click.echo("mock-okta stopped.")


def _check(  # noqa: PLR0913 -- the options that exclude one another
    config: Config, files: Sequence[Path], workers: int, *, watch: bool, opens: bool, exports: bool
) -> None:
    """Raise UsageError for options that exclude one another."""
    if watch and not (files and config.control):
        raise click.UsageError("--watch needs a SEED, and /_mock: it cannot be --no-control")
    if exports and not config.control:
        raise click.UsageError("--export-on-exit needs /_mock: it cannot be --no-control")
    if workers > 1 and (watch or opens or exports):
        raise click.UsageError(
            "--workers: several processes cannot --watch, --open or --export-on-exit"
        )


def _run(serve: Callable[[], Coroutine[Any, Any, None]]) -> None:
    gc.freeze()  # what was imported stays: the start need not scan it
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(serve())


def _watching(files: Sequence[Path], stamp: Stamp, options: Mapping[str, Any]) -> _Background:
    read = partial(seed_of, files, options["redirect_uri"], options["origin"])
    return partial(reseeding_at_changes, files=files, before=stamp, read=read)


async def _serve_by_workers(
    config: Config, log_format: LogFormat, count: int, say: Callable[[MockOkta], str]
) -> None:
    # One process needs none of it, and starts sooner.
    from mock_okta.process.workers import Workers, serve_with_workers  # noqa: PLC0415 -- see above

    stopping = stopped_by_signal()
    workers = Workers(config=config, log_format=log_format, loop_factory=loop_factory, greeting=say)
    await serve_with_workers(workers, count, stopping, _print)


def _print(said: str) -> None:
    click.echo(said, color=True)  # it is plain already where it should be
    sys.stdout.flush()


async def _serve_until_stopped(
    config: Config,
    say: Callable[[MockOkta], str],
    background: Sequence[_Background],
    ending: Sequence[Callable[[MockOkta], None]],
) -> None:
    stopping = stopped_by_signal()
    async with AsyncExitStack() as stack:
        # A first start may fill the org for minutes.
        org = await before(stopping, stack.enter_async_context(MockOkta(config)))
        if org is None:
            return
        gc.freeze()  # these objects stay: no need to scan them again
        _print(say(org))
        running = [asyncio.create_task(work(org)) for work in background]
        await stopping.wait()
        for task in running:
            task.cancel()
        for act in ending:
            await asyncio.to_thread(act, org)


async def _open(org: MockOkta) -> None:
    if not await asyncio.to_thread(webbrowser.open, org.url):
        click.echo(f"No browser was found to open: go to {org.url}", err=True)


def _url_of(org: MockOkta) -> str:
    return org.url


def _painted_greeting(org: MockOkta) -> str:
    return painted(greeting(org))


def greeting(org: MockOkta) -> str:
    """Return the org's address, its users, and the settings for an app."""
    seed = org.seed.seed
    reach = reach_beyond_loopback(org.config.host)
    refuses = reach is not None and org.config.control_token is None
    has_console = org.config.control and not refuses
    lines = [
        f"mock-okta {mock_okta.__version__} serves {seed.org.name} at {org.url}",
        *(f"It is also at {url}" for url in org.config.urls(org.url)[1:]),
        *([f"Console  {org.url}/_mock/console"] if has_console else []),
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
    lines += users_of(org.seed)
    if org.config.tls:
        lines += ["", f"Trust the CA  {org.ca_path}"]
    if org.config.public_url is not None:
        places = org.routes or {urlsplit(org.url).netloc: urlsplit(org.local_url).netloc}
        names = " ".join(f"{name}={place}" for name, place in places.items())
        lines += ["", f"A browser or a proxy must lead  {names}"]
        if org.routes:
            domains = (org.config.first_name, *org.config.domains)
            given = " ".join(f"--domain {name}" for name in domains)
            lines += [f"Such a proxy  mock-okta proxy {given} --to {[*places.values()][-1]}"]
    if reach is not None:
        is_told = refuses and org.config.control
        lines += ["", reach + ("; /_mock is refused without --control-token" if is_told else "")]
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
