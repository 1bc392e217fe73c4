"""Behind a proxy: one public URL, and which words of a proxy count."""

from collections.abc import Mapping

import aiohttp
import pytest
from multidict import CIMultiDict

from mock_okta import Config, KeyPool, MockOkta
from tests.visiting import LOGIN, PASSWORD, SEED

NAME, SECOND = "okta.example.test", "login.example.test"
PUBLIC = f"https://{NAME}"
HERE = ("127.0.0.1", "::1")
TRUSTED = Config(seed=SEED, public_url=PUBLIC, domains=(SECOND,), trusted_proxies=HERE)
UNTRUSTED = Config(seed=SEED, public_url=PUBLIC, domains=(SECOND,), trusted_proxies=("10.0.0.0/8",))
INTERNAL = {"Host": "replica-1:8700"}


async def _ask(org: MockOkta, path: str, headers: Mapping[str, str]) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as http,
        http.get(org.local_url + path, headers=headers) as answer,
    ):
        return answer.status, await answer.text()


async def _issuer(org: MockOkta, headers: Mapping[str, str]) -> str:
    _, text = await _ask(org, "/oauth2/default/.well-known/openid-configuration", headers)
    return text.partition('"issuer":"')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("https://okta.example.test", "https://okta.example.test"),
        ("https://okta.example.test/", "https://okta.example.test"),
        ("https://Okta.Example.Test:443", "https://okta.example.test"),
        ("http://okta.example.test:80", "http://okta.example.test"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[2001:db8::1]:8080", "http://[2001:db8::1]:8080"),
    ],
)
async def test_the_public_url_begins_all_urls_whatever_port_a_replica_listens_on(
    shared_pool: KeyPool, given: str, url: str
) -> None:
    config = Config(seed=SEED, public_url=given)
    async with (
        MockOkta(config, key_pool=shared_pool) as one,
        MockOkta(config, key_pool=shared_pool) as other,
    ):
        assert one.local_url != other.local_url
        for org in (one, other):
            assert (org.url, org.issuer()) == (url, f"{url}/oauth2/default")
            assert await _issuer(org, {}) == f"{url}/oauth2/default"


async def test_cookies_are_secure_behind_a_proxy_that_serves_https(shared_pool: KeyPool) -> None:
    login = {"username": LOGIN, "password": PASSWORD}
    async with MockOkta(TRUSTED, key_pool=shared_pool) as org, aiohttp.ClientSession() as http:
        token = (await (await http.post(f"{org.local_url}/api/v1/authn", json=login)).json())[
            "sessionToken"
        ]
        query = {"token": token, "redirectUrl": PUBLIC}
        answer = await http.get(
            f"{org.local_url}/login/sessionCookieRedirect", params=query, allow_redirects=False
        )
        assert answer.headers["Location"].startswith(PUBLIC)
        (cookie,) = [
            line for line in answer.headers.getall("Set-Cookie") if line.startswith("idx=")
        ]
        assert "; Secure" in cookie


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": SECOND},
        {"X-Forwarded-Host": SECOND, "X-Forwarded-For": "192.0.2.7"},
        {"X-Forwarded-Host": f"{NAME}, {SECOND}", "X-Forwarded-For": "198.51.100.1, 192.0.2.7"},
        {"X-Forwarded-Host": SECOND, "X-Forwarded-For": "192.0.2.7, 127.0.0.1, 127.0.0.1:1234"},
        {"Forwarded": f"for=192.0.2.7;host={SECOND};proto=https"},
        {"Forwarded": f'for=198.51.100.1;host={NAME}, for="[2001:db8::7]:5"; Host="{SECOND}"'},
        {"Forwarded": f'for=192.0.2.7;host={SECOND}, for="[::1]";host=inner'},
        {"Forwarded": f"for=192.0.2.7;host={NAME}", "X-Forwarded-Host": SECOND},
        {"X-Forwarded-Host": f"{SECOND}:443", "X-Forwarded-Proto": "https"},
        {"X-Forwarded-Host": f"{SECOND.upper()}:8443", "X-Forwarded-Port": "8443"},
        {
            "X-Forwarded-Host": f",{NAME} ,{SECOND} ,",
            "X-Forwarded-For": "unknown, ::ffff:192.0.2.7",
        },
        {"X-Forwarded-Host": SECOND, "X-Forwarded-For": "192.0.2.7, ::ffff:127.0.0.1, [::1]:80"},
        {"Forwarded": f'for="192.0.2.7:4711";host="{SECOND}:8443";proto=https;by=_inner'},
        {"Forwarded": f'for="_a,b;c=d";host={NAME}, For=192.0.2.7 ; HOST = {SECOND}'},
        {"Forwarded": f'for=unknown;host={SECOND}, for="[::1]:9"'},
        # A client's quote that does not end must not hide what the proxy adds.
        {"Forwarded": f'for="x;host={NAME}, for=192.0.2.7;host={SECOND}'},
    ],
    ids=str,
)
async def test_a_trusted_proxy_says_which_name_was_asked_and_nobody_else_does(
    shared_pool: KeyPool, headers: dict[str, str]
) -> None:
    async with MockOkta(TRUSTED, key_pool=shared_pool) as org:
        assert await _issuer(org, INTERNAL | headers) == f"https://{SECOND}/oauth2/default"
    async with MockOkta(UNTRUSTED, key_pool=shared_pool) as org:
        assert await _issuer(org, INTERNAL | headers) == f"{PUBLIC}/oauth2/default"


