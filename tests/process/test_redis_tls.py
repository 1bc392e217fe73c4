"""An org on a Redis that speaks TLS (`rediss://`)."""

from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
import trustme

from mock_okta import Config, KeyPool, MockOkta, StartError
from tests.storage.redis_server import RedisServer, free_port
from tests.visiting import SEED, Visitor

pytestmark = pytest.mark.process


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    """A server with a certificate of the CA in `ca.pem`; it listens without TLS elsewhere."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    trustme.CA().cert_pem.write_to_path(tmp_path / "other.pem")
    leaf = authority.issue_cert("localhost")
    leaf.private_key_pem.write_to_path(tmp_path / "key.pem")
    leaf.cert_chain_pems[0].write_to_path(tmp_path / "leaf.pem")
    options = {
        "--tls-port": str(free_port()),
        "--tls-cert-file": str(tmp_path / "leaf.pem"),
        "--tls-key-file": str(tmp_path / "key.pem"),
        "--tls-ca-cert-file": str(tmp_path / "ca.pem"),
        "--tls-auth-clients": "no",
        "--save": "",
    }
    words = tuple(word for option in options.items() for word in option)
    server = RedisServer(tmp_path, free_port(), words)
    try:
        server.start()
        yield server
    finally:
        server.kill()


def storage_on(server: RedisServer, authority: str) -> str:
    port = server.options[server.options.index("--tls-port") + 1]
    trusted = server.folder / authority
    return f"rediss://localhost:{port}/0?org=test&ssl_ca_certs={trusted}"


async def test_an_org_signs_in_over_tls(server: RedisServer, shared_pool: KeyPool) -> None:
    config = Config(seed=SEED, storage=storage_on(server, "ca.pem"))
    async with (
        MockOkta(config, key_pool=shared_pool) as org,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http,
    ):
        visitor = Visitor(org, http)
        tokens = await visitor.tokens()
        assert (await visitor.introspect(tokens["access_token"]))["active"] is True
    assert b"mock_okta:{test}:users" in server.ask("KEYS", "*")


async def test_another_ca_is_refused_in_one_line(server: RedisServer, shared_pool: KeyPool) -> None:
    config = Config(seed=SEED, storage=storage_on(server, "other.pem"))
    with pytest.raises(StartError, match=r"rediss://localhost.*certificate") as refusal:
        async with MockOkta(config, key_pool=shared_pool):
            pass
    assert "\n" not in str(refusal.value)
