"""Around the sign-in: identity providers, step-up, devices, two orgs, the browser's language."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import jwt
import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from mock_okta_harness.pages import (
    ConsentRequired,
    HomePage,
    HostedSignInPage,
    IdentityProviderPage,
    IdpDiscovery,
    ShownWidget,
    SignInForm,
    VerifyGoogleAuthenticator,
)
from mock_okta_harness.pages.selectors.classic import widget_selectors
from mock_okta_harness.running import RunningOrg, org_in_a_thread
from tests.e2e.app_page import AppPage, app_page
from tests.e2e.landing import Landing
from tests.e2e.releases import CLASSIC, OLDEST, tries
from tests.e2e.screens import LOGIN, NAMES, PASSWORD, SECRET

pytestmark = pytest.mark.browser

CLIENT_ID, PROVIDER_ID = "0oa1around0000000h7", "0oa1idp00000000000h7"
STRANGER = "stranger@example.org"


@dataclass(frozen=True)
class Around:
    """A browser, an org whose own pages have one version of the widget, and an app's page."""

    page: Page
    org: RunningOrg
    app: AppPage
    version: str

    def seed(self, **more: Any) -> None:
        user = {"login": LOGIN, "password": PASSWORD, "profile": NAMES}
        client = {
            "name": "App",
            "type": "spa",
            "client_id": CLIENT_ID,
            "base_uris": [self.app.url],
            "login_redirect_uris": [f"{self.app.url}/"],
            "grant_types": ["authorization_code", "implicit"],
        }
        self.org.control.seed({"users": [user], "clients": [client], **more})

    def seed_provider(self, **more: Any) -> None:
        provider = {"id": PROVIDER_ID, "name": "Elsewhere", "type": "GOOGLE"}
        known = [{"email": STRANGER, "profile": {"firstName": "Strange"}}]
        self.seed(identity_providers=[{**provider, "users": known}], **more)

    def open(self, **options: Any) -> ShownWidget[Page]:
        """Open the app's page, whose widget has these options."""
        params = {"issuer": self.org.issuer(), "scopes": ["openid", "email"]}
        usual = {
            "baseUrl": self.org.url,
            "clientId": CLIENT_ID,
            "useClassicEngine": True,
            "authParams": {**params, **options.pop("authParams", {})},
            "language": "en",
        }
        assets = f"{self.org.url}/okta-signin-widget/{self.version}"
        self.page.goto(self.app.show(assets, {**usual, **options}))
        return ShownWidget(self.page, lambda page: page, widget_selectors(self.version))

    def result(self, text: str) -> None:
        """Wait until the app's page says this."""
        # As long as anything may take on a page; by itself it would wait for five seconds.
        expect(self.page.locator("#result")).to_have_text(text, timeout=30_000)


@pytest.fixture
def around(request: pytest.FixtureRequest, page: Page) -> Iterator[Around]:
    version: str = request.param
    with org_in_a_thread(replace(CLASSIC, widget_version=version)) as org, app_page() as app:
        yield Around(page, org, app, version)


@tries("Routing to identity providers", "around")
def test_discovery_leads_to_the_password_or_to_another_provider(around: Around) -> None:
    rules = [{"idp": PROVIDER_ID, "domains": ["example.org"]}]
    around.seed_provider(routing_rules=rules)
    options = {
        "features": {"idpDiscovery": True},
        "idpDiscovery": {"requestContext": f"{around.app.url}/"},
    }
    form = IdpDiscovery(around.open(**options)).go_on(LOGIN)
    assert form.remembered_login() == LOGIN
    discovery = IdpDiscovery(around.open(**options))
    discovery.fill(STRANGER).submit()
    provider = IdentityProviderPage(around.page)
    assert (provider.provider(), provider.email()) == ("Elsewhere", STRANGER)
    provider.be(STRANGER)
    around.result(f"session {STRANGER}")


