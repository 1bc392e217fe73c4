"""The plugin's options on pytest's command line, each with an environment variable beside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    """Add the options that choose the org which tests run against."""
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
