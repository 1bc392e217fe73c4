"""The log shows no token, secret or code, wherever in a request it is."""

import re

import pytest

from mock_okta import Config, KeyPool, MockOkta
from mock_okta.app import build_app
from mock_okta.clock import Clock
from mock_okta.services.world import world_of
from mock_okta.storage import in_memory
from mock_okta.web.masking import masked
from tests.visiting import SPA, Visitor

SECRET = "not-to-be-seen"


def test_every_path_with_a_token_in_it_is_masked(shared_pool: KeyPool) -> None:
    clock = Clock()
    config = Config()
    world = world_of(in_memory(clock), clock, shared_pool)
    app = build_app(config, world, config.given_seed())
    paths = {resource.canonical for resource in app.router.resources()}
    with_tokens = {path for path in paths if re.search(r"token\}|sessions/\{", path)}
    assert len(with_tokens) >= 6
    for path in with_tokens:
        filled = re.sub(r"\{\w+\}", SECRET, path)
        assert masked(filled) == re.sub(r"\{\w+\}", "***", path)


@pytest.mark.parametrize(
    "path",
    [
        f"/welcome/{SECRET}",
        f"/welcome/{SECRET}/",
        f"/email/verify/{SECRET}",
        f"/signin/reset-password/{SECRET}",
        f"/_mock/api_tokens/{SECRET}",
        f"/_mock/sessions/{SECRET}",
        f"/nowhere%3Fclient_secret={SECRET}",
        f"/nowhere%3Fa=b&client_assertion={SECRET}",
        f"/api/v1/sessions/me?token={SECRET}&sessionToken={SECRET}",
        f"/oauth2/v1/logout?id_token_hint={SECRET}",
        f"/oauth2/default/v1/token?grant_type=interaction_code&interaction_code={SECRET}",
        f"/oauth2/default/v1/interact?recovery_token={SECRET}&activation_token={SECRET}",
        f"/?interaction_handle={SECRET}",
        f"/login/login.htm?fromURI=%2Fa%3Ftoken%3D{SECRET}",
        f"/oauth2/default/v1/authorize?client_id={SPA}&redirect_uri=x:/%3Fclient_secret%3D{SECRET}",
        f"/login/signout?fromURI=http://elsewhere.test/?access_token={SECRET}",
    ],
)
async def test_the_log_has_no_secret_of_a_path_or_query(
    visitor: Visitor, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    caplog.set_level("DEBUG", "mock_okta")
    for method in ("GET", "POST", "DELETE"):
        await visitor.ask(method, path)
    assert len(caplog.records) >= 3
    assert SECRET not in caplog.text
    assert SECRET not in str([record.__dict__ for record in caplog.records])


async def test_a_defect_shows_no_secret_either(
    visitor: Visitor, org: MockOkta, caplog: pytest.LogCaptureFixture
) -> None:
    org.clock.now = None  # type: ignore[assignment, method-assign] -- any defect will do
    await visitor.ask("GET", f"/welcome/{SECRET}")
    assert "Internal error: GET /welcome/***" in caplog.text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("set token_endpoint_auth_method=none", "set token_endpoint_auth_method=none"),
        ("state=abc&code=abc", "state=abc&code=***"),
        ("http://a.test/cb?Client_Secret=abc#x", "http://a.test/cb?Client_Secret=***#x"),
        ("'http://a.test/?token=abc' is unknown", "'http://a.test/?token=***' is unknown"),
        ("/welcome/", "/welcome/"),
        ("x" * 3000, "x" * 2000 + "…"),
    ],
)
def test_all_else_stays_what_it_is(text: str, shown: str) -> None:
    assert masked(text) == shown
