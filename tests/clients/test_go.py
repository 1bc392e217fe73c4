"""`go-oidc`, unmodified, with only the variables of `mock-okta run`."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mock_okta import KeyPool
from tests.clients.beside import CLIENT_SECONDS, DOMAIN, Beside, beside_org
from tests.clients.building import built
from tests.clients.conftest import OPEN_TO_CLIENTS
from tests.tool_chains import needs
from tests.visiting import USER_ID, WEB

pytestmark = pytest.mark.network

SOURCES = Path(__file__).parent / "go"


@pytest.fixture(scope="module", params=[None, DOMAIN], ids=["https", "domain"])
def beside(request: pytest.FixtureRequest, shared_pool: KeyPool) -> Iterator[Beside]:
    with beside_org(request.param, OPEN_TO_CLIENTS, "/callback", shared_pool) as beside:
        yield beside


@pytest.fixture(scope="session")
def client() -> Path:
    return built("go-client", SOURCES, (needs("go"), "build", "-o", "client", ".")) / "client"


def test_go_oidc_finds_nothing_to_complain_about(client: Path, beside: Beside) -> None:
    done = subprocess.run(
        (client, f"{beside.app_url}/callback"),
        env=beside.environment(WEB),
        capture_output=True,
        text=True,
        timeout=CLIENT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert (seen["subject"], seen["name"], seen["nonce"]) == (USER_ID, "Test User", True)
    assert seen["refused"].startswith('oidc: expected audience "api://default"')
