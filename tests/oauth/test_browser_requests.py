"""Requests that a browser sends to the authorization server's APIs: who may, who reads (H.3)."""

import pytest

from mock_okta import MockOkta
from tests.visiting import APP, OTHER_WEB, SECRET, SPA, VERIFIER, WEB, Change, Visitor

ELSEWHERE = "https://elsewhere.example"
TRUSTED = "http://localhost:9000"  # a trusted origin, but no client's redirect URI
USE_PKCE = {
    "error": "invalid_client",
    "error_description": "Browser requests to the token endpoint must use Proof Key for Code "
    "Exchange.",
}
NOT_LISTED = {
    "error": "invalid_request",
    "error_description": "Browser requests to the token endpoint must be part of at least one "
    "whitelisted redirect_uri.",
}


async def test_a_page_of_a_redirect_uri_s_origin_redeems_its_code_and_may_read_it(
    visitor: Visitor,
) -> None:
    answer = await visitor.redeem(await visitor.code(), headers={"Origin": APP})
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize("origin", [ELSEWHERE, TRUSTED, "null", "http://localhost:3001"])
async def test_a_page_of_another_origin_is_refused_and_reads_nothing(
    visitor: Visitor, origin: str
) -> None:
    code = await visitor.code()
    answer = await visitor.redeem(code, headers={"Origin": origin})
    assert (answer.status, answer.json()) == (400, NOT_LISTED)
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert (await visitor.redeem(code)).status == 200


@pytest.mark.parametrize(
    ("issued_to", "change"),
    [
        ({"client_id": WEB}, {"client_id": WEB, "client_secret": SECRET}),
        (
            {"client_id": WEB, "code_challenge": None, "code_challenge_method": None},
            {"client_id": WEB, "client_secret": SECRET, "code_verifier": None},
        ),
        ({"client_id": SPA}, {"code_verifier": None}),
    ],
)
async def test_a_browser_must_use_pkce_and_have_no_secret(
    visitor: Visitor, issued_to: Change, change: Change
) -> None:
    code = await visitor.code(issued_to)
    answer = await visitor.redeem(code, change, headers={"Origin": APP})
    assert (answer.status, answer.json()) == (401, USE_PKCE)
    assert answer.headers["Access-Control-Allow-Origin"] == APP


async def test_a_browser_may_refresh_but_is_no_service(visitor: Visitor) -> None:
    token = (await visitor.tokens())["refresh_token"]
    form: Change = {"client_id": SPA, "grant_type": "refresh_token", "refresh_token": token}
    assert (await visitor.post("token", form, headers={"Origin": APP})).status == 200
    form = {"client_id": OTHER_WEB, "client_secret": SECRET, "grant_type": "client_credentials"}
    answer = await visitor.post("token", form, headers={"Origin": APP})
    assert (answer.status, answer.json()) == (401, USE_PKCE)


async def test_a_page_of_the_org_itself_is_no_cross_origin_browser(
    org: MockOkta, visitor: Visitor
) -> None:
    answer = await visitor.redeem(await visitor.code(), headers={"Origin": org.url})
    assert answer.status == 200
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_errors_may_be_read_as_successes_may(visitor: Visitor) -> None:
    answer = await visitor.redeem("made-up", headers={"Origin": APP})
    assert answer.status == 400
    assert answer.headers["Access-Control-Allow-Origin"] == APP


@pytest.mark.parametrize(
    ("endpoint", "methods", "with_credentials"),
    [
        ("token", "POST, OPTIONS", False),
        ("introspect", "POST, OPTIONS", False),
        ("revoke", "POST, OPTIONS", True),
        ("device/authorize", "POST, OPTIONS", False),
        ("par", "POST, OPTIONS", False),
        ("userinfo", "GET, POST, OPTIONS", True),
        ("keys", "GET, OPTIONS", True),
    ],
)
@pytest.mark.parametrize("server", ["default", "org"])
async def test_a_preflight_says_what_is_allowed(
    visitor: Visitor, *, server: str, endpoint: str, methods: str, with_credentials: bool
) -> None:
    asked = "content-type,x-okta-user-agent-extended"
    headers = {
        "Origin": APP,
        "Access-Control-Request-Method": methods.split(",", maxsplit=1)[0],
        "Access-Control-Request-Headers": asked,
    }
    answer = await visitor.ask("OPTIONS", visitor.url(endpoint, server), headers=headers)
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert answer.headers["Access-Control-Allow-Methods"] == methods
    allowed = answer.headers["Access-Control-Allow-Headers"].lower().replace(" ", "").split(",")
    assert set(asked.split(",")) <= set(allowed)
    assert answer.headers["Access-Control-Max-Age"] == "3600"
    credentials = answer.headers.get("Access-Control-Allow-Credentials")
    assert credentials == ("true" if with_credentials else None)


@pytest.mark.parametrize(
    "path",
    [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/oauth2/default/.well-known/openid-configuration",
        "/oauth2/default/v1/keys",
        "/oauth2/nowhere/v1/keys",
    ],
)
async def test_discovery_and_keys_are_anybody_s_with_credentials(
    visitor: Visitor, path: str
) -> None:
    answer = await visitor.ask("GET", path, headers={"Origin": ELSEWHERE})
    assert answer.headers["Access-Control-Allow-Origin"] == ELSEWHERE
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert "Origin" in answer.headers["Vary"]


async def test_userinfo_is_anybody_s_and_shows_its_header(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", visitor.url("userinfo"), headers={"Origin": ELSEWHERE})
    assert answer.status == 401
    assert answer.headers["Access-Control-Allow-Origin"] == ELSEWHERE
    assert "WWW-Authenticate" in answer.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("endpoint", ["authorize", "logout"])
async def test_what_a_browser_navigates_to_no_page_reads(visitor: Visitor, endpoint: str) -> None:
    answer = await visitor.ask("GET", visitor.url(endpoint), headers={"Origin": APP})
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_a_header_of_64_kib_is_taken(visitor: Visitor) -> None:
    long = {"Cookie": "other=" + 60 * 1024 * "x"}
    assert (await visitor.ask("GET", visitor.url("keys"), headers=long)).status == 200
    url = f"{visitor.url('keys')}?padding={60 * 1024 * 'x'}"
    assert (await visitor.ask("GET", url)).status == 200


async def test_a_verifier_is_proof_enough_where_a_page_sends_it(visitor: Visitor) -> None:
    code = await visitor.code()
    wrong = {"code_verifier": VERIFIER.upper()}
    answer = await visitor.redeem(code, wrong, headers={"Origin": APP})
    assert answer.json()["error_description"] == "PKCE verification failed."
