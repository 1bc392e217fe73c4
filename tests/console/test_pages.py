"""The console's pages pass the guard, because no data is in them; its form does not."""

import pytest

from mock_okta import Config
from tests.visiting import LOGIN, SEED, Visitor

TOKEN = "control-secret-1"
ANYWHERE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}


async def test_a_link_from_anywhere_opens_a_page_without_data(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", "/_mock/console", headers=ANYWHERE)
    assert answer.status == 200
    assert LOGIN not in answer.text
    assert "mock-Password-1" not in answer.text


async def test_a_page_runs_no_inline_code_and_is_framed_by_the_org_alone(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", "/_mock/console/users")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy
    assert "<style" not in answer.text


async def test_mock_leads_to_the_console(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", "/_mock")
    assert (answer.status, answer.headers["Location"]) == (302, "/_mock/console")


async def test_a_foreign_host_name_gets_no_page(visitor: Visitor) -> None:
    assert (
        await visitor.ask("GET", "/_mock/console", headers={"Host": "evil.example"})
    ).status == 403


async def test_the_page_of_an_explained_refusal_leads_to_its_line(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", "/oauth2/default/v1/authorize?client_id=nobody")
    request_id = answer.headers["X-Okta-Request-Id"]
    assert f'href="/_mock/console/requests#{request_id}"' in answer.text


async def test_an_explained_answer_names_the_address_of_its_line(visitor: Visitor) -> None:
    refused = await visitor.ask("POST", "/oauth2/default/v1/token", data={"grant_type": "none"})
    request_id = refused.headers["X-Okta-Request-Id"]
    assert refused.headers["Link"] == f'</_mock/console/requests#{request_id}>; rel="help"'
    plain = await visitor.ask("GET", "/oauth2/default/.well-known/openid-configuration")
    assert "Link" not in plain.headers


@pytest.mark.parametrize(
    "path", ["/login/login.htm", "/help/login", "/oauth2/default/v1/authorize?client_id=nobody"]
)
async def test_pages_of_the_org_lead_to_the_console(visitor: Visitor, path: str) -> None:
    answer = await visitor.ask("GET", path)
    assert 'href="/_mock/console" target="_top"' in answer.text


@pytest.mark.parametrize("config", [Config(seed=SEED, control=False)])
async def test_an_org_without_the_api_has_no_console_and_no_links_to_it(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", "/oauth2/default/v1/authorize?client_id=nobody")
    assert "/_mock" not in answer.text
    assert "Link" not in answer.headers
    assert (await visitor.ask("GET", "/_mock/console")).status == 404


async def test_an_unknown_file_is_not_found(visitor: Visitor) -> None:
    for name in ("nothing.js", "..%2froutes.py"):
        assert (await visitor.ask("GET", f"/_mock/console/assets/{name}")).status == 404


@pytest.mark.parametrize("config", [Config(seed=SEED, control_token=TOKEN)])
async def test_the_cookie_of_the_form_opens_the_api(visitor: Visitor) -> None:
    assert (await visitor.ask("GET", "/_mock/org")).status == 401
    foreign = {"Origin": "http://evil.example"}
    form = {"token": TOKEN}
    refused = await visitor.ask("POST", "/_mock/console/token", data=form, headers=foreign)
    assert refused.status == 403
    assert (await visitor.ask("GET", "/_mock/org")).status == 401
    wrong = await visitor.ask("POST", "/_mock/console/token", data={"token": "wrong"})
    assert wrong.status == 403
    given = await visitor.ask("POST", "/_mock/console/token", data=form)
    assert given.status == 303
    assert TOKEN not in given.headers["Set-Cookie"]
    assert (await visitor.ask("GET", "/_mock/org")).status == 200
    assert (await visitor.ask("GET", "/_mock/org", headers=ANYWHERE)).status == 403