@pytest.mark.parametrize("around", [OLDEST], indirect=True)
def test_a_page_of_the_oldest_release_says_itself_where_the_provider_returns_to(
    around: Around,
) -> None:
    """It appends a query to WebFinger's link; later releases go to the link as it is."""
    around.seed_provider(routing_rules=[{"idp": PROVIDER_ID, "domains": ["example.org"]}])
    discovery = IdpDiscovery(around.open(features={"idpDiscovery": True}))
    discovery.fill(STRANGER).submit()
    provider = IdentityProviderPage(around.page)
    assert provider.email() == STRANGER
    provider.be(STRANGER)
    around.result(f"session {STRANGER}")


@tries("Routing to identity providers", "around")
def test_the_orgs_page_leads_to_another_provider_and_back_to_the_app(
    around: Around, app_server: Landing
) -> None:
    web = {
        "name": "Web",
        "type": "web",
        "client_id": "0oa1web00000000000h7",
        "login_redirect_uris": [app_server.redirect_uri],
    }
    around.seed_provider(routing_rules=[{"idp": PROVIDER_ID, "domains": ["example.org"]}])
    around.org.control.seed({"clients": [web]})
    query = {
        "client_id": "0oa1web00000000000h7",
        "response_type": "code",
        "scope": "openid",
        "redirect_uri": app_server.redirect_uri,
        "state": "state-1",
    }
    around.page.goto(f"{around.org.issuer()}/v1/authorize?{urlencode(query)}")
    discovery = HostedSignInPage.screen(around.page, IdpDiscovery, leads_to=lambda page: page)
    discovery.fill(STRANGER).submit()
    IdentityProviderPage(around.page).be(STRANGER)
    assert app_server.next_answer()[1]["code"]


@tries("Buttons of identity providers", "around")
def test_a_social_button_signs_in_by_a_popup(around: Around) -> None:
    around.seed_provider()
    button = {"type": "GOOGLE", "id": PROVIDER_ID}
    form = SignInForm(around.open(idps=[button], authParams={"responseType": "id_token"}))
    provider = form.sign_in_in_a_popup_by("Google")
    assert provider.known_users() == [STRANGER]
    provider.be_known(STRANGER)
    around.result(f"tokens {STRANGER}")


@tries("Buttons of identity providers", "around")
def test_buttons_sign_in_by_a_redirect(around: Around) -> None:
    """The app's own by /authorize, and those of the org's page, which are there by the seed."""
    around.seed_provider()
    corporate = {"type": "SAML2", "id": PROVIDER_ID, "text": "Sign in with Corporate"}
    by_redirect = {"authParams": {"display": "page"}, "redirect": "always"}
    form = SignInForm(around.open(idps=[corporate], **by_redirect))
    form.sign_in_by("Corporate").be("new@example.org")
    around.result("session new@example.org")
    around.page.context.clear_cookies()
    form = HostedSignInPage.open(around.page, around.org.url).form(HomePage)
    form.sign_in_by("Elsewhere").be(STRANGER)
    assert "Strange" in HomePage(around.page).user()


@tries("Step-up", "around")
def test_an_app_that_asks_for_a_factor_gets_it_by_a_step_up(
    around: Around, app_server: Landing
) -> None:
    web = {
        "name": "Strict",
        "type": "web",
        "client_id": "0oa1strict0000000h7",
        "login_redirect_uris": [app_server.redirect_uri],
        "grant_types": ["authorization_code", "implicit"],
        "requires_factor": True,
    }
    otp = {"factor": "google_otp", "secret": SECRET}
    user = {"login": LOGIN, "password": PASSWORD, "profile": NAMES, "factors": [otp]}
    around.org.control.seed({"users": [user], "clients": [web]})
    query = {
        "client_id": "0oa1strict0000000h7",
        "response_type": "id_token",
        "response_mode": "form_post",
        "scope": "openid",
        "redirect_uri": app_server.redirect_uri,
        "state": "state-1",
        "nonce": "nonce-1",
    }
    around.page.goto(f"{around.org.issuer()}/v1/authorize?{urlencode(query)}")
    HostedSignInPage(around.page).sign_in(LOGIN, PASSWORD)
    widget = ShownWidget(around.page, lambda page: page, widget_selectors(around.version))
    code = pyotp.TOTP(SECRET).at(around.org.control.clock.now())
    VerifyGoogleAuthenticator(widget).verify(code)
    _, answer = app_server.next_answer()
    claims = jwt.decode(answer["id_token"], options={"verify_signature": False})
    assert set(claims["amr"]) == {"mfa", "otp", "pwd"}


