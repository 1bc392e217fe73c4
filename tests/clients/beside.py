"""Programs beside an org: with the environment that `mock-okta run` gives them, and no more."""

import os
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests

from mock_okta import Config, KeyPool, MockOkta, Seed
from mock_okta.model.seed.defaults import with_addresses
from mock_okta.process.child_command import environment_for, proxy_for
from tests.visiting import CALLBACK, LOGIN, PASSWORD

__all__ = ["CLIENT_SECONDS", "DOMAIN", "Beside", "beside_org", "free_port"]

CLIENT_SECONDS = 120
DOMAIN = "your-org.okta.com"


@dataclass(frozen=True)
class Beside:
    """A running org, and a place where an app may listen: the clients know its redirect URIs."""

    org: MockOkta
    app_url: str
    proxy: str | None
    folder: Path

    def environment(self, client_id: str) -> Mapping[str, str]:
        """What `mock-okta run --client ID` lets a command find."""
        return environment_for(self.org, client_id, os.environ, self.folder, self.proxy)

    def browser(self) -> requests.Session:
        """A browser's cookies and trust; it reaches the org as the programs do."""
        session = requests.Session()
        session.trust_env = False
        session.verify = str(self.org.ca_path)
        session.headers["Accept"] = "text/html"
        if self.proxy:
            session.proxies["https"] = self.proxy
        return session

    def session_token(self, browser: requests.Session) -> str:
        """The user has given the password."""
        body = {"username": LOGIN, "password": PASSWORD}
        answer = browser.post(f"{self.org.url}/api/v1/authn", json=body, timeout=CLIENT_SECONDS)
        return str(answer.json()["sessionToken"])

    def tokens(self, client_id: str, nonce: str) -> Mapping[str, str]:
        """An access token and an ID token, by the implicit flow."""
        query = {
            "client_id": client_id,
            "response_type": "token id_token",
            "scope": "openid messages.read",
            "redirect_uri": CALLBACK,
            "state": "state-1",
            "nonce": nonce,
        }
        with self.browser() as browser:
            query["sessionToken"] = self.session_token(browser)
            url = f"{self.org.issuer()}/v1/authorize?{urlencode(query)}"
            answer = browser.get(url, allow_redirects=False, timeout=CLIENT_SECONDS)
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).fragment))


@contextmanager
def beside_org(domain: str | None, seed: Seed, callback: str, pool: KeyPool) -> Iterator[Beside]:
    """Give an https org at that domain or at localhost; `callback` is the app's path to return to.

    The app's own port is free, and stays so unless another program takes it.
    """
    app_url = f"http://localhost:{free_port()}"
    config = Config(tls=True, seed=with_addresses(seed, (app_url + callback,), (app_url,)))
    with (
        tempfile.TemporaryDirectory() as folder,
        MockOkta(config.at_domain(domain) if domain else config, key_pool=pool) as org,
        proxy_for(org, routes={}, pass_others=False) as proxy,
    ):
        yield Beside(org, app_url, proxy, Path(folder))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
