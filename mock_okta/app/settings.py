"""The settings of an org; only the composition root and what starts it read them."""

import ipaddress
import re
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Self, get_args, get_origin
from urllib.parse import urlsplit

from mock_okta.model.directory import EngineName
from mock_okta.model.seed import (
    GivenSeed,
    Seed,
    SeedError,
    SeedFiles,
    default_seed,
    require_known_names,
)
from mock_okta.storage import MEMORY, Place, PlaceError, place_of

__all__ = [
    "CDN",
    "HEAD_TIMEOUT",
    "Config",
    "ConfigError",
    "WidgetGeneration",
]

WidgetGeneration = Literal[2, 3]
# Where Okta serves releases of the widget from (facts/classic D, "languages").
CDN = "*.oktacdn.com"
HEAD_TIMEOUT = timedelta(seconds=30)
_BODY_TIMEOUT = timedelta(seconds=60)
_DATABASE = "org.sqlite"  # in the state directory


class ConfigError(ValueError):
    """The settings are wrong; the message is one line for the user."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings of one org.

    `host`: the address to listen on; the default is loopback. `port`: the port; 0 takes a free one.
    `hostname`: the host name in URLs, issuer and links. `domains`: more host names, which a request
    to one of them gets in its URLs; custom domains first, the org's own last. `public_url`: how
    all URLs begin if something forwards requests to the org, such as a load balancer
    (`https://okta.example.com`); it counts before `hostname`, `port` and `tls`. `tls`: serve https.
    `tls_names`: more names for the certificate, and for the Host header of `/_mock`.
    `allowed_hosts`: more names for the Host header of `/_mock` alone. `trusted_proxies`: addresses
    and networks of proxies whose `X-Forwarded-*` or `Forwarded` headers count.
    `state_dir`: the folder that keeps signing keys and the CA; None keeps them in memory.
    `storage`: what keeps everything else: `memory`, `sqlite:PATH` or the URL of a Redis server
    (`redis://HOST:PORT/DATABASE?org=NAME`); None is SQLite in `state_dir`, or memory without one.
    `seed`: who and what is in the org. `seed_files`: seed files, which count before `seed`
    (`mock_okta.model.seed.SeedFiles.of(["org.yaml"])`); they are parsed only if the storage was not
    filled from the same ones. `engine`: what signs users in, Okta Classic Engine or Identity
    Engine; None is what the seed says. `cookie_suffix`: the end of the names of the org's cookies;
    cookies have no port, so orgs with the same host name need different ones.
    `widget_version`: the release on the org's own sign-in page, if it is installed.
    `widget_generation`: the generation of widget 7.49.0, for sign-ins by the Identity Engine.
    `widget_dir`: the folder with releases; None is the user's cache. `control`: serve `/_mock`.
    `control_token`: what callers of `/_mock` must send; without it `/_mock` is only for loopback.
    `head_timeout`: how long the head of a request may take, from the connection or its first byte;
    `body_timeout`: how long a body may pause. Both are real time, not the org's. `id_seed`:
    any number gives the same ids, codes and tokens in every run; only for orgs in memory.
    """

    host: str = "127.0.0.1"
    port: int = 0
    hostname: str = "localhost"
    domains: tuple[str, ...] = ()
    public_url: str | None = None
    tls: bool = False
    tls_names: tuple[str, ...] = ()
    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    state_dir: Path | None = None
    storage: str | None = field(default=None, repr=False)
    seed: Seed = field(default_factory=default_seed)
    seed_files: SeedFiles | None = field(default=None, repr=False)
    engine: EngineName | None = None
    cookie_suffix: str = ""
    widget_version: str = "7.49.0"
    widget_generation: WidgetGeneration = 2
    widget_dir: Path | None = None
    control: bool = True
    control_token: str | None = field(default=None, repr=False)
    head_timeout: timedelta = HEAD_TIMEOUT
    body_timeout: timedelta = _BODY_TIMEOUT
    id_seed: int | None = None

    def __post_init__(self) -> None:
        self._check_types()
        try:
            require_known_names(self.seed)
        except SeedError as error:
            raise ConfigError(f"seed: {error}") from error
        if not 0 <= self.port <= 65535:
            raise ConfigError(f"port: expected 0 to 65535, not {self.port}")
        self._check_addresses()
        for name in ("head_timeout", "body_timeout"):
            if getattr(self, name) <= timedelta():
                raise ConfigError(f"{name}: expected more than zero, not {getattr(self, name)}")
        self._check_words()

    def _check_addresses(self) -> None:
        if self.public_url is not None and not _is_origin(self.public_url):
            raise ConfigError(
                f"public_url: expected http(s)://HOST[:PORT] and no path, not {self.public_url!r}"
            )
        names = [("hostname", self.hostname)]
        names += [("domains", domain) for domain in self.domains]
        names += [("allowed_hosts", host) for host in self.allowed_hosts]
        for name, host in names:
            if not _is_host_name(host):
                raise ConfigError(f"{name}: expected a host name, not {host!r}")
        for proxy in self.trusted_proxies:
            if not _is_network(proxy):
                raise ConfigError(
                    f"trusted_proxies: expected an address or a network, not {proxy!r}"
                )

    def _check_words(self) -> None:
        if re.fullmatch(r"[A-Za-z0-9_.-]{0,40}", self.cookie_suffix) is None:
            raise ConfigError("cookie_suffix: expected letters, digits, '_', '.' and '-'")
        token = self.control_token
        if token is not None and not (
            token.isascii() and token.isprintable() and token.split() == [token]
        ):
            raise ConfigError("control_token: expected one word of ASCII characters")
        try:
            place = self.storage_place()
        except PlaceError as error:
            raise ConfigError(f"storage: {error}") from error
        if self.id_seed is not None and place.kind != MEMORY:
            raise ConfigError("id_seed: ids that come again need the storage memory")

    def _check_types(self) -> None:
        for each in fields(self):
            name, value = each.name, getattr(self, each.name)
            choices = _choices(each.type)
            if choices and value in choices:
                continue
            if choices:
                one_of = " or ".join(str(choice) for choice in choices if choice is not None)
                raise ConfigError(f"{name}: expected {one_of}, not {value!r}")
            expected: Any = tuple if get_origin(each.type) is tuple else each.type
            if not isinstance(value, expected) or (
                isinstance(value, bool) and expected is not bool
            ):
                wanted = expected.__name__ if isinstance(expected, type) else _either(expected)
                raise ConfigError(f"{name}: expected {wanted}, not {value!r}")

    def storage_place(self) -> Place:
        """Return where the org's state is."""
        if self.storage is not None:
            return place_of(self.storage)
        if self.state_dir is not None:
            return place_of(f"sqlite:{self.state_dir / _DATABASE}")
        return place_of(MEMORY)

    def given_seed(self) -> GivenSeed:
        """Return the seed, with the engine that the org runs."""
        return GivenSeed(self.seed_files or self.seed, self.engine)

    def at_domain(self, domain: str, *others: str) -> Self:
        """Return these settings for the org at `https://{domain}`, as production apps use it.

        The org still listens on `host` and `port`: `MockOkta.routes` says which names a browser or
        a proxy must send there. `others` are more names, such as the org's own domain, the last,
        beside a custom one. The certificate also names Okta's CDN, whose files the org serves.
        """
        names = dict.fromkeys((*self.tls_names, *others, CDN))
        return replace(
            self,
            hostname=domain.lower(),
            domains=tuple(other.lower() for other in others),
            public_url=f"https://{domain.lower()}",
            tls=True,
            tls_names=tuple(names),
        )

    @property
    def first_name(self) -> str:
        """The host name in URLs."""
        return (self.public_url and urlsplit(self.public_url).hostname) or self.hostname

    def url_at(self, port: int) -> str:
        """Return the base URL of the org that listens on `port`, without a default port."""
        if self.public_url is not None:
            return without_default_port(self.public_url.rstrip("/").lower())
        return without_default_port(f"http{'s' * self.tls}://{self.hostname}:{port}")

    def urls(self, url: str) -> tuple[str, ...]:
        """Return the base URLs of all names of the org, of which `url` is the first."""
        scheme, _, place = url.partition("://")
        rest = place.removeprefix(self.first_name)
        names = dict.fromkeys(domain.lower() for domain in self.domains)
        others = (f"{scheme}://{name}{rest}" for name in names if name != self.first_name)
        return (url, *others)


def without_default_port(url: str) -> str:
    """Return the URL in the form of an origin."""
    return url.removesuffix(":80" if url.startswith("http:") else ":443")


def _is_origin(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    plain = f"{parts.scheme}://{f'[{host}]' if ':' in host else host}"
    if port is not None:
        plain += f":{port}"
    is_named = _is_host_name(host) or _is_network(host)
    return parts.scheme in ("http", "https") and is_named and url.removesuffix("/").lower() == plain


def _is_network(given: object) -> bool:
    try:
        ipaddress.ip_network(str(given), strict=False)
    except ValueError:
        return False
    return isinstance(given, str)


def _is_host_name(name: object) -> bool:
    return isinstance(name, str) and name != "" and not any(c in name for c in " /:@?#*")


def _choices(hint: Any) -> tuple[object, ...]:
    """Return what a `Literal` allows, and None if the hint does; nothing for other types."""
    if get_origin(hint) is Literal:
        return get_args(hint)
    literals = tuple(choice for part in get_args(hint) for choice in _choices(part))
    return (*literals, None) if literals else ()


def _either(union: UnionType) -> str:
    wanted, _ = union.__args__
    article = "an" if wanted is int else "a"
    return f"{article} {wanted.__name__} or None"
