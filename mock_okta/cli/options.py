"""The options of every command that starts an org, and the Config made from them."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import click

from mock_okta.app.settings import Config
from mock_okta.browser.widget.failures import NotInstalled
from mock_okta.browser.widget.releases import SUPPORTED, Releases, default_directory
from mock_okta.model.directory import DEFAULT_ENGINE, EngineName
from mock_okta.model.seed import Seed, SeedFiles, default_seed, with_addresses
from mock_okta.process.proxy import RouteError
from mock_okta.storage import MEMORY
from mock_okta.web.guard import is_loopback

__all__ = ["config_of", "org_options", "reach_beyond_loopback", "releases", "route_of", "seed_of"]

_Command = Callable[..., Any]
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 -- not listened on here


def releases(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """Complete a supported release of the widget."""
    return [version for version in SUPPORTED if version.startswith(begun)]


# Each parameter has the name of its flag, and so does its variable: MOCK_OKTA_SERVE_TLS_NAME.
_OPTIONS = (
    click.option(
        "--seed",
        multiple=True,
        type=click.Path(path_type=Path),
        envvar="MOCK_OKTA_SEED",
        help="Seed file of the org (.yaml, .toml, .json), or a folder of them. Several become one "
        f"seed; in MOCK_OKTA_SEED they are separated by '{os.pathsep}'.",
    ),
    click.option(
        "--host",
        default="127.0.0.1",
        show_default=True,
        help="Address to listen on; 0.0.0.0 means every address of this machine.",
    ),
    click.option(
        "--hostname", default="localhost", show_default=True, help="The host name in every URL."
    ),
    click.option("--https", is_flag=True, help="Serve https, with the org's own CA."),
    click.option("--tls-name", multiple=True, help="An additional name for the certificate."),
    click.option(
        "--domain",
        multiple=True,
        help="Serve as https://DOMAIN, as in production (see mock-okta proxy); of several, give "
        "custom domains first, the org's own last.",
    ),
    click.option(
        "--state-dir",
        type=click.Path(path_type=Path),
        help="Keep the org in this folder for the next start; with --storage only its signing keys "
        "and CA.",
    ),
    click.option(
        "--storage",
        metavar="PLACE",
        envvar="MOCK_OKTA_STORAGE",
        help="Where users, sessions, tokens and all else are: memory, sqlite:PATH or "
        "redis://HOST:PORT/DATABASE?org=NAME (also rediss).  [default: SQLite in --state-dir, "
        "without one memory]",
    ),
    click.option(
        "--redirect-uri", multiple=True, help="An additional login redirect URI for every client."
    ),
    click.option(
        "--origin", multiple=True, help="An additional base URI (trusted origin) for every client."
    ),
    click.option(
        "--cookie-suffix",
        default="",
        help="Suffix of cookie names, for two orgs with one host name in a browser.",
    ),
    click.option(
        "--engine",
        type=click.Choice(get_args(EngineName)),
        help=f"Which engine signs users in; default: the seed's, or {DEFAULT_ENGINE}.",
    ),
    click.option(
        "--widget",
        shell_complete=releases,
        show_default=Config.widget_version,
        help="Widget on the org's sign-in page; it must be installed.",
    ),
    click.option(
        "--widget-generation",
        type=click.IntRange(2, 3),
        default=Config.widget_generation,
        show_default=True,
        help="Which generation of the widget, on an org with the Identity Engine.",
    ),
    click.option(
        "--control/--no-control",
        default=True,
        show_default=True,
        help="Serve the API for tests, /_mock.",
    ),
    click.option(
        "--control-token",
        help="Token that callers of /_mock must send; needed if --host is not loopback.",
    ),
)


def org_options(port: int) -> Callable[[_Command], _Command]:
    """Add the options of an org, which listens on `port` by default."""

    def added(command: _Command) -> _Command:
        for option in reversed(_OPTIONS):
            command = option(command)
        return click.option(
            "--port", default=port, show_default=True, help="Port to listen on; 0 takes a free one."
        )(command)

    return added


def config_of(  # noqa: PLR0913 -- as many as there are options
    seed: Sequence[Path],
    *,
    redirect_uri: tuple[str, ...],
    origin: tuple[str, ...],
    https: bool,
    tls_name: tuple[str, ...],
    domain: tuple[str, ...],
    widget: str | None,
    trust_proxy: tuple[str, ...] = (),
    allow_host: tuple[str, ...] = (),
    **settings: Any,
) -> Config:
    """Return the settings from the options; raise SeedError or ConfigError."""
    config = Config(
        seed_files=SeedFiles.of(seed, redirect_uri, origin) if seed else None,
        seed=default_seed() if seed else seed_of((), redirect_uri, origin),
        tls=https,
        tls_names=tls_name,
        trusted_proxies=trust_proxy,
        allowed_hosts=allow_host,
        widget_version=Config.widget_version if widget is None else _installed(widget),
        **settings,
    )
    if config.seed_files is not None and config.storage_place().kind == MEMORY:
        # Nothing is kept, so the files are parsed in any case: mistakes are found before the start.
        config = replace(config, seed=config.seed_files.parsed(), seed_files=None)
    return config.at_domain(*domain) if domain else config


def reach_beyond_loopback(host: str) -> str | None:
    """Return a line that says who else can reach `host`; None for loopback."""
    if is_loopback(host):
        return None
    where = "every address of this machine" if host in _EVERYWHERE else "an address"
    return f"Listens on {where} ({host}): other machines can reach it"


def route_of(given: str) -> tuple[str, str]:
    """Return the address of a --map, and the one that answers for it; raise RouteError."""
    name, equals, address = given.partition("=")
    if not equals:
        raise RouteError(f"--map: expected HOST:PORT=ADDRESS:PORT, not {given!r}")
    return name, address


def _installed(version: str) -> str:
    """Return the chosen release; raise ReleaseError if it is not installed."""
    if Releases(default_directory()).find(version) is None:
        raise NotInstalled(version, tuple(SUPPORTED))
    return version


def seed_of(
    files: Sequence[Path], redirect_uris: tuple[str, ...], origins: tuple[str, ...]
) -> Seed:
    """Return the seed in the files, or the default one, with these addresses; raise SeedError."""
    if files:
        return SeedFiles.of(files, redirect_uris, origins).parsed()
    return with_addresses(default_seed(), redirect_uris, origins)
