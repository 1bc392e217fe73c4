"""Answers that reach an app by a message or by a form, in the browser that has to carry them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page

from mock_okta_harness.builders import UserBuilder, an_app
from mock_okta_harness.pages import HostedSignInPage
from mock_okta_harness.running import RunningOrg
from tests.e2e.landing import Landing

pytestmark = pytest.mark.browser

CLIENT_ID = "0oa1modes000000000h7"

# Listens for the org's one message, and only then opens what is to send it.
LISTEN = """
url => {
  window.answer = new Promise((resolve) => {
    window.addEventListener("message", ({ data, origin }) => resolve({ data, origin }));
  });
}
"""
OPEN_A_FRAME = """
url => {
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.src = url;
  document.body.append(frame);
}
"""
OPEN_A_POPUP = "url => { window.open(url, 'sign-in', 'popup,width=500,height=700'); }"


@pytest.fixture
def redirect_uri(okta_org: RunningOrg, app_server: Landing) -> str:
    app = an_app("App of all modes").spa().with_client_id(CLIENT_ID).at(app_server.url)
    app = app.granted("implicit", "authorization_code").redirecting_to(app_server.redirect_uri)
    okta_org.control.seed(app)
    return app_server.redirect_uri


def authorize_url(org: RunningOrg, redirect_uri: str, **more: str) -> str:
    query = {
        "client_id": CLIENT_ID,
        "response_type": "token id_token",
        "scope": "openid email",
        "redirect_uri": redirect_uri,
        "state": "state-1",
        "nonce": "nonce-1",
        **more,
    }
    return f"{org.issuer()}/v1/authorize?{urlencode(query)}"


def posted(page: Page, opening: str, url: str) -> Mapping[str, Any]:
    """Open what posts a message, and return the message's data and origin."""
    page.evaluate(LISTEN)
    page.evaluate(opening, url)
    answer: Mapping[str, Any] = page.evaluate("window.answer")
    return answer


def sign_in(page: Page, org: RunningOrg, user: UserBuilder) -> None:
    HostedSignInPage.open(page, org.url).sign_in(user.login, user.password)


def test_a_hidden_frame_gets_tokens_for_the_session_by_a_message(
    page: Page, okta_org: RunningOrg, app_server: Landing, redirect_uri: str, user: UserBuilder
) -> None:
    sign_in(page, okta_org, user)
    page.goto(app_server.url)
    url = authorize_url(okta_org, redirect_uri, response_mode="okta_post_message", prompt="none")
    answer = posted(page, OPEN_A_FRAME, url)
    assert answer["origin"] == okta_org.url
    fields = {"access_token", "token_type", "expires_in", "scope", "id_token", "state"}
    assert answer["data"].keys() == fields
    assert answer["data"]["state"] == "state-1"


def test_a_hidden_frame_hears_that_nobody_is_signed_in(
    page: Page, okta_org: RunningOrg, app_server: Landing, redirect_uri: str
) -> None:
    page.goto(app_server.url)
    url = authorize_url(okta_org, redirect_uri, response_mode="okta_post_message", prompt="none")
    answer = posted(page, OPEN_A_FRAME, url)
    assert answer["data"] == {
        "state": "state-1",
        "error": "login_required",
        "error_description": "The client specified not to prompt, but the user is not logged in.",
    }


def test_a_popup_gets_tokens_for_the_session_by_a_message(
    page: Page, okta_org: RunningOrg, app_server: Landing, redirect_uri: str, user: UserBuilder
) -> None:
    sign_in(page, okta_org, user)
    page.goto(app_server.url)
    url = authorize_url(okta_org, redirect_uri, response_mode="okta_post_message")
    answer = posted(page, OPEN_A_POPUP, url)
    assert answer["origin"] == okta_org.url
    assert {"access_token", "id_token"} <= answer["data"].keys()


def test_a_user_may_sign_in_inside_the_popup(
    page: Page, okta_org: RunningOrg, app_server: Landing, redirect_uri: str, user: UserBuilder
) -> None:
    page.goto(app_server.url)
    url = authorize_url(okta_org, redirect_uri, response_mode="okta_post_message")
    page.evaluate(LISTEN)
    with page.expect_popup() as popup:
        page.evaluate(OPEN_A_POPUP, url)
    HostedSignInPage(popup.value).sign_in(user.login, user.password)
    answer = page.evaluate("window.answer")
    assert answer["origin"] == okta_org.url
    assert {"access_token", "id_token", "state"} <= answer["data"].keys()


def test_a_message_is_for_the_redirect_uris_origin_alone(
    page: Page, okta_org: RunningOrg, app_server: Landing, redirect_uri: str, user: UserBuilder
) -> None:
    sign_in(page, okta_org, user)
    page.goto(f"{okta_org.url}/app/UserHome")
    url = authorize_url(okta_org, redirect_uri, response_mode="okta_post_message", prompt="none")
    page.evaluate(LISTEN)
    with page.expect_console_message(lambda message: "postMessage" in message.text) as complaint:
        page.evaluate(OPEN_A_FRAME, url)
    assert app_server.url in complaint.value.text
    assert okta_org.url in complaint.value.text


@pytest.mark.parametrize(
    ("response_type", "brought"),
    [
        ("code", {"code", "state"}),
        ("id_token", {"id_token", "state"}),
        ("code id_token", {"code", "id_token", "state"}),
    ],
)
def test_a_form_brings_the_answer_to_the_apps_server(
    page: Page,
    okta_org: RunningOrg,
    app_server: Landing,
    redirect_uri: str,
    user: UserBuilder,
    response_type: str,
    brought: set[str],
) -> None:
    pkce = {"code_challenge": "c" * 43, "code_challenge_method": "S256"}
    url = authorize_url(
        okta_org,
        redirect_uri,
        response_mode="form_post",
        response_type=response_type,
        **(pkce if "code" in response_type else {}),
    )
    page.goto(url)
    HostedSignInPage(page).sign_in(user.login, user.password)
    method, answer = app_server.next_answer()
    assert method == "POST"
    assert answer.keys() == brought
    assert answer["state"] == "state-1"


def test_a_form_brings_errors_too(
    page: Page, okta_org: RunningOrg, app_server: Landing, redirect_uri: str
) -> None:
    url = authorize_url(
        okta_org, redirect_uri, response_mode="form_post", prompt="none", response_type="id_token"
    )
    page.goto(url)
    method, answer = app_server.next_answer()
    assert method == "POST"
    assert (answer["error"], answer["state"]) == ("login_required", "state-1")
