"""The demo's API takes the org's access tokens, and no others."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import APIRequestContext, APIResponse, Page, Playwright

from mock_okta import Config
from mock_okta_harness.builders import UserBuilder, an_app
from mock_okta_harness.pages import DemoPage
from mock_okta_harness.running import DEMO_CLIENT_ID, DemoApp, RunningOrg, org_in_a_thread

pytestmark = pytest.mark.browser


@pytest.fixture
def http(playwright: Playwright) -> Iterator[APIRequestContext]:
    context = playwright.request.new_context()
    yield context
    context.dispose()


@pytest.fixture
def messages(
    http: APIRequestContext, okta_demo_app: DemoApp
) -> Callable[[str | None], APIResponse]:
    """Ask the API for the messages, with a token or without."""

    def get(token: str | None) -> APIResponse:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return http.get(f"{okta_demo_app.api_url}/api/messages", headers=headers)

    return get


@pytest.fixture
def tokens(
    http: APIRequestContext, okta_org: RunningOrg, okta_demo_app: DemoApp, user: UserBuilder
) -> Callable[..., dict[str, str]]:
    """Get tokens as the demo's page does, but for what is said."""

    def get(
        org: RunningOrg = okta_org,
        server: str = "default",
        client_id: str = DEMO_CLIENT_ID,
        scope: str = "openid",
    ) -> dict[str, str]:
        body = {"username": user.login, "password": user.password}
        signed_in = http.post(f"{org.url}/api/v1/authn", data=body).json()
        query = {
            "client_id": client_id,
            "response_type": "token id_token" if "openid" in scope else "token",
            "scope": scope,
            "redirect_uri": f"{okta_demo_app.url}/",
            "state": "state-1",
            "nonce": "nonce-1",
            "sessionToken": signed_in["sessionToken"],
        }
        url = f"{org.issuer(server)}/v1/authorize?{urlencode(query)}"
        answer = http.get(url, max_redirects=0).headers["location"]
        return {name: value for name, (value,) in parse_qs(urlsplit(answer).fragment).items()}

    return get


Messages = Callable[[str | None], APIResponse]
Tokens = Callable[..., dict[str, str]]


def test_a_good_token_gets_messages(messages: Messages, tokens: Tokens, user: UserBuilder) -> None:
    response = messages(tokens()["access_token"])
    assert response.status == 200
    assert user.login in response.json()["messages"][0]["text"]


def test_a_request_without_a_token_hears_how_to_ask(messages: Messages) -> None:
    response = messages(None)
    assert response.status == 401
    assert response.headers["www-authenticate"] == 'Bearer realm="messages"'


def test_a_token_of_another_authorization_server_is_refused(
    messages: Messages, tokens: Tokens, okta_org: RunningOrg
) -> None:
    other = {"id": "other", "audiences": ["api://default"]}
    okta_org.control.seed({"authorization_servers": [other]})
    refused(messages(tokens(server="other")["access_token"]), "a key the issuer does not have")


def test_a_token_of_another_org_is_refused(
    messages: Messages, tokens: Tokens, okta_demo_app: DemoApp, user: UserBuilder
) -> None:
    with org_in_a_thread(Config()) as other:
        other.control.seed(okta_demo_app.as_client(), user)
        token = tokens(org=other)["access_token"]
    refused(messages(token), "a key the issuer does not have")


def test_a_token_for_another_audience_is_refused(
    messages: Messages, tokens: Tokens, okta_org: RunningOrg
) -> None:
    okta_org.control.seed({"authorization_servers": [{"id": "default", "audiences": ["api://x"]}]})
    refused(messages(tokens()["access_token"]), "another audience")


def test_an_id_token_is_no_access_token(messages: Messages, tokens: Tokens) -> None:
    refused(messages(tokens()["id_token"]), "lacks a claim that every access token has")


def test_a_token_of_another_client_is_refused(
    messages: Messages, tokens: Tokens, okta_org: RunningOrg, okta_demo_app: DemoApp
) -> None:
    app = an_app("Another app").spa().granted("implicit").redirecting_to(f"{okta_demo_app.url}/")
    client_id = okta_org.control.seed(app).clients[0].client_id
    refused(messages(tokens(client_id=client_id)["access_token"]), "another client")


def test_an_expired_token_is_refused(
    messages: Messages, tokens: Tokens, okta_org: RunningOrg
) -> None:
    clock = okta_org.control.clock
    clock.set(clock.now() - timedelta(hours=2))
    refused(messages(tokens()["access_token"]), "has expired")


def test_a_token_signed_by_another_key_under_the_same_name_is_refused(
    messages: Messages, tokens: Tokens
) -> None:
    token = tokens()["access_token"]
    kid = jwt.get_unverified_header(token)["kid"]
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    forged = jwt.encode(claims_of(token), key, algorithm="RS256", headers={"kid": kid})
    refused(messages(forged), "signature is wrong")


def test_a_token_that_was_changed_is_refused(messages: Messages, tokens: Tokens) -> None:
    header, payload, signature = tokens()["access_token"].split(".")
    claims = claims_of(f"{header}.{payload}.{signature}")
    changed = base64.urlsafe_b64encode(json.dumps(claims | {"sub": "admin"}).encode())
    refused(messages(f"{header}.{changed.decode().rstrip('=')}.{signature}"), "signature is wrong")


def test_a_token_without_the_scope_is_not_enough(messages: Messages, tokens: Tokens) -> None:
    response = messages(tokens(scope="messages.read")["access_token"])
    assert response.status == 403
    assert 'error="insufficient_scope"' in response.headers["www-authenticate"]


def test_the_page_shows_why_the_api_refuses(
    page: Page, okta_org: RunningOrg, okta_demo_app: DemoApp, user: UserBuilder
) -> None:
    form = DemoPage.open(page, okta_demo_app.url).sign_in_form()
    okta_org.control.seed({"authorization_servers": [{"id": "default", "audiences": ["api://x"]}]})
    demo = form.sign_in(user.login, user.password).get_messages()
    assert demo.messages() == []
    assert demo.error() == ("HTTP 401 invalid_token: The token is meant for another audience.")


def refused(response: APIResponse, reason: str) -> None:
    assert response.status == 401, response.text()
    assert reason in response.json()["error_description"]
    challenge = response.headers["www-authenticate"]
    assert challenge.startswith('Bearer error="invalid_token"')
    assert reason in challenge


def claims_of(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims
