"""okta-auth-js 4, unmodified, in a real browser: it sends credentials with nearly every request."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests
from playwright.sync_api import Page

from mock_okta import Config, KeyPool, MockOkta
from tests.clients.app_page import serving
from tests.visiting import LOGIN, PASSWORD, SEED, SPA

pytestmark = [pytest.mark.network, pytest.mark.browser]

SIGN_IN = """async ({ issuer, clientId, username, password }) => {
  window.client = new OktaAuth({
    issuer, clientId, redirectUri: location.href, postLogoutRedirectUri: location.origin,
    scopes: ["openid", "profile", "offline_access"],
  });
  const { sessionToken } = await client.signInWithCredentials({ username, password });
  const { tokens } = await client.token.getWithoutPrompt({ sessionToken });
  client.tokenManager.setTokens(tokens);
  return [tokens.accessToken.accessToken, tokens.refreshToken.refreshToken];
}"""


@pytest.fixture
def app(node_clients: Path) -> Iterator[str]:
    """The address of a page that has the library."""
    with serving(node_clients / "node_modules" / "okta-auth-js-4") as app:
        yield app


@pytest.fixture
def app_org(app: str, shared_pool: KeyPool) -> Iterator[MockOkta]:
    """An org that knows the app."""
    [spa] = [client for client in SEED.clients if client.client_id == SPA]
    known = msgspec.structs.replace(
        spa,
        base_uris=(app,),
        login_redirect_uris=(f"{app}/",),
        logout_redirect_uris=(app,),
    )
    seed = msgspec.structs.replace(SEED, clients=(known,))
    with MockOkta(Config(seed=seed), key_pool=shared_pool) as org:
        yield org


def test_signing_out_ends_the_tokens_and_comes_back_to_the_app(
    page: Page, app: str, app_org: MockOkta
) -> None:
    page.goto(f"{app}/")
    settings = {"issuer": app_org.issuer(), "clientId": SPA}
    person = {"username": LOGIN, "password": PASSWORD}
    access_token, refresh_token = page.evaluate(SIGN_IN, settings | person)
    assert _introspected(app_org, access_token)["active"] is True

    with page.expect_navigation(url=f"{app}/"):
        page.evaluate("() => { client.signOut(); }")

    assert _introspected(app_org, access_token) == {"active": False}
    assert _introspected(app_org, refresh_token) == {"active": False}


def _introspected(org: MockOkta, token: str) -> dict[str, Any]:
    form = {"client_id": SPA, "token": token}
    answer = requests.post(f"{org.issuer()}/v1/introspect", data=form, timeout=9)
    said: dict[str, Any] = answer.json()
    return said
