"""The plugin's options on pytest's command line, each with an environment variable beside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


@dataclass(frozen=True)
class OrgElsewhere:
    """An org in another process: its URL, and the CA to trust when it serves https."""

    url: str
    ca_file: Path | None


def add_options(parser: pytest.Parser) -> None:
    """Add the options that choose the org which tests run against."""
    group = parser.getgroup("mock_okta", "mock_okta")
    group.addoption(
        "--okta-url",
        metavar="URL",
        help="Drive the mock_okta org at this URL instead of starting one (or set MOCK_OKTA_URL).",
    )
    group.addoption(
        "--okta-ca-file",
        metavar="PEM",
        help="The CA to trust when that org serves https (or set MOCK_OKTA_CA_FILE).",
    )


def org_elsewhere(config: pytest.Config) -> OrgElsewhere | None:
    """Tell which org was asked for, or `None` when one is to be started."""
    url = config.getoption("--okta-url") or os.environ.get("MOCK_OKTA_URL")
    ca_file = config.getoption("--okta-ca-file") or os.environ.get("MOCK_OKTA_CA_FILE")
    return OrgElsewhere(url.rstrip("/"), Path(ca_file) if ca_file else None) if url else None
