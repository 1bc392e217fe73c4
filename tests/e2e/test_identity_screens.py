"""The Identity Engine's less usual screens, each left by success, refusal and going back."""

from datetime import timedelta
from typing import Any

import pytest

from mock_okta_harness.pages import HomePage
from mock_okta_harness.pages.identity import (
    ChallengePassword,
    Consent,
    EmailChallenge,
    EmailConsent,
    EmailEnrollment,
    GranularConsent,
    Identify,
    KeepSignedIn,
    OktaVerifyEnrollment,
    PasswordEnrollment,
    ProfileUpdate,
    PushChallenge,
    RequestActivation,
    ResetPassword,
    SelectAuthenticator,
    SelectEnrollment,
    Terminal,
    UserCode,
)
from tests.e2e.identity import (
    EMAIL_FACTOR,
    LOGIN,
    NAMES,
    NEW_PASSWORD,
    NEW_PHONE,
    PASSWORD,
    PHONE,
    Walk,
)

pytestmark = pytest.mark.browser

NAME_FIRST = {"rules": [{"require_factor": True, "primary_factor": "PASSWORD_IDP_ANY_FACTOR"}]}
OKTA_VERIFY = ({"factor": "okta_push"}, {"factor": "okta_otp"})
TV = "0oa1tel00000000000h7"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


def _settings(key: str, **settings: Any) -> dict[str, Any]:
    return {"authenticators": [{"key": key, "settings": settings}]}


def test_the_name_comes_first_then_the_password_and_a_code_without_a_link(walk: Walk) -> None:
    passcodes = _settings("okta_email", uses_magic_link=False)
    walk.seed(EMAIL_FACTOR, *OKTA_VERIFY, sign_on_policies=[NAME_FIRST], **passcodes)
    identify = walk.open()
    assert not identify.asks_password()
    choosing = identify.fill(LOGIN).submit_to(SelectAuthenticator)
    password = choosing.choose(ChallengePassword)
    assert password.fill("wrong").be_refused().error()
    password = password.verify_with_something_else().choose(ChallengePassword)
    choosing = password.fill(PASSWORD).submit_to(SelectAuthenticator)
    email = choosing.choose(EmailChallenge).send()
    assert "Invalid code" in email.fill("000000").be_refused().field_error()
    push = email.verify_with_something_else().choose(PushChallenge)
    email = push.verify_with_something_else().choose(EmailChallenge)
    walk.control.clock.advance(timedelta(seconds=30))
    assert "Test" in email.send().verify(walk.passcode()).user()
    choosing = walk.open().fill(LOGIN).submit_to(SelectAuthenticator)
    choosing = choosing.choose(ChallengePassword).fill(PASSWORD).submit_to(SelectAuthenticator)
    push = choosing.choose(PushChallenge)
    walk.control.approve_push(LOGIN)
    assert "Test" in push.wait_for_approval().user()


def test_the_only_method_of_okta_verify_is_chosen(walk: Walk) -> None:
    walk.seed(EMAIL_FACTOR, {"factor": "okta_push"})
    push = walk.open().sign_in_to(LOGIN, PASSWORD, SelectAuthenticator).choose(PushChallenge)
    if walk.generation == 2:  # it has a push sent by another button, the third at once
        push.send()
    walk.control.approve_push(LOGIN)
    assert "Test" in push.wait_for_approval().user()


def test_a_sign_up_by_profile_alone_sets_a_password_next(walk: Walk) -> None:
    walk.seed(registration={"asks_password": False, "activation_email": True})
    form = walk.open().sign_up()
    assert "already exists" in form.fill(**NAMES, email=LOGIN).be_refused().field_error()
    form = form.back().sign_up()
    form.fill(firstName="New", lastName="User", email="new@example.com")
    choosing = form.submit_to(SelectEnrollment)
    assert choosing.offered() == ["Password", "Email"]
    password = choosing.choose(PasswordEnrollment)
    assert password.fill("short").be_refused().field_error()
    password = password.return_to_list().choose(PasswordEnrollment)
    choosing = password.fill(NEW_PASSWORD).submit_to(SelectEnrollment)
    email = choosing.choose(EmailEnrollment).enter_code_instead()
    email.fill(walk.passcode())
    assert "New" in email.submit().user()


