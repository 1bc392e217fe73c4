"""The screens before, beside and after the password: the form itself, discovery, resuming."""

from urllib.parse import urlencode

import pyotp
import pytest
from playwright.sync_api import Page

from mock_okta_harness import faults
from mock_okta_harness.pages import (
    DemoPage,
    IdpDiscovery,
    PasswordExpired,
    RefreshAuthState,
    ShownWidget,
    SignInForm,
    VerifyGoogleAuthenticator,
)
from mock_okta_harness.pages.selectors.classic import widget_selectors
from mock_okta_harness.running import DEMO_CLIENT_ID, DemoApp, RunningOrg
from tests.e2e.releases import tries
from tests.e2e.screens import LOGIN, NAMES, PASSWORD, SECRET, Stage, amr_of
from tests.e2e.shown import shows

pytestmark = pytest.mark.browser


def seed(stage: Stage, **user: object) -> None:
    user = {"login": LOGIN, "password": PASSWORD, "profile": NAMES, **user}
    stage.control.seed({"users": [user]})


@tries("Sign-in that is resumed by a state token")
@shows("primary-auth", "refresh-auth-state")
def test_a_sign_in_that_began_elsewhere_is_resumed(stage: Stage) -> None:
    seed(stage, status="PASSWORD_EXPIRED")
    form = stage.open(features="registration,selfServiceUnlock")
    assert form.help_address() == f"{stage.control.url}/help/login"
    form.fill(LOGIN, PASSWORD).remember_me().need_help()
    stage.looks_right("primary-auth")
    form.sign_in_to(LOGIN, PASSWORD, PasswordExpired)
    state_token = stage.cookie("oktaStateToken")
    stage.control.plan_fault(faults.delay(1).on("/api/v1/authn*", "POST"))
    loading = RefreshAuthState(stage.open_page(stateToken=state_token).shown_widget())
    stage.looks_right("refresh-auth-state")
    loading.resumed(PasswordExpired).sign_out()
    form = SignInForm(stage.open_page(stateToken=state_token).shown_widget())
    assert "expired" in form.wait_for_error().error()


@tries("User name first (IdP discovery)")
@shows("idp-discovery")
def test_a_user_name_is_asked_for_first(stage: Stage) -> None:
    seed(stage)
    page = stage.open_page(features="idpDiscovery")
    discovery = IdpDiscovery(page.shown_widget())
    stage.looks_right("idp-discovery")
    assert discovery.be_refused().error()
    form = discovery.go_on(LOGIN)
    if stage.is_7:
        form = form.back_to_discovery().go_on(LOGIN)
    form.fill_password("wrong-Password-1").submit_and_be_refused()
    assert form.fill_password(PASSWORD).submit().state() == "signed-in"


def test_a_session_without_a_factor_steps_up_on_the_orgs_own_page(
    page: Page, okta_org: RunningOrg, okta_demo_app: DemoApp
) -> None:
    factor = {"factor": "google_otp", "secret": SECRET}
    user = {"login": LOGIN, "password": PASSWORD, "profile": NAMES, "factors": [factor]}
    okta_org.control.seed({"users": [user]})
    demo = DemoPage.open(page, okta_demo_app.url).sign_in_form().sign_in(LOGIN, PASSWORD)
    assert amr_of(demo) == {"pwd"}
    asked = {
        "client_id": DEMO_CLIENT_ID,
        "redirect_uri": f"{okta_demo_app.url}/",
        "response_type": "token",
        "scope": "openid",
        "nonce": "n",
        "state": "s",
        "acr_values": "urn:okta:loa:2fa:any",
    }
    page.goto(f"{okta_org.issuer()}/v1/authorize?{urlencode(asked)}")
    step_up = VerifyGoogleAuthenticator(ShownWidget(page, DemoPage, widget_selectors("3.2.2")))
    assert step_up.fill("000000").be_refused().error()
    step_up.verify(pyotp.TOTP(SECRET).at(okta_org.control.clock.now()))
    (session,) = okta_org.control.sessions()
    assert set(session.amr) == {"mfa", "otp", "pwd"}
