"""/_mock is for the machine it runs on, not for web pages."""

import pytest
from aiohttp import ClientSession

from mock_okta import Config, KeyPool, MockOkta
from tests.visiting import APP, SEED, Visitor

RESOURCES = [
    ("GET", "/_mock/org"),
    ("PUT", "/_mock/seed"),
    ("POST", "/_mock/reset"),
    ("GET", "/_mock/clock"),
    ("PUT", "/_mock/clock"),
    ("POST", "/_mock/clock/advance"),
    ("GET", "/_mock/outbox"),
    ("DELETE", "/_mock/outbox"),
]


@pytest.mark.parametrize(("method", "path"), RESOURCES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": APP},
        {"Origin": "http://localhost:9000"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "made-up"},
        {"Host": "evil.example"},
        {"Host": "evil.example:80"},
        {"Host": "localhost.evil.example"},
        {"Host": "169.254.1.1"},
        {"Host": "["},
        {"Host": ""},
    ],
    ids=str,
)
async def test_every_resource_refuses_it(
    visitor: Visitor, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = await visitor.ask(method, path, headers=headers)
    assert answer.status == 403
    assert answer.json()["errorCode"] == "E0000006"
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


async def test_a_refusal_is_explained_in_the_log(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "mock_okta")
    await visitor.ask("GET", "/_mock/org", headers={"Origin": "http://evil.example"})
    await visitor.ask("GET", "/_mock/org", headers={"Host": "rebound.example"})
    assert "http://evil.example" in caplog.text
    assert "rebound.example" in caplog.text


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"])
@pytest.mark.parametrize("site", [None, "same-origin", "none"])
async def test_the_machine_itself_is_served(
    visitor: Visitor, org: MockOkta, name: str, site: str | None
) -> None:
    headers = {"Host": f"{name}:{org.url.rpartition(':')[2]}"}
    if site is not None:
        headers["Sec-Fetch-Site"] = site
    assert (await visitor.ask("GET", "/_mock/org", headers=headers)).status == 200


async def test_a_page_of_the_org_itself_is_served(visitor: Visitor, org: MockOkta) -> None:
    headers = {"Origin": org.url, "Sec-Fetch-Site": "same-origin"}
    assert (await visitor.ask("POST", "/_mock/reset", headers=headers)).status == 204


async def test_a_preflight_allows_nothing(visitor: Visitor) -> None:
    headers = {"Origin": APP, "Access-Control-Request-Method": "PUT"}
    answer = await visitor.ask("OPTIONS", "/_mock/seed", headers=headers)
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


async def test_the_configured_names_are_the_orgs(shared_pool: KeyPool) -> None:
    config = Config(seed=SEED, tls_names=("org.corp.test",))
    async with MockOkta(config, key_pool=shared_pool) as org, ClientSession() as http:
        url = f"{org.url}/_mock/org"
        async with http.get(url, headers={"Host": "org.corp.test"}) as answer:
            assert answer.status == 200
        async with http.get(url, headers={"Host": "other.corp.test"}) as answer:
            assert answer.status == 403
