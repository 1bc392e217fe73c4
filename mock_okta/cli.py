"""The command `mock-okta`: each subcommand a thin call."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

import mock_okta
from mock_okta.config import Config, ConfigError
from mock_okta.logs import LogFormat, write_logs
from mock_okta.seed import Seed, SeedError, default_seed, read_seed, with_addresses
from mock_okta.server import MockOkta, StartError
from mock_okta.tls import Authority, AuthorityError
from mock_okta.widget.releases import SUPPORTED, ReleaseError, Releases, default_directory

__all__ = ["main"]

_PORT = 8700


@contextmanager
def _clear_errors() -> Iterator[None]:
    """Turn what a user can put right into one line and a non-zero exit."""
    try:
        yield
    except (SeedError, ConfigError, StartError, AuthorityError, ReleaseError) as error:
        raise click.ClickException(str(error)) from error


class _OneLine(click.Group):
    """Tells a mistake in one line, without the usage that click puts before it."""

    def main(self, *args: Any, **extra: Any) -> Any:
        try:
            ended = super().main(*args, **{**extra, "standalone_mode": False})
        except click.ClickException as error:
            click.echo(f"Error: {error.format_message()}", err=True)
            sys.exit(error.exit_code)
        except click.Abort:
            sys.exit(1)
        sys.exit(ended if isinstance(ended, int) else 0)


@click.group(
    cls=_OneLine,
    context_settings={"auto_envvar_prefix": "MOCK_OKTA", "help_option_names": ["-h", "--help"]},
)
@click.version_option(mock_okta.__version__, prog_name="mock-okta")
def main() -> None:
    """Run an Okta org on your own machine.

    Every option can be given by the environment too: MOCK_OKTA_SERVE_PORT=9000.
    """


@main.command()
@click.argument("seed", required=False, type=click.Path(path_type=Path))
@click.option(
    "--port", default=_PORT, show_default=True, help="Port to listen on; 0 takes a free one."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--hostname", default="localhost", show_default=True, help="The host name in every URL."
)
@click.option(
    "--https",
    "tls",
    is_flag=True,
    envvar="MOCK_OKTA_SERVE_HTTPS",
    help="Serve https, with a CA of the org's own.",
)
@click.option(
    "--tls-name",
    "tls_names",
    multiple=True,
    envvar="MOCK_OKTA_SERVE_TLS_NAME",
    help="One more name for the certificate.",
)
@click.option(
    "--state-dir",
    type=click.Path(path_type=Path),
    help="Keep signing keys and CA here for the next start.",
)
@click.option("--redirect-uri", multiple=True, help="One more login redirect URI for each client.")
@click.option("--origin", multiple=True, help="One more base URI (trusted origin) for each client.")
@click.option(
    "--widget",
    "widget_version",
    default="3.2.2",
    show_default=True,
    envvar="MOCK_OKTA_SERVE_WIDGET",
    help="Widget on the org's sign-in page.",
)
@click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option(
    "--control/--no-control",
    default=True,
    show_default=True,
    help="Serve the test's own API, /_mock.",
)
def serve(
    seed: Path | None,
    redirect_uri: tuple[str, ...],
    origin: tuple[str, ...],
    log_format: LogFormat,
    **settings: Any,
) -> None:
    """Serve an org until Ctrl-C, filled from SEED (.yaml, .toml or .json)."""
    with _clear_errors():
        filled = default_seed() if seed is None else read_seed(seed)
        config = Config(seed=_extended(filled, redirect_uri, origin), **settings)
        write_logs(log_format)
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_serve_until_stopped(config))


def _extended(seed: Seed, redirect_uris: tuple[str, ...], origins: tuple[str, ...]) -> Seed:
    try:
        return with_addresses(seed, redirect_uris, origins)
    except SeedError as error:
        raise click.ClickException(f"--redirect-uri or --origin: {error}") from error


def _loop_factory() -> Any:
    """Return uvloop's loop where the platform has it: a fifth less CPU a request."""
    try:
        import uvloop  # noqa: PLC0415 -- not on every platform
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _serve_until_stopped(config: Config) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(name, stopping.set)
        except NotImplementedError:  # Windows: Ctrl-C arrives as an exception
            signal.signal(name, lambda *_: loop.call_soon_threadsafe(stopping.set))
    async with MockOkta(config) as org:
        click.echo(_greeting(org))
        sys.stdout.flush()
        await stopping.wait()
    click.echo("mock-okta stopped.")


def _greeting(org: MockOkta) -> str:
    """Say where the org is, who may sign in, and what to give an app."""
    seed = org.config.seed
    lines = [
        f"mock-okta {mock_okta.__version__} serves {seed.org.name} at {org.url}",
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
    server = seed.authorization_servers[0].id if seed.authorization_servers else "org"
    lines += ["", f"Point your app at  ISSUER={org.issuer(server)}"]
    name, version = org.config.hostname, org.config.widget_version
    if Releases(org.config.widget_dir or default_directory()).find(version) is None:
        lines += ["", f"Its sign-in page is a plain form: mock-okta widget install {version}"]
    lines += [f"Open it as {name}, with the same scheme as the org. Stop with Ctrl-C.", ""]
    return "\n".join(lines)


@main.command()
@click.option(
    "--state-dir",
    type=click.Path(path_type=Path),
    required=True,
    help="The state directory of the org; a CA is made there if it has none.",
)
def ca(state_dir: Path) -> None:
    """Print the CA's certificate (PEM), for a trust store: mock-okta ca --state-dir D > ca.pem."""
    with _clear_errors():
        click.echo(Authority.load_or_create(state_dir).certificate_pem, nl=False)


@main.group()
def widget() -> None:
    """Get and find releases of the Okta Sign-In Widget."""


@widget.command()
@click.argument("version")
@click.option(
    "--integrity", help="SHA-512 integrity (sha512-…) of a version that is not a supported one."
)
def install(version: str, integrity: str | None) -> None:
    """Get VERSION from the npm registry, check it, and keep it for offline use."""
    with _clear_errors():
        path = Releases(default_directory()).install(version, integrity)
    click.echo(f"Widget {version} is in {path}")


@widget.command("list")
def list_() -> None:
    """Show which versions are supported, and which are installed."""
    with _clear_errors():
        installed = Releases(default_directory()).installed()
    for version in sorted(
        {*SUPPORTED, *installed}, key=lambda v: [int(n) for n in v.split("-")[0].split(".")]
    ):
        state = "installed" if version in installed else "not installed"
        click.echo(
            f"{version}  {state}{'' if version in SUPPORTED else '  (not a supported version)'}"
        )


@widget.command()
@click.argument("version")
def path(version: str) -> None:
    """Print the directory of an installed VERSION."""
    with _clear_errors():
        found = Releases(default_directory()).find(version)
    if found is None:
        raise click.ClickException(
            f"Widget {version} is not installed: mock-okta widget install {version}"
        )
    click.echo(found)