@tries("Consent", "around")
def test_an_app_asks_for_consent_by_the_widget(around: Around, app_server: Landing) -> None:
    scopes = [{"name": "notes", "description": "Read your notes", "consent": "REQUIRED"}]
    web = {
        "name": "Asking app",
        "type": "web",
        "client_id": "0oa1asking0000000h7",
        "login_redirect_uris": [app_server.redirect_uri],
        "consent_method": "REQUIRED",
    }
    around.seed(authorization_servers=[{"id": "default", "scopes": scopes}])
    around.org.control.seed({"clients": [web]})
    query = {
        "client_id": "0oa1asking0000000h7",
        "response_type": "code",
        "scope": "openid notes",
        "redirect_uri": app_server.redirect_uri,
        "state": "state-1",
    }
    url = f"{around.org.issuer()}/v1/authorize?{urlencode(query)}"
    around.page.goto(url)
    HostedSignInPage(around.page).sign_in(LOGIN, PASSWORD)
    widget = ShownWidget(around.page, lambda page: page, widget_selectors(around.version))
    ConsentRequired(widget).refuse()
    assert app_server.next_answer()[1]["error"] == "access_denied"
    around.page.locator("#landed").wait_for()
    around.page.goto(url)
    consent = ConsentRequired(widget)
    assert "notes" in consent.text()
    consent.submit()
    assert app_server.next_answer()[1]["code"]


@tries("Security image and device fingerprint", "around")
def test_a_known_device_is_greeted_by_the_users_security_image(around: Around) -> None:
    around.seed()
    features = {"features": {"securityImage": True, "deviceFingerprinting": True}}
    form = SignInForm(around.open(**features, authParams={"responseType": "id_token"}))
    form.sign_in(LOGIN, PASSWORD)
    around.result(f"tokens {LOGIN}")
    cookies = around.page.context.cookies()
    around.page.context.clear_cookies()
    kept = [cookie for cookie in cookies if cookie["name"] == "DT"]
    around.page.context.add_cookies(kept)  # type: ignore[arg-type] -- as they came
    form = SignInForm(around.open(**features))
    form.fill(LOGIN, PASSWORD)
    style = around.page.locator(f".auth-beacon-security[style*='{around.org.url}/img/security/']")
    style.wait_for()


@tries("Languages", "around")
def test_the_orgs_page_speaks_the_browsers_language_and_orgs_live_side_by_side(
    around: Around, browser: Browser
) -> None:
    around.seed()
    asked = []
    context = browser.new_context(locale="fr-FR")
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    form = HostedSignInPage.open(page, around.org.url).form(HomePage)
    assert form.title() in ("Se connecter", "Connexion")  # 3.2.2, 7.49.0
    assert any("login_fr.json" in url for url in asked)
    assert all(url.startswith(around.org.url) for url in asked if url.startswith("http"))
    form.sign_in(LOGIN, PASSWORD)
    config = replace(CLASSIC, cookie_suffix="_b", widget_version=around.version)
    with org_in_a_thread(config) as other:
        HostedSignInPage.open(page, other.url).sign_in(LOGIN, PASSWORD)
        assert LOGIN in page.content()
        HomePage.open(page, around.org.url)
        HomePage.open(page, other.url).sign_out()
        HomePage.open(page, around.org.url)
    context.close()
