"""MockOkta: started in this event loop or in a thread, and what it says of settings."""

import asyncio
import socket
import ssl
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from mock_okta import Config, ConfigError, KeyPool, MockOkta, PortTaken, Seed, SeedUser, StartError
from mock_okta.process.tls import AuthorityError
from tests.process.asking import DISCOVERY, PATIENCE, connects, got, port_of
from tests.process.test_server_leaves_nothing import _nothing_is_left
from tests.visiting import LOGIN, PASSWORD


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not _has_ipv6(), reason="this machine has no ::1")


async def test_it_serves_in_this_event_loop(shared_pool: KeyPool) -> None:
    async with MockOkta(key_pool=shared_pool) as org, aiohttp.ClientSession() as http:
        assert urlsplit(org.url).scheme == "http"
        assert urlsplit(org.url).hostname == "localhost"
        assert org.issuer() == org.issuer("default") == f"{org.url}/oauth2/default"
        assert org.issuer("org") == org.url
        async with http.get(org.url + DISCOVERY) as answer:
            assert (await answer.json())["issuer"] == org.issuer()


def test_it_serves_in_a_thread_of_its_own(shared_pool: KeyPool) -> None:
    with MockOkta(key_pool=shared_pool) as org:
        discovery = got(org.url + DISCOVERY)
        assert isinstance(discovery, dict)
        assert discovery["issuer"] == org.issuer()


@needs_ipv6
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_localhost_is_the_org_on_ipv4_and_ipv6_alike(shared_pool: KeyPool, address: str) -> None:
    with MockOkta(key_pool=shared_pool) as org:
        port = port_of(org.url)
        assert connects(address, port)
        host = f"[{address}]" if ":" in address else address
        discovery = got(f"http://{host}:{port}{DISCOVERY}")
        assert isinstance(discovery, dict)
        assert discovery["issuer"] == f"http://localhost:{port}/oauth2/default"
    assert not connects(address, port)


@needs_ipv6
def test_it_may_listen_on_ipv6_alone(shared_pool: KeyPool) -> None:
    with MockOkta(Config(host="::1"), key_pool=shared_pool) as org:
        assert connects("::1", port_of(org.url))
        assert not connects("127.0.0.1", port_of(org.url))


def test_the_hostname_is_in_every_url(shared_pool: KeyPool) -> None:
    with MockOkta(Config(hostname="org.corp.test"), key_pool=shared_pool) as org:
        port = port_of(org.url)
        assert org.url == f"http://org.corp.test:{port}"
        discovery = got(f"http://127.0.0.1:{port}{DISCOVERY}")
        assert isinstance(discovery, dict)
        assert discovery["issuer"] == f"http://org.corp.test:{port}/oauth2/default"


def test_its_port_is_free_again_at_once(shared_pool: KeyPool) -> None:
    with MockOkta(key_pool=shared_pool) as org:
        port = port_of(org.url)
        got(org.url + DISCOVERY)
    for _ in range(3):
        with MockOkta(Config(port=port), key_pool=shared_pool) as org:
            assert org.url == f"http://localhost:{port}"
            got(org.url + DISCOVERY)


