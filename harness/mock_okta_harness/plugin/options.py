"""The options of a project: which org, how long it lives, what a report shows.

Each option for the org also has an environment variable, the others have an ini setting.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Scope = Literal["session", "package", "module", "class", "function"]
Engine = Literal["classic", "identity"]
_SCOPES: Sequence[Scope] = ("session", "package", "module", "class", "function")
TRAFFIC_ALWAYS, TRAFFIC_NEVER = "always", "never"
_TRAFFIC = ("failure", TRAFFIC_ALWAYS, TRAFFIC_NEVER)
_ENGINES: Sequence[Engine] = ("identity", "classic")
_CHOICES = {"okta_scope": _SCOPES, "okta_engine": _ENGINES, "okta_traffic": _TRAFFIC}
SETTINGS = {
    "okta_scope": "How long an org lives: session (under pytest-xdist each worker has one of its "
    "own), package, module, class or function. In every case the org is reset before each test.",
    "okta_engine": "What signs users in, unless okta_config is overridden: Okta Identity Engine "
    "or Classic Engine.",
    "okta_traffic": "When a report shows the recorded requests: failure, always or never.",
}
_CDN = "*.oktacdn.com:443"


@dataclass(frozen=True)
class OrgElsewhere:
    """An org in another process: its URL, the CA to trust if it serves https, its token.

    `public_url`: its own URL, if that is different, as for an org at a domain.
    """

    url: str
    public_url: str
    ca_file: Path | None
    token: str | None

    @property
    def routes(self) -> Mapping[str, str]:
        """The names for which a browser must connect to the org: its public name and Okta's CDN."""
        if self.public_url == self.url:
            return {}
        public, local = urlsplit(self.public_url), urlsplit(self.url)
        return dict.fromkeys((f"{public.hostname}:{public.port or 443}", _CDN), local.netloc)


def add_options(parser: pytest.Parser) -> None:
    """Add the options, and the settings of the ini file."""
    group = parser.getgroup("mock_okta", "mock_okta")
    group.addoption(
        "--okta-url",
        metavar="URL",
        help="Drive the mock_okta org at this URL instead of starting one (or set MOCK_OKTA_URL).",
    )
    group.addoption(
        "--okta-public-url",
        metavar="URL",
        help="That org's own URL, if it is different (or set MOCK_OKTA_PUBLIC_URL).",
    )
    group.addoption(
        "--okta-ca-file",
        metavar="PEM",
        help="The CA to trust if that org serves https (or set MOCK_OKTA_CA_FILE).",
    )
    group.addoption(
        "--okta-token",
        metavar="TOKEN",
        help="The control token of that org, if it has one (or set MOCK_OKTA_TOKEN).",
    )
    for name, allowed in _CHOICES.items():
        option = f"--{name.replace('_', '-')}"
        group.addoption(option, choices=allowed, help=SETTINGS[name])
        parser.addini(name, SETTINGS[name], default=allowed[0])


def org_elsewhere(config: pytest.Config) -> OrgElsewhere | None:
    """Return the org in another process that was chosen, or None to start one."""
    url = config.getoption("--okta-url") or os.environ.get("MOCK_OKTA_URL")
    ca_file = config.getoption("--okta-ca-file") or os.environ.get("MOCK_OKTA_CA_FILE")
    token = config.getoption("--okta-token") or os.environ.get("MOCK_OKTA_TOKEN") or None
    if not url:
        return None
    public_url = config.getoption("--okta-public-url")
    if not public_url and not config.getoption("--okta-url"):  # otherwise it belongs to another org
        public_url = os.environ.get("MOCK_OKTA_PUBLIC_URL")
    return OrgElsewhere(
        url.rstrip("/"),
        (public_url or url).rstrip("/"),
        Path(ca_file) if ca_file else None,
        token,
    )


def keeps_keys(config: pytest.Config, state_dir: Path | None) -> bool:
    """Return whether the test's org takes its keys from `state_dir`.

    Only one org at a time can use a folder: orgs of pytest-xdist's workers share only its CA.
    """
    return state_dir is not None and _workers(config) == 1


def refuse_to_share(config: pytest.Config) -> None:
    """Fail a test of a pytest-xdist worker if its resets would reset the other workers' org.

    Each worker starts its own org, but an org in another process is shared.
    """
    if _workers(config) > 1 and org_elsewhere(config):
        where = _where_it_comes_from(config)
        pytest.fail(
            f"The workers of pytest-xdist would reset one another's org, which {where}: run pytest "
            "without -n, or without that org, so that each worker starts its own.",
            pytrace=False,
        )


def _workers(config: pytest.Config) -> int:
    """Return the number of pytest-xdist workers."""
    return int(getattr(config, "workerinput", {}).get("workercount", 1))


def _where_it_comes_from(config: pytest.Config) -> str:
    url = config.getoption("--okta-url")
    if url:
        return f"--okta-url names ({url})"
    return f"MOCK_OKTA_URL names ({os.environ['MOCK_OKTA_URL']}), as `mock-okta run` sets it"


def check_choices(config: pytest.Config) -> None:
    """Refuse values in the ini file that are not allowed."""
    for name, allowed in _CHOICES.items():
        if config.getini(name) not in allowed:
            told = ", ".join(allowed)
            raise pytest.UsageError(f"{name} = {config.getini(name)}: it is one of {told}")


def scope_choice(fixture_name: str, config: pytest.Config) -> Scope:  # noqa: ARG001 -- as pytest calls it
    """Return how long an org lives."""
    return cast("Scope", _chosen(config, "okta_scope"))


def engine_choice(config: pytest.Config) -> Engine:
    """Return what signs users in."""
    return cast("Engine", _chosen(config, "okta_engine"))


def traffic_choice(config: pytest.Config) -> str:
    """Return when recorded requests go into a report."""
    return _chosen(config, "okta_traffic")


def _chosen(config: pytest.Config, name: str) -> str:
    return str(config.getoption(f"--{name.replace('_', '-')}") or config.getini(name))
