"""The proxy: what it takes for another, what it refuses and passes."""

import asyncio
import threading
import urllib.error
import urllib.request
from collections.abc import AsyncIterator

import aiohttp
import pytest

from mock_okta import Config, KeyPool, MockOkta, PortTaken, Proxy
from mock_okta.process.proxy import RouteError
from tests.proxying import (
    CHUNK,
    DISCOVERY,
    DOMAIN,
    FORBIDDEN,
    PATIENCE,
    TUNNEL,
    Client,
    a_server,
    echo,
    trust,
)
from tests.visiting import SEED


@pytest.fixture
def config() -> Config:
    return Config(seed=SEED).at_domain(DOMAIN)


@pytest.fixture
async def proxy(org: MockOkta) -> AsyncIterator[Proxy]:
    async with Proxy(org) as proxy:
        yield proxy


async def test_a_client_of_the_proxy_finds_the_org_by_its_name(org: MockOkta, proxy: Proxy) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.get(DISCOVERY, proxy=proxy.url, ssl=trust(org)) as answer,
    ):
        assert (await answer.json())["issuer"] == f"https://{DOMAIN}/oauth2/default"


async def test_the_org_s_certificate_is_checked_by_the_name_that_was_asked_for(
    org: MockOkta, proxy: Proxy
) -> None:
    """The proxy sees nothing of what it pipes."""
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await http.get(DISCOVERY, proxy=proxy.url)
        routes = {**org.routes, "not-named.okta.com:443": org.routes[f"{DOMAIN}:443"]}
        async with Proxy(routes=routes) as wider:
            with pytest.raises(aiohttp.ClientConnectorCertificateError, match="Hostname mismatch"):
                await http.get("https://not-named.okta.com", proxy=wider.url, ssl=trust(org))


@pytest.mark.parametrize(
    ("place", "answer"),
    [
        (f"{DOMAIN}:443", TUNNEL),
        ("YOUR-ORG.okta.com:443", TUNNEL),
        (f"{DOMAIN}.:443", TUNNEL),
        ("ok1static.oktacdn.com:443", TUNNEL),
        ("global.oktacdn.com:443", TUNNEL),
        ("oktacdn.com:443", FORBIDDEN),
        ("global.oktacdn.com:8443", FORBIDDEN),
        (f"{DOMAIN}:80", FORBIDDEN),
        ("other.okta.com:443", FORBIDDEN),
        (f"{DOMAIN}.evil.example:443", FORBIDDEN),
        ("eviloktacdn.com:443", FORBIDDEN),
        ("169.254.169.254:80", FORBIDDEN),
        ("[2001:db8::1]:443", FORBIDDEN),
    ],
)
async def test_only_the_org_s_names_and_the_cdn_s_are_taken(
    proxy: Proxy, place: str, answer: bytes
) -> None:
    async with Client.of(proxy) as client:
        assert await client.connect(place) == answer