def test_a_locked_account_says_so(walk: Walk) -> None:
    lockout = {"max_attempts": 2, "show_lockout_failures": True}
    walk.seed(password_policies=[{"lockout": lockout}])
    identify = walk.open()
    assert identify.fill(LOGIN, "wrong").be_refused().error() == "Unable to sign in"
    assert "account is locked" in identify.fill(LOGIN, "wrong").be_refused().error()
    assert "account is locked" in identify.fill(LOGIN, PASSWORD).be_refused().error()
    email = identify.unlock_account().choose(LOGIN, EmailChallenge).enter_code_instead()
    assert "can log in" in email.fill(walk.passcode()).submit_to(Terminal).text()
    assert "Test" in walk.open().sign_in(LOGIN, PASSWORD).user()


def test_an_account_is_unlocked_by_its_name_first(walk: Walk) -> None:
    recovery = {"unlock_asks_name_first": True}
    phone = {"factor": "okta_sms", "phone_number": PHONE}
    user = {"status": "LOCKED_OUT", "factors": [phone]}
    walk.seed(user=user, password_policies=[{"recovery": recovery}])
    unlocking = walk.open().unlock_by_name()
    assert unlocking.be_refused().field_error()
    choosing = unlocking.cancel().unlock_by_name().go_on(LOGIN)
    assert choosing.offered() == ["Email", "Phone"]
    email = choosing.choose(EmailChallenge).enter_code_instead()
    assert "can log in" in email.fill(walk.passcode()).submit_to(Terminal).text()


def test_scopes_are_consented_to_one_by_one(walk: Walk) -> None:
    walk.seed()
    walk.seed_app(consent_method="REQUIRED", granular_consent=True)
    consent = walk.redirecting_app().sign_in_to(LOGIN, PASSWORD, GranularConsent)
    assert consent.text().count("See what is private") == 1
    assert consent.deny().answer["error"] == "access_denied"
    consent = walk.redirecting_app().sign_in_to(LOGIN, PASSWORD, GranularConsent)
    assert consent.leave_out("private").allow().answer["code"]
    # What was declined is asked for again.
    assert (
        walk.redirecting_app().sign_in_to(LOGIN, PASSWORD, GranularConsent).allow().answer["code"]
    )
    assert walk.redirecting_app().sign_in(LOGIN, PASSWORD).answer["code"]


def test_staying_signed_in_is_asked_at_the_end(walk: Walk) -> None:
    rule = {"keep_me_signed_in": {"post_auth": "ALLOWED"}}
    walk.seed(authentication_policies=[{"name": "App", "rules": [rule]}])
    walk.seed_app(authentication_policy="App")
    staying = walk.redirecting_app().sign_in_to(LOGIN, PASSWORD, KeepSignedIn)
    assert staying.do_not_stay().answer["code"]
    assert _session_lasts(walk) is False
    staying = walk.redirecting_app().sign_in_to(LOGIN, PASSWORD, KeepSignedIn)
    assert staying.stay().answer["code"]
    assert _session_lasts(walk) is True


def _session_lasts(walk: Walk) -> bool:
    cookies = walk.page.context.cookies(walk.org.url)
    (session,) = [each for each in cookies if each["name"] == "idx"]
    return session["expires"] > 0


def test_a_profile_that_lacks_something_is_completed(walk: Walk) -> None:
    second = {"name": "secondEmail", "label": "Secondary email"}
    required = {"name": "department", "label": "Department", "required": True}
    walk.seed(profile_enrollment={"profile_attributes": [second]})
    update = walk.open().sign_in_to(LOGIN, PASSWORD, ProfileUpdate)
    assert "Test" in update.skip().user()
    walk.control.seed({"profile_enrollment": {"profile_attributes": [second, required]}})
    update = walk.open().sign_in_to(LOGIN, PASSWORD, ProfileUpdate)
    update = update.cancel().sign_in_to(LOGIN, PASSWORD, ProfileUpdate)
    assert update.be_refused().field_error()
    assert (
        "Test" in update.fill(secondEmail="second@example.com", department="Sales").submit().user()
    )
    assert "Test" in walk.open().sign_in(LOGIN, PASSWORD).user()


