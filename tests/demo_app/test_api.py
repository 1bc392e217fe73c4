"""Access to `/api/messages`: who gets in, who does not, and the errors."""

import socket
import time
from typing import Any

import jwt
import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient

from mock_okta_demo import Settings, build_api
from tests.demo_app.conftest import Ask, ClientFactory
from tests.demo_app.issuing import Issuer, Key, unsigned, with_other_claims

NOW = int(time.time())


async def reason_of(response: ClientResponse) -> str:
    """The reason, seen to be the same in the header and in the body."""
    body = await response.json()
    challenge = response.headers["WWW-Authenticate"]
    described = f'error="{body["error"]}", error_description="{body["error_description"]}"'
    assert challenge == f"Bearer {described}"
    return str(body["error_description"])


async def test_a_good_token_gets_messages(issuer: Issuer, ask: Ask) -> None:
    response = await ask(issuer.token())
    body = await response.json()
    assert response.status == 200
    assert "tester@example.com" in body["messages"][0]["text"]
    assert all(message.keys() == {"text", "date"} for message in body["messages"])


async def test_a_token_for_several_audiences_is_good_when_ours_is_among_them(
    issuer: Issuer, ask: Ask
) -> None:
    response = await ask(issuer.token(aud=["api://other", "api://default"]))
    assert response.status == 200


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "https://other.example.com/oauth2/default"}, "another issuer"),
        ({"aud": "api://other"}, "another audience"),
        ({"aud": None}, "lacks a claim"),
        ({"cid": "0oa1other000000000h7"}, "another client"),
        ({"cid": None}, "lacks a claim"),
        ({"exp": NOW - 3600, "iat": NOW - 7200}, "expired"),
        ({"exp": None}, "lacks a claim"),
        ({"nbf": NOW + 3600}, "not valid yet"),
        ({"iat": NOW + 3600}, "not valid yet"),
        ({"exp": "soon"}, "malformed"),
    ],
)
async def test_a_token_that_says_the_wrong_thing_is_refused(
    issuer: Issuer, ask: Ask, changes: dict[str, Any], reason: str
) -> None:
    response = await ask(issuer.token(**changes))
    assert response.status == 401
    assert reason in await reason_of(response)


async def test_clocks_may_differ_by_a_few_seconds(issuer: Issuer, ask: Ask) -> None:
    now = int(time.time())
    response = await ask(issuer.token(iat=now + 5, nbf=now + 5))
    assert response.status == 200


async def test_a_token_without_the_wanted_scope_is_forbidden(issuer: Issuer, ask: Ask) -> None:
    response = await ask(issuer.token(), required_scopes=("openid", "messages.read"))
    assert response.status == 403
    assert await reason_of(response) == "The token lacks the scope messages.read."


@pytest.mark.parametrize("granted", [None, "openid", 7])
async def test_scopes_that_are_no_list_grant_nothing(
    issuer: Issuer, ask: Ask, granted: object
) -> None:
    response = await ask(issuer.token(scp=granted))
    assert response.status == 403


async def test_other_clients_can_be_let_in(issuer: Issuer, ask: Ask) -> None:
    token = issuer.token(cid="0oa1other000000000h7")
    response = await ask(token, api_client_ids=("0oa1other000000000h7",))
    assert response.status == 200


async def test_a_token_signed_by_another_key_of_the_same_name_is_refused(
    issuer: Issuer, other_key: Key, ask: Ask
) -> None:
    response = await ask(issuer.token(other_key, kid=issuer.keys[0].kid))
    assert response.status == 401
    assert "signature" in await reason_of(response)


async def test_a_tampered_token_is_refused(issuer: Issuer, ask: Ask) -> None:
    tampered = with_other_claims(issuer.token(), scp=["openid", "email", "admin"])
    response = await ask(tampered)
    assert response.status == 401
    assert "signature" in await reason_of(response)


async def test_a_token_without_a_signature_is_refused(issuer: Issuer, ask: Ask) -> None:
    response = await ask(unsigned(issuer.claims(), issuer.keys[0].kid))
    assert response.status == 401
    assert "RS256" in await reason_of(response)


async def test_a_token_signed_with_the_public_key_as_a_shared_secret_is_refused(
    issuer: Issuer, ask: Ask
) -> None:
    key = issuer.keys[0]
    secret = jwt.utils.base64url_encode(key.public_pem()).decode()
    token = jwt.encode(issuer.claims(), secret, "HS256", {"kid": key.kid})
    response = await ask(token)
    assert response.status == 401
    assert "RS256" in await reason_of(response)


@pytest.mark.parametrize("token", ["garbage", "a.b.c", "e30.e30.e30", "\u00e9"])
async def test_what_is_no_token_is_refused(ask: Ask, token: str) -> None:
    response = await ask(token)
    assert response.status == 401
    await reason_of(response)


@pytest.mark.parametrize("authorization", [None, "", "Basic dGVzdA==", "Token abc"])
async def test_without_a_bearer_token_the_answer_only_says_how_to_ask(
    ask: Ask, authorization: str | None
) -> None:
    response = await ask(authorization=authorization)
    assert response.status == 401
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="messages"'
    assert "access token" in (await response.json())["error_description"]


@pytest.mark.parametrize("authorization", ["Bearer", "Bearer  ", "Bearer one two"])
async def test_a_header_of_another_form_is_a_bad_request(ask: Ask, authorization: str) -> None:
    response = await ask(authorization=authorization)
    assert response.status == 400
    assert "Authorization" in await reason_of(response)


async def test_the_word_bearer_may_be_written_in_any_case(issuer: Issuer, ask: Ask) -> None:
    response = await ask(authorization=f"bearer {issuer.token()}")
    assert response.status == 200


async def test_without_the_issuers_keys_no_token_is_judged(issuer: Issuer, ask: Ask) -> None:
    issuer.status = 500
    response = await ask(issuer.token())
    assert response.status == 503
    assert issuer.url in (await response.json())["error_description"]
    assert "WWW-Authenticate" not in response.headers


async def test_an_issuer_that_is_not_there_is_named(issuer: Issuer, ask: Ask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    absent = f"http://127.0.0.1:{port}/oauth2/default"
    response = await ask(issuer.token(), issuer=absent)
    assert response.status == 503
    assert absent in (await response.json())["error_description"]


@pytest.fixture
async def api(
    settings: Settings, aiohttp_client: ClientFactory
) -> TestClient[web.Request, web.Application]:
    return await aiohttp_client(build_api(settings))


async def test_a_preflight_lets_the_page_send_its_token(
    api: TestClient[web.Request, web.Application], settings: Settings
) -> None:
    asked = {"Origin": settings.page_url, "Access-Control-Request-Headers": "authorization"}
    response = await api.options("/api/messages", headers=asked)
    assert response.status == 204
    assert response.headers["Access-Control-Allow-Origin"] == settings.page_url
    assert response.headers["Access-Control-Allow-Headers"] == "Authorization"
    assert response.headers["Access-Control-Allow-Methods"] == "GET"


async def test_the_page_may_read_answers_and_no_cookies_are_asked_for(
    issuer: Issuer, ask: Ask, settings: Settings
) -> None:
    response = await ask(issuer.token(), origin=settings.page_url)
    assert response.headers["Access-Control-Allow-Origin"] == settings.page_url
    assert "Access-Control-Allow-Credentials" not in response.headers


async def test_the_page_may_read_refusals(ask: Ask, settings: Settings) -> None:
    response = await ask(origin=settings.page_url)
    assert response.status == 401
    assert response.headers["Access-Control-Allow-Origin"] == settings.page_url
    assert response.headers["Access-Control-Expose-Headers"] == "WWW-Authenticate"


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/", 404), ("POST", "/api/messages", 405)]
)
async def test_the_page_may_read_that_it_asks_for_the_wrong_thing(
    api: TestClient[web.Request, web.Application],
    settings: Settings,
    method: str,
    path: str,
    status: int,
) -> None:
    response = await api.request(method, path, headers={"Origin": settings.page_url})
    assert response.status == status
    assert response.headers["Access-Control-Allow-Origin"] == settings.page_url
    assert response.content_type == "application/json"


@pytest.mark.parametrize("origin", ["http://localhost:1", "https://localhost:9000", "null"])
async def test_no_other_origin_may_read_anything(issuer: Issuer, ask: Ask, origin: str) -> None:
    response = await ask(issuer.token(), origin=origin)
    assert "Access-Control-Allow-Origin" not in response.headers
    assert response.headers["Vary"] == "Origin"
