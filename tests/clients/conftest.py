"""An org over https, the settings for clients, and a folder in which npm puts Node's clients."""

import json
import os
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mock_okta import Config, KeyPool, MockOkta
from mock_okta.browser.widget.npm import Npm, find_npm
from tests.visiting import APP, CALLBACK, LOGIN, PASSWORD, SEED, SERVICE, SPA, USER_ID, WEB

SCRIPTS = Path(__file__).parent / "node"
PACKAGES = (
    "@okta/jwt-verifier@4",
    "@okta/okta-auth-js@8",
    "okta-auth-js-4@npm:@okta/okta-auth-js@4",
    "okta-auth-js-7@npm:@okta/okta-auth-js@7.14",
    "openid-client@6",
    "oidc-client-ts@3",
)
INSTALL = (
    "install",
    "--no-save",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-package-lock",
    "--loglevel=error",
)
SECONDS_TO_INSTALL, SECONDS_TO_RUN = 300, 60

# Authlib sends a secret as it stands, where RFC 6749 2.3.1 wants it URL-encoded: none that differs.
SECRET = "0123456789abcdefABCDEF_-0123456789abcdefABCDEF_-"
OPEN_TO_CLIENTS = msgspec.structs.replace(
    SEED,
    clients=tuple(
        msgspec.structs.replace(client, client_secret=SECRET) if client.client_secret else client
        for client in SEED.clients
    ),
)

RunsNode = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True)
class Settings:
    """What a client's developer reads in the console."""

    url: str
    issuer: str
    ca_path: str
    spa: str = SPA
    web: str = WEB
    service: str = SERVICE
    secret: str = SECRET
    audience: str = "api://default"
    redirect_uri: str = CALLBACK
    logout_uri: str = APP
    login: str = LOGIN
    password: str = PASSWORD
    user_id: str = USER_ID
    scope: str = "openid profile email offline_access"
    service_scope: str = "messages.read"

    def trust(self) -> ssl.SSLContext:
        """A client's own trust, and the org's CA besides."""
        context = ssl.create_default_context()
        context.load_verify_locations(self.ca_path)
        return context


@pytest.fixture(scope="module")
def settings(shared_pool: KeyPool) -> Iterator[Settings]:
    with MockOkta(Config(tls=True, seed=OPEN_TO_CLIENTS), key_pool=shared_pool) as org:
        yield Settings(url=org.url, issuer=org.issuer(), ca_path=str(org.ca_path))


@pytest.fixture(scope="session")
def npm() -> Npm:
    return find_npm()


@pytest.fixture(scope="session")
def node_clients(
    npm: Npm, pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Where Node's clients are: installed by the first run, taken from pytest's cache by others."""
    keeps = pytestconfig.pluginmanager.hasplugin("cacheprovider")
    name = "node-clients"
    found = pytestconfig.cache.mkdir(name) if keeps else tmp_path_factory.mktemp(name)
    installed = all(_package_in(found, package).is_dir() for package in PACKAGES)
    if not installed:
        (found / "package.json").write_text('{"private": true, "type": "module"}')
        done = subprocess.run(
            (*npm.command, *INSTALL, *PACKAGES),
            cwd=found,
            env=os.environ | npm.environment,
            capture_output=True,
            text=True,
            timeout=SECONDS_TO_INSTALL,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    for script in SCRIPTS.glob("*.mjs"):
        shutil.copy(script, found)
    return found


def _package_in(directory: Path, package: str) -> Path:
    name, _, _ = package[1:].partition("@")  # a scope's name begins with one, too
    return directory / "node_modules" / f"{package[0]}{name}"


@dataclass(frozen=True)
class Node:
    """Runs scripts where the clients are."""

    npm: Npm
    clients: Path

    def run(self, script: str, told: Mapping[str, Any], directory: Path) -> Mapping[str, Any]:
        """Return what the script prints: the client's account of what it saw.

        `told`: what it reads, `ca_path` among it; `directory`: for files of this run.
        """
        done = subprocess.run(
            (_node(self.npm), script),
            cwd=self.clients,
            env=os.environ | {"NODE_EXTRA_CA_CERTS": str(_trusted(told["ca_path"], directory))},
            input=json.dumps(told),
            capture_output=True,
            text=True,
            timeout=SECONDS_TO_RUN,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        account: dict[str, Any] = json.loads(done.stdout)
        return account


@pytest.fixture(scope="session")
def node(npm: Npm, node_clients: Path) -> Node:
    return Node(npm, node_clients)


@pytest.fixture
def runs_node(node: Node, settings: Settings, tmp_path: Path) -> RunsNode:
    """Run a script with the settings."""
    return lambda script: node.run(script, asdict(settings), tmp_path)


def _node(npm: Npm) -> str:
    if len(npm.command) > 1:  # the wheel's: node, and npm's script
        return npm.command[0]
    found = shutil.which("node")
    assert found is not None, "npm is here, but no node"
    return found


def _trusted(ca_path: str, directory: Path) -> Path:
    """The org's CA, and the CAs that Node was set to trust before."""
    earlier = os.environ.get("NODE_EXTRA_CA_CERTS")
    others = Path(earlier).read_bytes() + b"\n" if earlier and Path(earlier).is_file() else b""
    joined = directory / "trusted.pem"
    joined.write_bytes(others + Path(ca_path).read_bytes())
    return joined