def test_a_device_is_activated(walk: Walk) -> None:
    tv = {"name": "TV", "type": "native", "client_id": TV, "grant_types": [DEVICE_GRANT]}
    walk.seed(clients=[tv])
    asking = walk.open_at(f"{walk.org.url}/activate", UserCode)
    assert "Invalid code" in asking.fill("ABCDEFGH").be_refused().error()
    device = _device(walk)
    consent = asking.fill(device).submit_to(Identify).sign_in_to(LOGIN, PASSWORD, Consent)
    told = consent.allow_to(Terminal)
    assert "Follow the instructions on your device" in told.text()
    asking = walk.open_at(f"{walk.org.url}/activate", UserCode)
    consent = asking.fill(_device(walk)).submit_to(Identify).sign_in_to(LOGIN, PASSWORD, Consent)
    assert "did not allow access" in consent.deny_to(Terminal).text()


def _device(walk: Walk) -> str:
    """Have a device ask for its codes; the one that the user enters."""
    address = f"{walk.org.issuer()}/v1/device/authorize"
    answer = walk.page.request.post(address, form={"client_id": TV, "scope": "openid"})
    return str(answer.json()["user_code"])


def test_an_identity_provider_signs_a_user_in(walk: Walk) -> None:
    providers = [{"name": "Acme", "type": "OIDC"}, {"name": "Social", "type": "GOOGLE"}]
    walk.seed(identity_providers=providers)
    identify = walk.open()
    acme = identify.go_to_provider("Acme")
    assert acme.provider() == "Acme"
    walk.page.go_back()
    social = Identify(identify.widget).go_to_provider("Google")
    assert "Test" in HomePage(social.be(LOGIN)).user()


def test_an_activation_link_that_has_expired_is_replaced(walk: Walk) -> None:
    walk.seed(user={"status": "STAGED", "password": ""})
    now = walk.control.clock.now()
    walk.control.change_user(LOGIN, "activate")
    expired = walk.link()
    walk.control.clock.advance(timedelta(days=8))
    asking = walk.open_at(expired, RequestActivation)
    assert "no longer valid" in asking.error()
    told = asking.request()
    assert "link" in told.text()
    reset = walk.open_at(walk.link(), ResetPassword)
    assert "Test" in reset.set(NEW_PASSWORD).user()
    walk.control.clock.set(now)


def test_a_link_asks_in_another_browser_whether_it_was_the_user(walk: Walk) -> None:
    walk.seed(EMAIL_FACTOR, **_settings("okta_email", link_asks_consent=True))
    email = walk.open().sign_in_to(LOGIN, PASSWORD, EmailChallenge).send()
    asked = walk.elsewhere(walk.link(), EmailConsent, same_browser=False)
    told = asked.deny()
    assert "Access denied" in told.text()
    told.page.context.close()
    ended = Terminal(email.widget)
    assert "cancelled" in ended.text()
    email = ended.cancel().sign_in_to(LOGIN, PASSWORD, EmailChallenge).send()
    asked = walk.elsewhere(walk.link(), EmailConsent, same_browser=False)
    asked.page.reload()
    told = EmailConsent(asked.widget).allow()
    assert "Test" in email.wait_for_link().user()
    told.page.context.close()


def test_okta_verify_is_set_up_by_a_link(walk: Walk) -> None:
    walk.seed(enrollment_policies=[{"required": ("okta_push",)}])
    choosing = walk.open().sign_in_to(LOGIN, PASSWORD, SelectEnrollment)
    channels = choosing.choose(OktaVerifyEnrollment).cannot_scan()
    address = channels.by_sms()
    assert address.fill(phone_number="1").be_refused().error()
    sent = address.fill(phone_number=NEW_PHONE).send()
    address = sent.return_to_list().choose(OktaVerifyEnrollment).cannot_scan().by_email()
    sent = address.fill(email=LOGIN).send()
    walk.control.approve_push(LOGIN)
    assert "Test" in sent.wait_for_scan().user()