@pytest.mark.parametrize("address", ["127.0.0.1", pytest.param("::1", marks=needs_ipv6)])
def test_a_taken_port_is_reported_in_one_line(shared_pool: KeyPool, address: str) -> None:
    """On either of the two: else some clients would talk to the other program."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as taken:
        taken.bind((address, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with _nothing_is_left(), pytest.raises(PortTaken) as refusal:
            MockOkta(Config(port=port), key_pool=shared_pool).__enter__()
    assert str(port) in str(refusal.value)
    assert address in str(refusal.value)
    assert "\n" not in str(refusal.value)


async def test_a_taken_port_is_reported_in_the_event_loop_too(shared_pool: KeyPool) -> None:
    async with MockOkta(key_pool=shared_pool) as org:
        second = MockOkta(Config(port=port_of(org.url)), key_pool=shared_pool)
        with pytest.raises(PortTaken):
            await second.__aenter__()
        with pytest.raises(StartError):
            _ = second.url


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1", "1.2.3.4.5", "a..b"])
def test_an_address_of_another_machine_is_reported(shared_pool: KeyPool, host: str) -> None:
    with pytest.raises(StartError) as refusal:
        MockOkta(Config(host=host), key_pool=shared_pool).__enter__()
    assert host in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"port": -1}, "port"),
        ({"port": 65536}, "port"),
        ({"hostname": ""}, "hostname"),
        ({"hostname": "http://localhost"}, "hostname"),
        ({"hostname": "localhost:80"}, "hostname"),
        ({"hostname": "local host"}, "hostname"),
    ],
)
def test_settings_that_make_no_sense_are_reported(change: dict[str, object], named: str) -> None:
    with pytest.raises(ConfigError, match=f"^{named}: expected"):
        replace(Config(), **change)  # type: ignore[arg-type] -- wrong on purpose


def test_what_needs_a_running_org_says_so(shared_pool: KeyPool) -> None:
    org = MockOkta(key_pool=shared_pool)
    for ask in (lambda: org.url, org.issuer, lambda: org.ca_path):
        with pytest.raises(StartError, match=r"running|while"):
            ask()
    with org:
        assert org.url
        with pytest.raises(StartError, match="tls=True"):
            _ = org.ca_path
    with pytest.raises(StartError, match="not running"):
        _ = org.url


async def test_an_org_is_entered_once_at_a_time(shared_pool: KeyPool) -> None:
    async with MockOkta(key_pool=shared_pool) as org:
        with pytest.raises(StartError, match="running already"):
            await org.__aenter__()
        with pytest.raises(StartError, match="running already"):
            org.__enter__()
        async with aiohttp.ClientSession() as http, http.get(org.url + DISCOVERY) as answer:
            assert answer.status == 200


async def test_entered_again_it_starts_afresh(shared_pool: KeyPool) -> None:
    org = MockOkta(key_pool=shared_pool)
    new = {"users": [{"login": "new@example.com", "password": PASSWORD}]}
    async with org, aiohttp.ClientSession() as http:
        await http.put(f"{org.url}/_mock/seed", json=new)
        org.clock.freeze()
        org.clock.advance(timedelta(days=1))
    async with org, aiohttp.ClientSession() as http:
        described = await (await http.get(f"{org.url}/_mock/org")).json()
        assert [user["login"] for user in described["users"]] == [LOGIN]
        assert not org.clock.is_frozen


def test_entered_again_it_may_run_elsewhere(shared_pool: KeyPool) -> None:
    org = MockOkta(key_pool=shared_pool)

    async def in_a_loop() -> None:
        async with org:
            assert org.url

    with org:
        assert got(org.url + DISCOVERY)
    # In a thread: where a synchronous Playwright is open, this one has a running loop already.
    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(lambda: asyncio.run(in_a_loop())).result()
    with org:
        assert got(org.url + DISCOVERY)


async def test_two_orgs_of_one_process_know_nothing_of_one_another(shared_pool: KeyPool) -> None:
    seed = Seed(users=(SeedUser(login="only@example.com", password=PASSWORD),))
    sign_in = {"username": "only@example.com", "password": PASSWORD}
    async with (
        MockOkta(Config(seed=seed), key_pool=shared_pool) as one,
        MockOkta(key_pool=shared_pool) as other,
        aiohttp.ClientSession() as http,
    ):
        statuses = [
            (await http.post(f"{org.url}/api/v1/authn", json=sign_in)).status
            for org in (one, other)
        ]
        assert statuses == [200, 401]
        one.clock.freeze()
        assert not other.clock.is_frozen


async def test_a_shared_pool_shares_keys_and_none_does_not(shared_pool: KeyPool) -> None:
    kids = []
    async with aiohttp.ClientSession() as http:
        for pool in (shared_pool, shared_pool, None):
            async with MockOkta(key_pool=pool) as org:
                keys = await (await http.get(f"{org.url}/oauth2/default/v1/keys")).json()
                kids.append(keys["keys"][0]["kid"])
    assert kids[0] == kids[1] != kids[2]


def test_https_is_trusted_by_who_trusts_the_ca(shared_pool: KeyPool) -> None:
    with MockOkta(Config(tls=True), key_pool=shared_pool) as org:
        assert org.url.startswith("https://localhost:")
        ca_path = org.ca_path
        trust = ssl.create_default_context(cafile=ca_path)
        for name in ("localhost", "127.0.0.1"):
            discovery = got(f"https://{name}:{port_of(org.url)}{DISCOVERY}", trust)
            assert isinstance(discovery, dict)
            assert discovery["issuer"] == org.issuer()
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            got(org.url + DISCOVERY, ssl.create_default_context())
    assert not ca_path.exists()


def test_https_is_served_for_the_names_asked_for(shared_pool: KeyPool) -> None:
    config = Config(tls=True, hostname="org.corp.test", tls_names=("other.corp.test",))
    with MockOkta(config, key_pool=shared_pool) as org:
        port = port_of(org.url)
        trust = ssl.create_default_context(cafile=org.ca_path)
        for name in ("org.corp.test", "other.corp.test", "localhost"):
            with (
                socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as plain,
                trust.wrap_socket(plain, server_hostname=name) as secure,
            ):
                assert secure.getpeercert()


def test_a_name_that_no_certificate_can_have_is_reported(shared_pool: KeyPool) -> None:
    config = Config(tls=True, tls_names=("not a name",))
    with _nothing_is_left(), pytest.raises(AuthorityError) as refusal:
        MockOkta(config, key_pool=shared_pool).__enter__()
    assert "not a name" in str(refusal.value)


def test_a_state_directory_keeps_keys_and_ca(tmp_path: Path) -> None:
    config = Config(tls=True, state_dir=tmp_path / "state")
    seen = []
    for _ in range(2):
        with MockOkta(config) as org:
            trust = ssl.create_default_context(cafile=org.ca_path)
            keys = [
                got(f"{org.url}{path}/v1/keys", trust) for path in ("/oauth2", "/oauth2/default")
            ]
            seen.append((keys, org.ca_path.read_bytes()))
    assert seen[0] == seen[1]
    for file in (tmp_path / "state").rglob("*.pem"):
        if b"PRIVATE KEY" in file.read_bytes():
            assert file.stat().st_mode & 0o077 == 0


def test_without_a_state_directory_there_are_new_ones_each_time() -> None:
    seen = []
    for _ in range(2):
        with MockOkta(Config(tls=True)) as org:
            trust = ssl.create_default_context(cafile=org.ca_path)
            keys = got(f"{org.url}/oauth2/default/v1/keys", trust)
            seen.append((keys, org.ca_path.read_bytes()))
    assert seen[0][0] != seen[1][0]
    assert seen[0][1] != seen[1][1]


def test_a_state_directory_that_cannot_be_one_is_reported_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a directory")
    for state_dir in (file, file / "below"):
        with _nothing_is_left(), pytest.raises(StartError) as refusal:
            MockOkta(Config(state_dir=state_dir)).__enter__()
        assert str(state_dir) in str(refusal.value)
        assert "\n" not in str(refusal.value)
