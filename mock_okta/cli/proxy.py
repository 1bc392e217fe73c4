"""`mock-okta proxy`: leads names such as `your-org.okta.com` to an org on this machine."""

import asyncio
import sys
from typing import Any

import click

from mock_okta.app.settings import CDN
from mock_okta.cli.errors import clear_errors
from mock_okta.cli.options import reach_beyond_loopback, route_of
from mock_okta.cli.stopping import loop_factory, stopped_by_signal
from mock_okta.process.java import OPTIONS, joined, proxy_options
from mock_okta.process.logs import write_logs
from mock_okta.process.proxy import Proxy

__all__ = ["proxy"]


@click.command()
@click.option(
    "--domain",
    multiple=True,
    required=True,
    help="A name of the org, as in `mock-okta serve --domain`; includes Okta's CDN.",
)
@click.option(
    "--to",
    default="127.0.0.1:8700",
    show_default=True,
    help="Address at which the org listens with https.",
)
@click.option(
    "--map",
    multiple=True,
    metavar="HOST:PORT=ADDRESS:PORT",
    help="Another name, such as your app's: app.example.test:443=127.0.0.1:9000.",
)
@click.option(
    "--pass-others",
    is_flag=True,
    help="Let requests for all other hosts through; default: refuse them.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8701, show_default=True, help="Port to listen on; 0 takes a free one."
)
def proxy(domain: tuple[str, ...], to: str, host: str, **options: Any) -> None:
    """Run an HTTP proxy that leads the org's names to the org.

    Set it as the proxy of a browser, or as HTTPS_PROXY for programs. They must trust the org's CA
    (mock-okta ca). Without --pass-others they can reach nothing else through it.
    """
    with clear_errors():
        taken = {f"{name}:443": to for name in (*domain, CDN)} | dict(
            map(route_of, options.pop("map"))
        )
        write_logs("text")
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(_proxy_until_stopped(Proxy(routes=taken, host=host, **options), taken, host))


async def _proxy_until_stopped(proxy: Proxy, taken: dict[str, str], host: str) -> None:
    stopping = stopped_by_signal()
    async with proxy:
        click.echo(f"mock-okta proxy listens at {proxy.url}\n\nTakes")
        for name, address in taken.items():
            click.echo(f"  {name}  for {address}")
        reach = reach_beyond_loopback(host)
        if reach is not None:
            click.echo(f"\n{reach}")
        click.echo(f"\nHTTPS_PROXY={proxy.url}\n{OPTIONS}={joined(proxy_options(proxy.url))!r}")
        sys.stdout.flush()
        await stopping.wait()
    click.echo("mock-okta proxy stopped.")