async def test_several_lines_of_a_header_are_one_list(shared_pool: KeyPool) -> None:
    lines = [
        ("Host", "inner"),
        ("X-Forwarded-Host", NAME),
        ("X-Forwarded-Host", SECOND),
        ("X-Forwarded-For", "198.51.100.1"),
        ("X-Forwarded-For", "192.0.2.7"),
    ]
    async with MockOkta(TRUSTED, key_pool=shared_pool) as org:
        headers = CIMultiDict(lines)
        assert await _issuer(org, headers) == f"https://{SECOND}/oauth2/default"


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "a b"},
        {"X-Forwarded-Host": "[::1"},
        {"X-Forwarded-Host": "evil.test:port"},
        {"X-Forwarded-Host": "evil.test/path?query#fragment"},
        {"X-Forwarded-Host": ",,"},
        {"X-Forwarded-Proto": "javascript"},
        {"X-Forwarded-For": "no address, [, ]:"},
        {"Forwarded": "host"},
        {"Forwarded": "=;=,;"},
        {"Forwarded": 'host="'},
        {"Forwarded": 'for="[::1];host="'},
    ],
    ids=str,
)
async def test_odd_words_of_a_trusted_proxy_change_no_url(
    shared_pool: KeyPool, headers: dict[str, str]
) -> None:
    async with MockOkta(TRUSTED, key_pool=shared_pool) as org:
        assert await _issuer(org, {"Host": NAME} | headers) == f"{PUBLIC}/oauth2/default"
        status, _ = await _ask(org, "/nowhere", {"Host": NAME} | headers)
        assert status == 404


@pytest.mark.parametrize("headers", [{"X-Forwarded-Host": NAME}, {"Forwarded": f"host={NAME}"}])
async def test_the_control_api_believes_only_trusted_proxies(
    shared_pool: KeyPool, headers: dict[str, str]
) -> None:
    async with MockOkta(TRUSTED, key_pool=shared_pool) as org:
        assert (await _ask(org, "/_mock/org", INTERNAL))[0] == 403
        assert (await _ask(org, "/_mock/org", INTERNAL | headers))[0] == 200
        evil = dict.fromkeys(headers, "host=evil.test" if "Forwarded" in headers else "evil.test")
        assert (await _ask(org, "/_mock/org", INTERNAL | evil))[0] == 403
    async with MockOkta(UNTRUSTED, key_pool=shared_pool) as org:
        assert (await _ask(org, "/_mock/org", INTERNAL | headers))[0] == 403


async def test_a_proxy_does_not_change_the_scheme_or_port_of_urls(shared_pool: KeyPool) -> None:
    said = {"X-Forwarded-Proto": "http", "X-Forwarded-Port": "81", "X-Forwarded-For": "192.0.2.7"}
    async with MockOkta(TRUSTED, key_pool=shared_pool) as org:
        assert await _issuer(org, {"Host": NAME} | said) == f"{PUBLIC}/oauth2/default"


@pytest.mark.parametrize(
    ("config", "client"), [(TRUSTED, "192.0.2.7"), (UNTRUSTED, "127.0.0.1")], ids=["yes", "no"]
)
async def test_the_log_names_the_client_that_a_trusted_proxy_names(
    shared_pool: KeyPool, caplog: pytest.LogCaptureFixture, config: Config, client: str
) -> None:
    caplog.set_level("INFO", "mock_okta.requests")
    async with MockOkta(config, key_pool=shared_pool) as org:
        await _ask(org, "/nowhere", {"X-Forwarded-For": "1.2.3.4, 192.0.2.7, 127.0.0.1"})
    (wire,) = [record.wire for record in caplog.records if hasattr(record, "wire")]
    assert wire["client"] == client


async def test_an_allowed_host_reaches_the_control_api(shared_pool: KeyPool) -> None:
    config = Config(seed=SEED, allowed_hosts=("Replica-1",))
    async with MockOkta(config, key_pool=shared_pool) as org:
        assert (await _ask(org, "/_mock/org", INTERNAL))[0] == 200
        assert (await _ask(org, "/_mock/org", {"Host": "replica-2:8700"}))[0] == 403
