"""/_mock is for the machine it runs on, not for web pages."""

import re
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession

from mock_okta import Config, KeyPool, MockOkta
from mock_okta.web.guard import is_loopback
from tests.visiting import APP, SEED, Visitor

OPEN = {"/_mock/health", "/_mock/ready"}
TOKEN = "control-secret-1"
LISTENS_WIDELY = Config(seed=SEED, host="0.0.0.0")  # noqa: S104 -- what is tested
HAS_A_TOKEN = Config(seed=SEED, control_token=TOKEN)


async def _resources(visitor: Visitor, headers: dict[str, str] | None = None) -> list[Any]:
    """Method and path of everything behind the guard."""
    answer = await visitor.ask("GET", "/_mock/openapi.json", headers=headers)
    paths = answer.json()["paths"].items()
    guarded = [(re.sub(r"[{}]", "", path), item) for path, item in paths if path not in OPEN]
    found = [(method.upper(), path) for path, item in guarded for method in item]
    assert len(found) > 20
    return found


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
async def test_every_resource_refuses_it(visitor: Visitor, headers: dict[str, str]) -> None:
    for method, path in await _resources(visitor):
        answer = await visitor.ask(method, path, headers=headers)
        assert answer.status == 403, path
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


async def test_a_host_name_that_is_refused_is_reported_with_the_option_that_allows_it(
    visitor: Visitor, shared_pool: KeyPool
) -> None:
    answer = await visitor.ask("GET", "/_mock/org", headers={"Host": "okta:8700"})
    (cause,) = answer.json()["errorCauses"]
    assert "'okta'" in cause["errorSummary"]
    assert "--hostname" in cause["errorSummary"]
    assert "--allow-host" in cause["errorSummary"]
    config = Config(seed=SEED, allowed_hosts=("okta",))  # the option that was named
    async with MockOkta(config, key_pool=shared_pool) as org, ClientSession() as http:
        told = await http.get(f"{org.url}/_mock/org", headers={"Host": "okta:8700"})
        assert told.status == 200


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


@pytest.mark.parametrize("config", [LISTENS_WIDELY])
async def test_an_org_that_others_reach_serves_nobody_without_a_token(
    visitor: Visitor, org: MockOkta
) -> None:
    for headers in (None, {"Authorization": "Bearer "}, {"Authorization": "Bearer None"}):
        answer = await visitor.ask("GET", "/_mock/org", headers=headers)
        assert answer.status == 403
        assert answer.json()["errorCode"] == "E0000006"
        assert "--control-token" in answer.json()["errorCauses"][0]["errorSummary"]
    assert org.url not in answer.text
    assert (await visitor.ask("GET", "/oauth2/default/v1/keys")).status == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
def test_loopback_is_local(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "::", "10.0.0.1", "org.test"])  # noqa: S104 -- as above
def test_all_else_is_not(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("config", [HAS_A_TOKEN, replace(LISTENS_WIDELY, control_token=TOKEN)])
class TestAnOrgWithAToken:
    @pytest.mark.parametrize(
        "given",
        [
            None,
            "",
            "Bearer",
            "Bearer ",
            "Bearer wrong",
            f"Bearer {TOKEN}x",
            f"Bearer {TOKEN[:-1]}",
            f"Bearer {TOKEN.upper()}",
            f"Basic {TOKEN}",
            f"SSWS {TOKEN}",
            TOKEN,
            "Bearer \u00fc",
        ],
    )
    async def test_every_resource_refuses_what_is_not_the_token(
        self, visitor: Visitor, given: str | None
    ) -> None:
        headers = {} if given is None else {"Authorization": given}
        for method, path in await _resources(visitor, {"Authorization": f"Bearer {TOKEN}"}):
            answer = await visitor.ask(method, path, headers=headers)
            assert answer.status == 401, path
            assert answer.json()["errorCode"] == "E0000011"
            assert TOKEN not in answer.text

    @pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
    async def test_the_token_opens_it(self, visitor: Visitor, scheme: str) -> None:
        headers = {"Authorization": f"{scheme} {TOKEN}"}
        assert (await visitor.ask("GET", "/_mock/org", headers=headers)).status == 200
        assert (await visitor.ask("POST", "/_mock/reset", headers=headers)).status == 204

    @pytest.mark.parametrize(
        "also", [{"Origin": "http://evil.example"}, {"Host": "evil.example"}], ids=str
    )
    async def test_it_does_not_open_it_to_pages_and_foreign_names(
        self, visitor: Visitor, also: dict[str, str]
    ) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}"} | also
        assert (await visitor.ask("GET", "/_mock/org", headers=headers)).status == 403


def test_the_token_is_not_shown_with_the_settings() -> None:
    assert TOKEN not in repr(HAS_A_TOKEN)
