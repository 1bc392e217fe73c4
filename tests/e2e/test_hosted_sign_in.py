"""The org's own pages, as a server-side web app's users meet them: sign-in, home, sign-out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from playwright.sync_api import APIRequestContext, Browser, Page, Playwright

from mock_okta_harness.builders import UserBuilder, a_user, an_app
from mock_okta_harness.pages import HomePage, HostedSignInPage
from mock_okta_harness.running import RunningOrg
from tests.e2e.landing import Landing
from tests.e2e.releases import tries

pytestmark = [pytest.mark.browser, tries("The org's own sign-in page", "hosted_org")]

CLIENT_ID = "0oa1hosted00000000h7"
REFUSED = ("Sign in failed!", "Unable to sign in")  # up to 3.x, and from 5.x on


@dataclass(frozen=True)
class WebApp:
    """A web app with a secret: it sends browsers to the org, and redeems what they bring."""

    org: RunningOrg
    server: Landing
    secret: str
    http: APIRequestContext

    def sign_in_url(self, **more: str) -> str:
        query = {
            "client_id": CLIENT_ID,
            "response_type": "code",
            "scope": "openid profile email",
            "redirect_uri": self.server.redirect_uri,
            "state": "state-1",
            "nonce": "nonce-1",
            **more,
        }
        return f"{self.org.issuer()}/v1/authorize?{urlencode(query)}"

    def tokens(self) -> dict[str, Any]:
        """Redeem the next code that a browser brings, and return the ID token's claims."""
        method, answer = self.server.next_answer()
        assert (method, answer["state"]) == ("GET", "state-1")
        form: dict[str, str | float | bool] = {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "redirect_uri": self.server.redirect_uri,
            "client_id": CLIENT_ID,
            "client_secret": self.secret,
        }
        response = self.http.post(f"{self.org.issuer()}/v1/token", form=form)
        assert response.status == 200, response.text()
        return self._verified(response.json()["id_token"])

    def _verified(self, id_token: str) -> dict[str, Any]:
        keys = self.http.get(f"{self.org.issuer()}/v1/keys").json()["keys"]
        kid = jwt.get_unverified_header(id_token)["kid"]
        key = next(key for key in keys if key["kid"] == kid)
        issuer = self.org.issuer()
        claims: dict[str, Any] = jwt.decode(
            id_token, jwt.PyJWK(key), algorithms=["RS256"], audience=CLIENT_ID, issuer=issuer
        )
        assert claims["nonce"] == "nonce-1"
        return claims


@pytest.fixture
def user(hosted_org: RunningOrg) -> UserBuilder:
    user = a_user("tester@example.com", "mock-Password-1")
    hosted_org.control.seed(user)
    return user


@pytest.fixture
def web_app(
    hosted_org: RunningOrg, app_server: Landing, playwright: Playwright
) -> Iterator[WebApp]:
    app = an_app("Web app").web().with_client_id(CLIENT_ID).redirecting_to(app_server.redirect_uri)
    secret = hosted_org.control.seed(app).clients[0].client_secret
    assert secret is not None
    http = playwright.request.new_context()
    yield WebApp(hosted_org, app_server, secret, http)
    http.dispose()


def test_a_web_apps_user_signs_in_by_the_real_widget_on_the_orgs_page(
    page: Page, web_app: WebApp, user: UserBuilder
) -> None:
    page.goto(web_app.sign_in_url())
    sign_in_page = HostedSignInPage(page)
    assert sign_in_page.shows_the_widget()
    form = sign_in_page.form(lambda page: page).be_refused(user.login, "wrong-Password-1")
    assert form.error() in REFUSED
    sign_in_page.sign_in(user.login, user.password)
    assert web_app.tokens()["preferred_username"] == user.login
    assert page.url.startswith(web_app.server.redirect_uri)


def test_a_web_apps_user_signs_in_where_no_script_runs(
    browser: Browser, web_app: WebApp, user: UserBuilder
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(web_app.sign_in_url())
        sign_in_page = HostedSignInPage(page)
        assert not sign_in_page.shows_the_widget()
        form = sign_in_page.form(lambda page: page).be_refused(user.login, "wrong-Password-1")
        assert form.error() == "Sign in failed!"
        sign_in_page.sign_in(user.login, user.password)
        assert web_app.tokens()["preferred_username"] == user.login


def test_a_session_needs_no_form_and_prompt_login_asks_all_the_same(
    page: Page, web_app: WebApp, user: UserBuilder
) -> None:
    clock = web_app.org.control.clock
    clock.set(clock.now() - timedelta(minutes=10))
    page.goto(web_app.sign_in_url())
    HostedSignInPage(page).sign_in(user.login, user.password)
    first = web_app.tokens()
    page.goto(web_app.sign_in_url())
    second = web_app.tokens()
    assert second["auth_time"] == first["auth_time"]
    clock.advance(60)
    page.goto(web_app.sign_in_url(prompt="login"))
    HostedSignInPage(page).sign_in(user.login, user.password)
    third = web_app.tokens()
    assert third["auth_time"] >= first["auth_time"] + 60


def test_a_login_hint_stands_in_the_form(page: Page, web_app: WebApp, user: UserBuilder) -> None:
    page.goto(web_app.sign_in_url(login_hint=user.login))
    form = HostedSignInPage(page).form(lambda page: page)
    assert form.remembered_login() == user.login


def test_the_home_page_names_the_user_and_signs_out(
    page: Page, hosted_org: RunningOrg, user: UserBuilder
) -> None:
    form = HostedSignInPage.open(page, hosted_org.url).form(HomePage)
    home = form.sign_in(user.login, user.password)
    assert page.url == f"{hosted_org.url}/app/UserHome"
    assert "Test" in home.user()
    assert "Test" in HomePage.open(page, hosted_org.url).user()
    home.sign_out()
    assert page.request.get(f"{hosted_org.url}/api/v1/sessions/me").status == 404
    assert HostedSignInPage.open(page, hosted_org.url).shows_the_widget()


def test_a_signed_in_user_is_sent_on_from_the_sign_in_page(
    page: Page, hosted_org: RunningOrg, user: UserBuilder
) -> None:
    HostedSignInPage.open(page, hosted_org.url).form(HomePage).sign_in(user.login, user.password)
    page.goto(f"{hosted_org.url}/login/login.htm")
    home = HomePage(page)
    assert page.url == f"{hosted_org.url}/app/UserHome"
    # What okta-auth-js's own end-to-end tests press.
    page.click("[data-se='user-menu'] > a.link-button")
    home.sign_out()
    assert HostedSignInPage(page).shows_the_widget()
