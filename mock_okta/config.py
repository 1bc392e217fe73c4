"""What an org is started with; nothing below the composition root reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType, UnionType

from mock_okta.seed import Seed, default_seed

__all__ = ["Config", "ConfigError"]


_EXPECTED: Mapping[str, type | UnionType] = MappingProxyType(
    {
        "host": str,
        "port": int,
        "hostname": str,
        "tls": bool,
        "tls_names": tuple,
        "state_dir": Path | None,
        "seed": Seed,
        "widget_version": str,
        "widget_dir": Path | None,
        "control": bool,
    }
)


class ConfigError(ValueError):
    """The settings do not make sense; the message is one line for the person who made them."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings of one org.

    `host`: the address to listen on; loopback unless said otherwise. `port`: 0 takes a free one.
    `hostname`: the one name that URLs, issuer and links have. `tls`: serve https.
    `tls_names`: more names for the certificate, and for the Host header of `/_mock`.
    `state_dir`: where signing keys and the CA survive a restart; None keeps them in memory.
    `seed`: who and what is in the org. `widget_version`: the release on the org's own sign-in
    page, where it is installed. `widget_dir`: where releases are; None is the user's cache.
    `control`: serve `/_mock`. `id_seed`: makes ids, codes and tokens the same in every run.
    """

    host: str = "127.0.0.1"
    port: int = 0
    hostname: str = "localhost"
    tls: bool = False
    tls_names: tuple[str, ...] = ()
    state_dir: Path | None = None
    seed: Seed = field(default_factory=default_seed)
    widget_version: str = "3.2.2"
    widget_dir: Path | None = None
    control: bool = True
    id_seed: int | None = None

    def __post_init__(self) -> None:
        for name, expected in _EXPECTED.items():
            value = getattr(self, name)
            if not isinstance(value, expected) or (isinstance(value, bool) and expected is int):
                wanted = expected.__name__ if isinstance(expected, type) else "a Path or None"
                raise ConfigError(f"{name}: expected {wanted}, not {value!r}")
        if not 0 <= self.port <= 65535:
            raise ConfigError(f"port: expected 0 to 65535, not {self.port}")
        if not self.hostname or any(character in self.hostname for character in " /:@?#"):
            raise ConfigError(f"hostname: expected a host name, not {self.hostname!r}")
