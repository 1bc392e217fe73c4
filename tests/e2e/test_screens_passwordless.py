"""The screens of a sign-in that begins with only the user name; the password is then a factor."""

import pytest
from playwright.sync_api import Page

from mock_okta_harness.pages import (
    HomePage,
    HostedSignInPage,
    IdpDiscovery,
    PasswordExpired,
    VerifyGoogleAuthenticator,
    VerifyPassword,
    VerifySms,
)
from mock_okta_harness.running import RunningOrg
from tests.e2e.releases import tries
from tests.e2e.screens import LOGIN, NAMES, PASSWORD, PHONE, SECRET, Stage, amr_of
from tests.e2e.shown import shows

pytestmark = pytest.mark.browser

PASSWORDLESS = "passwordlessAuth"
CODE = {"factor": "google_otp", "secret": SECRET}
SMS = {"factor": "okta_sms", "phone_number": PHONE}


def document(
    *factors: dict[str, str], asks_factor: bool = False, **user: str
) -> dict[str, list[object]]:
    """Have a user who may sign in by a factor in the password's place."""
    person = {"login": LOGIN, "password": PASSWORD, "profile": NAMES, "factors": factors, **user}
    rule = {"primary_factor": "PASSWORD_IDP_ANY_FACTOR", "require_factor": asks_factor}
    return {"users": [person], "sign_on_policies": [{"rules": [rule]}]}


def seed(stage: Stage, *factors: dict[str, str], asks_factor: bool = False, **user: str) -> None:
    stage.control.seed(document(*factors, asks_factor=asks_factor, **user))


@tries("Sign-in without a password")
@shows("primary-auth-passwordless", "mfa-verify-password", "mfa-verify-password-refused")
def test_the_password_is_asked_for_after_the_user_name(stage: Stage) -> None:
    seed(stage)
    form = stage.open(features=PASSWORDLESS)
    stage.looks_right("primary-auth-passwordless")
    password = form.go_on_to("nobody@example.com", VerifyPassword)
    assert password.fill(PASSWORD).be_refused().error()
    password = stage.open(features=PASSWORDLESS).go_on_to(LOGIN, VerifyPassword)
    stage.looks_right("mfa-verify-password")
    assert "incorrect" in password.fill("wrong-Password-1").be_refused().error()
    stage.looks_right("mfa-verify-password-refused")
    assert amr_of(password.verify(PASSWORD)) == {"pwd"}


@tries("Going back from a sign-in without a password")
def test_another_user_name_may_be_given_after_all(stage: Stage) -> None:
    seed(stage)
    form = stage.open(features=PASSWORDLESS).go_on_to("nobody@example.com", VerifyPassword)
    password = form.sign_out().go_on_to(LOGIN, VerifyPassword)
    assert amr_of(password.verify(PASSWORD)) == {"pwd"}


@tries("Sign-in without a password")
def test_a_factor_will_do_in_the_passwords_place(stage: Stage) -> None:
    seed(stage, SMS, CODE)
    sms = stage.open(features=PASSWORDLESS).go_on_to(LOGIN, VerifySms).send()
    code = sms.choose(VerifyGoogleAuthenticator)
    assert amr_of(code.verify(stage.code_of_an_app())) == {"otp"}
    code = stage.open(features=PASSWORDLESS).go_on_to(LOGIN, VerifyGoogleAuthenticator)
    password = code.choose(VerifyPassword)
    assert amr_of(password.verify(PASSWORD)) == {"pwd"}


@tries("Sign-in without a password")
def test_after_a_factor_the_password_is_the_second(stage: Stage) -> None:
    seed(stage, SMS, asks_factor=True)
    sms = stage.open(features=PASSWORDLESS).go_on_to(LOGIN, VerifySms).send()
    password = sms.fill(stage.passcode("sms")).submit_to(VerifyPassword)
    assert password.fill("wrong-Password-1").be_refused().error()
    assert amr_of(password.verify(PASSWORD)) == {"mfa", "pwd", "sms"}


@tries("Expired passwords")
def test_an_expired_password_is_changed_after_it_was_the_factor(stage: Stage) -> None:
    seed(stage, status="PASSWORD_EXPIRED")
    password = stage.open(features=PASSWORDLESS).go_on_to(LOGIN, VerifyPassword)
    password.fill(PASSWORD).submit_to(PasswordExpired)


@tries("User name first (IdP discovery)")
def test_after_discovery_no_second_user_name_is_asked_for(stage: Stage) -> None:
    seed(stage, CODE)
    page = stage.open_page(features=f"idpDiscovery,{PASSWORDLESS}")
    discovery = IdpDiscovery(page.shown_widget())
    code = discovery.fill(LOGIN).submit_to(VerifyGoogleAuthenticator)
    assert amr_of(code.verify(stage.code_of_an_app())) == {"otp"}


@tries("Sign-in without a password", "hosted_org")
def test_the_orgs_own_page_asks_for_the_user_name_first(page: Page, hosted_org: RunningOrg) -> None:
    hosted_org.control.seed(document(SMS))
    form = HostedSignInPage.open(page, hosted_org.url).form(leads_to=HomePage)
    sms = form.go_on_to(LOGIN, VerifySms).send()
    passcode = hosted_org.control.wait_for_message().passcode
    assert sms.verify(passcode).user().startswith("Test")
    (session,) = hosted_org.control.sessions()
    assert session.amr == ("sms",)