async def test_a_refusal_says_what_is_taken_and_what_would_let_it_pass(
    proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    async with Client.of(proxy) as client:
        await client.connect("api.example.com:443")
        said = (await client.rest()).decode()
    assert "api.example.com:443 is not a name that this proxy leads" in said
    assert f"{DOMAIN}:443" in said
    assert "--pass-others" in said
    assert "refused: api.example.com:443" in caplog.text


async def test_a_refused_client_that_goes_on_sending_can_read_why(proxy: Proxy) -> None:
    async with Client.of(proxy) as client:
        body = 200 * CHUNK
        head = f"POST http://api.example.com/ HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n"
        client.writer.transport.set_write_buffer_limits(0)
        client.writer.write(head.encode() + body)
        await client.writer.drain()
        assert b"api.example.com:80 is not a name that" in await client.rest()


async def test_a_longer_name_wins_over_a_shorter_one() -> None:
    async def say(text: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(text)

    async with (
        a_server(lambda _, writer: say(b"one", writer)) as one,
        a_server(lambda _, writer: say(b"all", writer)) as every,
        Proxy(routes={"*.example.test:1": every, "one.example.test:1": one}) as proxy,
    ):
        for name, answer in (("one", b"one"), ("two", b"all"), ("a.b", b"all")):
            async with Client.of(proxy) as client:
                assert await client.connect(f"{name}.example.test:1") == TUNNEL
                assert await client.rest() == answer


async def test_others_pass_where_that_is_asked_for(caplog: pytest.LogCaptureFixture) -> None:
    """127.0.0.2 is another host to the proxy than this machine's usual names."""
    async with a_server(echo, "127.0.0.2") as place:
        async with Proxy() as proxy, Client.of(proxy) as client:
            assert await client.connect(place) == FORBIDDEN
        async with Proxy(pass_others=True) as proxy, Client.of(proxy) as client:
            assert await client.connect(place) == TUNNEL
            client.writer.write(b"hello")
            client.writer.write_eof()
            assert await client.rest() == b"hello"
    assert caplog.text.count("refused") == 1


async def test_this_machine_s_own_names_pass_where_only_it_can_ask() -> None:
    """Playwright's browsers send what is for localhost too."""
    async with a_server(echo) as place:
        async with Proxy() as proxy, Client.of(proxy) as client:
            assert await client.connect(place) == TUNNEL
        async with Proxy(host="0.0.0.0") as proxy, Client.of(proxy) as client:  # noqa: S104 -- tested
            assert proxy.url.startswith("http://127.0.0.1:")
            assert await client.connect(place) == FORBIDDEN


async def test_a_plain_request_is_forwarded_in_the_server_s_own_form() -> None:
    seen = []

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(5))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")

    async with (
        a_server(note) as place,
        Proxy(routes={"app.example.test:80": place}) as proxy,
        Client.of(proxy) as client,
    ):
        await client.ask(
            b"POST http://app.example.test/a//b?c=%20d HTTP/1.1\r\nHost: app.example.test\r\n"
            b"Proxy-Connection: keep-alive\r\nConnection: keep-alive\r\nX-Own: kept\r\n"
            b"Content-Length: 5\r\n\r\nhello"
        )
        assert await client.rest() == b"ok"
    (forwarded,) = seen
    assert forwarded == (
        b"POST /a//b?c=%20d HTTP/1.1\r\nHost: app.example.test\r\nX-Own: kept\r\n"
        b"Content-Length: 5\r\nConnection: close\r\n\r\nhello"
    )


async def test_an_org_of_plain_http_is_found_too(shared_pool: KeyPool) -> None:
    config = Config(seed=SEED, public_url="http://okta.test")
    url = "http://okta.test/oauth2/default/.well-known/openid-configuration"
    async with (
        MockOkta(config, key_pool=shared_pool) as org,
        Proxy(org) as proxy,
        aiohttp.ClientSession() as http,
    ):
        for _ in range(2):
            async with http.get(url, proxy=proxy.url) as answer:
                assert (await answer.json())["issuer"] == "http://okta.test/oauth2/default"


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET https://your-org.okta.com/ HTTP/1.1\r\n\r\n", 400),
        (b"GET ftp://your-org.okta.com/ HTTP/1.1\r\n\r\n", 400),
        (b"CONNECT your-org.okta.com HTTP/1.1\r\n\r\n", 400),
        (b"CONNECT your-org.okta.com:https HTTP/1.1\r\n\r\n", 400),
        (b"CONNECT your-org.okta.com:70000 HTTP/1.1\r\n\r\n", 400),
        (b"CONNECT :443 HTTP/1.1\r\n\r\n", 400),
        (b"CONNECT [::1 HTTP/1.1\r\n\r\n", 400),
        (b"CONNECT user@your-org.okta.com:443 HTTP/1.1\r\n\r\n", 400),
        (b"GET http://a\nb.example/ HTTP/1.1\r\n\r\n", 400),
        (b"GET http://\xff.example/ HTTP/1.1\r\n\r\n", 400),
        (b"\r\n\r\n", 400),
        (b"\x16\x03\x01 not even text\r\n\r\n", 400),
        (b"GET http://a.example/" + 70000 * b"a" + b" HTTP/1.1\r\n\r\n", 431),
    ],
)
async def test_what_is_no_request_to_a_proxy_is_refused(
    proxy: Proxy, head: bytes, status: int
) -> None:
    async with Client.of(proxy) as client:
        answer = await client.ask(head)
        assert int(answer.split()[1]) == status
        assert (await client.rest()).startswith(b"mock-okta proxy: ")


def test_it_runs_beside_an_org_in_threads_of_their_own(shared_pool: KeyPool) -> None:
    threads = threading.active_count()
    with (
        MockOkta(Config(seed=SEED).at_domain(DOMAIN), key_pool=shared_pool) as org,
        Proxy(org) as proxy,
    ):
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({"https": proxy.url}),
            urllib.request.HTTPSHandler(context=trust(org)),
        )
        with opener.open(DISCOVERY, timeout=PATIENCE) as answer:
            assert answer.status == 200
        with pytest.raises(urllib.error.URLError, match="403 Forbidden"):
            opener.open("https://api.example.com", timeout=PATIENCE)
    assert threading.active_count() == threads


async def test_a_port_that_is_taken_is_reported() -> None:
    async with Proxy() as proxy:
        with pytest.raises(PortTaken):
            await Proxy(port=int(proxy.url.rpartition(":")[2])).__aenter__()


@pytest.mark.parametrize("route", [("a.test", "b:1"), ("a.test:1", "b"), ("a.test:x", "b:1")])
async def test_a_route_without_a_port_is_reported(route: tuple[str, str]) -> None:
    with pytest.raises(RouteError, match="expected HOST:PORT"):
        await Proxy(routes=dict([route])).__aenter__()
