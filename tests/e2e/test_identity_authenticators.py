"""The Identity Engine's authenticators, proved in both generations of the widget."""

import pytest

from mock_okta_harness.pages.identity import (
    EmailChallenge,
    GoogleChallenge,
    OktaVerifyChallenge,
    PhoneChallenge,
    PushChallenge,
    SelectAuthenticator,
    Terminal,
)
from tests.e2e.identity import EMAIL_FACTOR, LOGIN, PASSWORD, PHONE, SECRET, Walk

pytestmark = pytest.mark.browser

PHONES = tuple({"factor": each, "phone_number": PHONE} for each in ("okta_sms", "okta_call"))
CODES = tuple({"factor": each, "secret": SECRET} for each in ("google_otp", "okta_otp"))
PUSH = {"factor": "okta_push", "number_challenge": True}


def test_codes_of_apps_and_phones_and_something_else(walk: Walk) -> None:
    walk.seed(EMAIL_FACTOR, *PHONES, *CODES, PUSH)
    choosing = walk.open().sign_in_to(LOGIN, PASSWORD, SelectAuthenticator)
    walk.picture("select-authenticator")
    assert len(choosing.offered()) == 5
    google = choosing.choose(GoogleChallenge)
    for _ in range(2):
        assert "match our records" in google.fill("000000").be_refused().field_error()
    walk.picture("google-refused")
    phone = google.verify_with_something_else().choose(PhoneChallenge)
    walk.picture("phone")
    phone.send()
    walk.picture("phone-code")
    phone = phone.verify_with_something_else().choose(PhoneChallenge).call()
    walk.picture("phone-call-code")
    app = phone.verify_with_something_else().choose(OktaVerifyChallenge)
    walk.picture("okta-verify-code")
    assert "Test" in app.verify(walk.code_of_an_app()).user()
    choosing = walk.open().sign_in_to(LOGIN, PASSWORD, SelectAuthenticator)
    phone = choosing.choose(PhoneChallenge).send()
    assert "Test" in phone.verify(walk.passcode("sms")).user()


def test_a_push_is_chosen_where_it_is_the_only_method_of_okta_verify(walk: Walk) -> None:
    walk.seed(EMAIL_FACTOR, PUSH)
    choosing = walk.open().sign_in_to(LOGIN, PASSWORD, SelectAuthenticator)
    push = choosing.choose(PushChallenge)
    if push.selectors.generation == 2:  # the third generation sends the push with the choice
        push = push.send()
    walk.control.approve_push(LOGIN, number=int(push.number()))
    assert "Test" in push.wait_for_approval().user()


def test_an_e_mail_s_link_and_passcode(walk: Walk) -> None:
    walk.seed(EMAIL_FACTOR)
    email = walk.open().sign_in_to(LOGIN, PASSWORD, EmailChallenge)
    walk.picture("email")
    email = email.send()
    walk.picture("email-sent")
    elsewhere = walk.elsewhere(walk.link(), Terminal, same_browser=False)
    walk.picture("email-other-browser", elsewhere.page)
    passcode = walk.passcode()
    assert elsewhere.passcode() == passcode
    elsewhere.page.context.close()
    email = email.enter_code_instead()
    assert "Invalid code" in email.fill("000000").be_refused().field_error()
    walk.picture("email-code-refused")
    assert "Test" in email.verify(passcode).user()
    email = walk.open().sign_in_to(LOGIN, PASSWORD, EmailChallenge).send()
    told = walk.elsewhere(walk.link(), Terminal, same_browser=True)
    walk.picture("email-same-browser", told.page)
    assert "Test" in email.wait_for_link().user()


def test_a_push_is_rejected_and_its_number_is_picked(walk: Walk) -> None:
    walk.seed(PUSH)
    push = walk.open().sign_in_to(LOGIN, PASSWORD, PushChallenge)
    walk.picture("push")
    push = push.send()
    first = push.number()
    walk.picture("push-number")
    walk.control.reject_push(LOGIN)
    assert "reject" in push.wait_for_error().error()
    walk.picture("push-rejected")
    number = push.send().number()
    assert number
    assert first
    walk.control.approve_push(LOGIN, number=int(number))
    assert "Test" in push.wait_for_approval().user()
