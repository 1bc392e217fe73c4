"""What the log advises beside /authorize and /token is what the seed takes, and it helps."""

import logging
from collections.abc import Mapping
from typing import Any

import pytest

from mock_okta import Config
from tests.oauth.advising import ELSEWHERE, client_document, config_of_clients, logged, put_seed
from tests.visiting import CALLBACK, USER_ID, Visitor


@pytest.fixture
def config() -> Config:
    return config_of_clients()


async def test_what_is_advised_lets_a_sign_out_go_on(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    tokens = await visitor.tokens({"client_id": "0oaspa", "scope": "openid"})
    form = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": f"{ELSEWHERE}/bye"}
    with caplog.at_level(logging.INFO, "mock_okta.requests"):
        assert (await visitor.post("logout", form)).status == 400
    assert "logout_redirect_uris of client 0oaspa: add it" in logged(caplog, "/v1/logout")
    await put_seed(visitor, client_document("spa", logout_redirect_uris=[f"{ELSEWHERE}/bye"]))
    assert (await visitor.post("logout", form)).location == f"{ELSEWHERE}/bye"


async def test_what_is_advised_lets_a_page_redeem_its_code(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    change = {"client_id": "0oaspa", "scope": "openid"}
    own = {"client_id": "0oaspa"}
    page = {"Origin": ELSEWHERE}
    with caplog.at_level(logging.INFO, "mock_okta.requests"):
        refused = await visitor.redeem(await visitor.code(change), own, headers=page)
    assert refused.status == 400
    assert "add a URI of it to its login_redirect_uris" in logged(caplog, "/v1/token")
    await put_seed(visitor, client_document("spa", login_redirect_uris=[CALLBACK, f"{ELSEWHERE}/"]))
    helped = await visitor.redeem(await visitor.code(change), own, headers=page)
    assert helped.status == 200
    assert helped.headers["Access-Control-Allow-Origin"] == ELSEWHERE


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        (ELSEWHERE, f"add {ELSEWHERE} to a client's base_uris or to trusted_origins in the seed"),
        ("null", "open the page with http or https"),
    ],
)
async def test_what_is_advised_lets_a_page_read_the_session(
    visitor: Visitor, caplog: pytest.LogCaptureFixture, origin: str, said: str
) -> None:
    path = "/api/v1/sessions/me"
    with caplog.at_level(logging.INFO, "mock_okta.requests"):
        refused = await visitor.ask("GET", path, headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in refused.headers
    assert said in logged(caplog, path)
    await put_seed(visitor, {"trusted_origins": [ELSEWHERE]})
    helped = await visitor.ask("GET", path, headers={"Origin": ELSEWHERE})
    assert helped.headers["Access-Control-Allow-Origin"] == ELSEWHERE


async def test_what_is_advised_lets_more_requests_through(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    path = "/.well-known/okta-organization"
    await put_seed(visitor, {"rate_limits": [{"path": path, "limit": 1}]})
    assert (await visitor.ask("GET", path)).status == 200
    with caplog.at_level(logging.INFO, "mock_okta.requests"):
        assert (await visitor.ask("GET", path)).status == 429
    assert "see rate_limits in the seed" in logged(caplog, path)
    await put_seed(visitor, {"rate_limits": [{"path": path, "limit": 5}]})
    assert (await visitor.ask("GET", path)).status == 200


BY_API_TOKEN = {
    "headers": {"Authorization": "SSWS 00token"},
    "json": {"sub_id": {"format": "opaque", "id": USER_ID}},
}


@pytest.mark.parametrize(
    ("method", "path", "said", "seed", "statuses", "options"),
    [
        (
            "POST",
            "/oauth2/v1/global-token-revocation",
            "no such API token: add it to api_tokens in the seed",
            {"api_tokens": [{"token": "00token"}]},
            (401, 204),
            BY_API_TOKEN,
        ),
        (
            "GET",
            "/api/v1/registration/form",
            "see 'registration' in the seed",
            {"registration": {}},
            (404, 200),
            {},
        ),
        (
            "GET",
            f"/login/sessionCookieRedirect?token=t&redirectUrl={ELSEWHERE}",
            f"add the origin of '{ELSEWHERE}' to trusted_origins or base_uris",
            {"trusted_origins": [ELSEWHERE]},
            (403, 302),
            {},
        ),
        (
            "GET",
            "/sso/idps/0oaidp",
            "no identity provider '0oaidp': see identity_providers in the seed",
            {"identity_providers": [{"name": "Other", "id": "0oaidp", "users": []}]},
            (404, 302),
            {},
        ),
    ],
)
async def test_what_is_advised_elsewhere_helps_too(
    visitor: Visitor,
    caplog: pytest.LogCaptureFixture,
    method: str,
    path: str,
    said: str,
    seed: Mapping[str, Any],
    statuses: tuple[int, int],
    options: Mapping[str, Any],
) -> None:
    with caplog.at_level(logging.INFO, "mock_okta.requests"):
        assert (await visitor.ask(method, path, **options)).status == statuses[0]
    assert said in logged(caplog, path.partition("?")[0])
    await put_seed(visitor, seed)
    assert (await visitor.ask(method, path, **options)).status == statuses[1]
