"""How `mock-okta run` is run, and where a real org has left secrets."""

import inspect
import os
import sys
from typing import Any

from click.testing import CliRunner

RUN = (sys.executable, "-m", "mock_okta", "run")
PATIENCE = 30
SECRETS_OF_A_REAL_ORG = {
    "OKTA_CLIENT_TOKEN": "a real org's",
    "OKTA_CLIENT_SECRET": "a real org's",
    "CLIENT_SECRET": "a real org's",
}


def with_leftovers() -> dict[str, str]:
    """The environment, with leftovers of a real org."""
    ours = ("MOCK_OKTA", "COVERAGE", "PYTEST_XDIST")
    usual = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    return usual | SECRETS_OF_A_REAL_ORG


def in_this_process() -> CliRunner:
    """Return what runs a command here; before click 8.2 it mixes errors with output if not told."""
    apart: dict[str, Any] = {"mix_stderr": False}
    mixes = "mix_stderr" in inspect.signature(CliRunner).parameters
    return CliRunner(**apart) if mixes else CliRunner()
