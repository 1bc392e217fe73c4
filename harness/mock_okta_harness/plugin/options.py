"""What a project chooses: which org, how long it lives, what a report shows.

The options for the org have an environment variable beside them, the others an ini setting.
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
_ENGINES: Sequence[Engine] = ("classic", "identity")
_CHOICES = {"okta_scope": _SCOPES, "okta_engine": _ENGINES, "okta_traffic": _TRAFFIC}
_MEANINGS = {
    "okta_scope": "How long an org lives: session (under pytest-xdist each worker has one of its "
    "own), package, module, class or function. Every test finds its org as new in any case.",
    "okta_engine": "What signs users in, unless okta_config is overridden: Okta Classic Engine or "
    "Identity Engine, which has release 7.49.0 of the widget on the org's own pages.",
    "okta_traffic": "When the requests that the org recorded go into a test's report: "
    "failure, always or never.",
}
_CDN = "*.oktacdn.com:443"


@dataclass(frozen=True)
class OrgElsewhere:
    """An org in another process: its URL, the CA to trust when it serves https, its token.

    `public_url`: the URL that it has of itself, where that is another, as at a domain.
    """

    url: str
    public_url: str
    ca_file: Path | None
    token: str | None

    @property
    def routes(self) -> Mapping[str, str]:
        """What a browser has to take for the org: its public name and Okta's CDN, if it has one."""
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
        help="What that org calls itself, where it is another URL (or set MOCK_OKTA_PUBLIC_URL).",
    )
    group.addoption(
        "--okta-ca-file",
        metavar="PEM",
        help="The CA to trust when that org serves https (or set MOCK_OKTA_CA_FILE).",
    )
    group.addoption(
        "--okta-token",
        metavar="TOKEN",
        help="The control token that org was started with, if any (or set MOCK_OKTA_TOKEN).",
    )
    for name, allowed in _CHOICES.items():
        option = f"--{name.replace('_', '-')}"
        group.addoption(option, choices=allowed, help=_MEANINGS[name])
        parser.addini(name, _MEANINGS[name], default=allowed[0])


def org_elsewhere(config: pytest.Config) -> OrgElsewhere | None:
    """Tell which org was asked for, or `None` when one is to be started."""
    url = config.getoption("--okta-url") or os.environ.get("MOCK_OKTA_URL")
    ca_file = config.getoption("--okta-ca-file") or os.environ.get("MOCK_OKTA_CA_FILE")
    token = config.getoption("--okta-token") or os.environ.get("MOCK_OKTA_TOKEN") or None
    if not url:
        return None
    public_url = config.getoption("--okta-public-url")
    if not public_url and not config.getoption("--okta-url"):  # else it is another org's
        public_url = os.environ.get("MOCK_OKTA_PUBLIC_URL")
    return OrgElsewhere(
        url.rstrip("/"),
        (public_url or url).rstrip("/"),
        Path(ca_file) if ca_file else None,
        token,
    )


def keeps_keys(config: pytest.Config, state_dir: Path | None) -> bool:
    """Return whether the test's org takes its keys from `state_dir`.

    A folder has one org at a time: those of pytest-xdist's workers share its CA alone.
    """
    return state_dir is not None and _workers(config) == 1


def refuse_to_share(config: pytest.Config) -> None:
    """Fail the test of a pytest-xdist worker whose resets would empty the others' org.

    Each worker starts an org of its own; one elsewhere is a single one.
    """
    if _workers(config) > 1 and org_elsewhere(config):
        where = _where_it_comes_from(config)
        pytest.fail(
            f"The workers of pytest-xdist would reset one another's org, which {where}: run pytest "
            "without -n, or without that org: then each worker starts its own.",
            pytrace=False,
        )


def _workers(config: pytest.Config) -> int:
    """Return how many processes of pytest-xdist run the tests."""
    return int(getattr(config, "workerinput", {}).get("workercount", 1))


def _where_it_comes_from(config: pytest.Config) -> str:
    url = config.getoption("--okta-url")
    if url:
        return f"--okta-url names ({url})"
    return f"MOCK_OKTA_URL names ({os.environ['MOCK_OKTA_URL']}), as `mock-okta run` sets it"


def check_choices(config: pytest.Config) -> None:
    """Refuse words of the ini file that are none of the allowed ones."""
    for name, allowed in _CHOICES.items():
        if config.getini(name) not in allowed:
            told = ", ".join(allowed)
            raise pytest.UsageError(f"{name} = {config.getini(name)}: it is one of {told}")


def scope_choice(fixture_name: str, config: pytest.Config) -> Scope:  # noqa: ARG001 -- as pytest calls it
    """Tell how long an org lives."""
    return cast("Scope", _chosen(config, "okta_scope"))


def engine_choice(config: pytest.Config) -> Engine:
    """Tell what signs users in."""
    return cast("Engine", _chosen(config, "okta_engine"))


def traffic_choice(config: pytest.Config) -> str:
    """Tell when recorded requests go into a report."""
    return _chosen(config, "okta_traffic")


def _chosen(config: pytest.Config, name: str) -> str:
    return str(config.getoption(f"--{name.replace('_', '-')}") or config.getini(name))
