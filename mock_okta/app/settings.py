"""What an org is started with; nothing below the composition root reads it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Literal, Self, get_args

import msgspec

from mock_okta.model.directory import DEFAULT_ENGINE, EngineName
from mock_okta.model.seed import Seed, SeedError, default_seed, require_known_names

__all__ = ["BODY_TIMEOUT", "CDN", "HEAD_TIMEOUT", "Config", "ConfigError"]

WidgetGeneration = Literal[2, 3]
# Where Okta serves releases of the widget from (facts/classic D, "languages").
CDN = "*.oktacdn.com"
HEAD_TIMEOUT = timedelta(seconds=30)
BODY_TIMEOUT = timedelta(seconds=60)
_HTTPS = 443
_EXPECTED: Mapping[str, type | UnionType] = MappingProxyType(
    {
        "host": str,
        "port": int,
        "hostname": str,
        "domains": tuple,
        "public_port": int | None,
        "tls": bool,
        "tls_names": tuple,
        "state_dir": Path | None,
        "seed": Seed,
        "engine": str | None,
        "cookie_suffix": str,
        "widget_version": str,
        "widget_generation": int,
        "widget_dir": Path | None,
        "control": bool,
        "control_token": str | None,
        "head_timeout": timedelta,
        "body_timeout": timedelta,
    }
)
_CHOICES: Mapping[str, tuple[object, ...]] = MappingProxyType(
    {"engine": get_args(EngineName), "widget_generation": get_args(WidgetGeneration)}
)


class ConfigError(ValueError):
    """The settings do not make sense; the message is one line for the person who made them."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings of one org.

    `host`: the address to listen on; loopback unless said otherwise. `port`: 0 takes a free one.
    `hostname`: the name that URLs, issuer and links have. `domains`: more names that they have for
    a request that comes to one of them; the org's own is last, those before it are custom domains.
    `public_port`: the port that URLs have; None is the one listened on, else something must lead
    there. `tls`: serve https.
    `tls_names`: more names for the certificate, and for the Host header of `/_mock`.
    `state_dir`: where signing keys and the CA survive a restart; None keeps them in memory.
    `seed`: who and what is in the org. `engine`: what signs users in, Okta Classic Engine or
        Identity Engine; None is what the seed says. `cookie_suffix`: what the names of the org's
    cookies end with, for cookies have no port: orgs of one host name need one each.
    `widget_version`: the release on the org's own sign-in page, where it is installed.
    `widget_generation`: the second or the third, for sign-ins by the Identity Engine.
    `widget_dir`: where releases are; None is the user's cache.
    `control`: serve `/_mock`. `control_token`: what callers of `/_mock` must show; without one it
    is served on loopback alone. `head_timeout`: how long the head of a request may take, from the
    connection or its first byte on; `body_timeout`: how long a body may pause. Both are real time,
    whatever the org's clock says. `id_seed`: makes ids, codes and tokens the same in every run.
    """

    host: str = "127.0.0.1"
    port: int = 0
    hostname: str = "localhost"
    domains: tuple[str, ...] = ()
    public_port: int | None = None
    tls: bool = False
    tls_names: tuple[str, ...] = ()
    state_dir: Path | None = None
    seed: Seed = field(default_factory=default_seed)
    engine: EngineName | None = None
    cookie_suffix: str = ""
    widget_version: str = "3.2.2"
    widget_generation: WidgetGeneration = 2
    widget_dir: Path | None = None
    control: bool = True
    control_token: str | None = field(default=None, repr=False)
    head_timeout: timedelta = HEAD_TIMEOUT
    body_timeout: timedelta = BODY_TIMEOUT
    id_seed: int | None = None

    def __post_init__(self) -> None:
        self._check_types()
        try:
            require_known_names(self.seed)
        except SeedError as error:
            raise ConfigError(f"seed: {error}") from error
        if not 0 <= self.port <= 65535:
            raise ConfigError(f"port: expected 0 to 65535, not {self.port}")
        if self.public_port is not None and not 1 <= self.public_port <= 65535:
            raise ConfigError(f"public_port: expected 1 to 65535, not {self.public_port}")
        for field_name, host in (
            ("hostname", self.hostname),
            *(("domains", domain) for domain in self.domains),
        ):
            if (
                not isinstance(host, str)
                or not host
                or any(character in host for character in " /:@?#*")
            ):
                raise ConfigError(f"{field_name}: expected a host name, not {host!r}")
        if re.fullmatch(r"[A-Za-z0-9_.-]{0,40}", self.cookie_suffix) is None:
            raise ConfigError("cookie_suffix: expected letters, digits, '_', '.' and '-'")
        for name in ("head_timeout", "body_timeout"):
            if getattr(self, name) <= timedelta():
                raise ConfigError(f"{name}: expected some time, not {getattr(self, name)}")
        token = self.control_token
        if token is not None and not (
            token.isascii() and token.isprintable() and token.split() == [token]
        ):
            raise ConfigError("control_token: expected one word of ASCII characters")

    def _check_types(self) -> None:
        for name, expected in _EXPECTED.items():
            value = getattr(self, name)
            if not isinstance(value, expected) or (
                isinstance(value, bool) and expected is not bool
            ):
                wanted = expected.__name__ if isinstance(expected, type) else _either(expected)
                raise ConfigError(f"{name}: expected {wanted}, not {value!r}")
        for name, choices in _CHOICES.items():
            value = getattr(self, name)
            if value is not None and value not in choices:
                one_of = " or ".join(map(str, choices))
                raise ConfigError(f"{name}: expected {one_of}, not {value!r}")

    def filled_seed(self) -> Seed:
        """Return the seed, with the engine that the org runs."""
        org = self.seed.org
        engine = self.engine or org.engine or DEFAULT_ENGINE
        return msgspec.structs.replace(self.seed, org=msgspec.structs.replace(org, engine=engine))

    def at_domain(self, domain: str, *others: str) -> Self:
        """Return these settings for the org at `https://{domain}`, as an app in production has it.

        The org goes on listening on `host` and `port`: `MockOkta.routes` says what a browser or a
        proxy has to take for it. It is at `others` too, such as the org's own domain, the last,
        beside a custom one. Its certificate also names Okta's CDN, whose files the org serves.
        """
        names = dict.fromkeys((*self.tls_names, *others, CDN))
        return replace(
            self,
            hostname=domain.lower(),
            domains=tuple(other.lower() for other in others),
            public_port=_HTTPS,
            tls=True,
            tls_names=tuple(names),
        )

    def urls(self, url: str) -> tuple[str, ...]:
        """Return the base URLs of all names of the org, of which `url` is the first."""
        scheme, _, place = url.partition("://")
        rest = place.removeprefix(self.hostname)
        names = dict.fromkeys(domain.lower() for domain in self.domains)
        others = (f"{scheme}://{name}{rest}" for name in names if name != self.hostname)
        return (url, *others)


def _is_host_name(name: object) -> bool:
    return isinstance(name, str) and name != "" and not any(c in name for c in " /:@?#*")


def _either(union: UnionType) -> str:
    wanted, _ = union.__args__
    article = "an" if wanted is int else "a"
    return f"{article} {wanted.__name__} or None"
