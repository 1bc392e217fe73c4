"""How `mock-okta run` is run, and where a real org has left secrets."""

import os
import sys

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
