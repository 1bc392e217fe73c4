"""The Identity Engine's authenticators, proved in both generations of the widget."""

import pytest

from mock_okta_harness.pages import HomePage
from mock_okta_harness.pages.identity import (
    EmailChallenge,
    FastPassChallenge,
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
    assert len(choosing.offered()) == 5
    google = choosing.choose(GoogleChallenge)
    for _ in range(2):
        assert "match our records" in google.fill("000000").be_refused().field_error()
    phone = google.verify_with_something_else().choose(PhoneChallenge)
    phone.send()
    phone = phone.verify_with_something_else().choose(PhoneChallenge).call()
    app = phone.verify_with_something_else().choose(OktaVerifyChallenge)
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
    email = email.send()
    elsewhere = walk.elsewhere(walk.link(), Terminal, same_browser=False)
    passcode = walk.passcode()
    assert elsewhere.passcode() == passcode
    elsewhere.page.context.close()
    email = email.enter_code_instead()
    assert "Invalid code" in email.fill("000000").be_refused().field_error()
    assert "Test" in email.verify(passcode).user()
    email = walk.open().sign_in_to(LOGIN, PASSWORD, EmailChallenge).send()
    walk.elsewhere(walk.link(), Terminal, same_browser=True)
    assert "Test" in email.wait_for_link().user()


def test_a_push_is_rejected_and_its_number_is_picked(walk: Walk) -> None:
    walk.seed(PUSH)
    push = walk.open().sign_in_to(LOGIN, PASSWORD, PushChallenge)
    push = push.send()
    first = push.number()
    walk.control.reject_push(LOGIN)
    assert "reject" in push.wait_for_error().error()
    number = push.send().number()
    assert number
    assert first
    walk.control.approve_push(LOGIN, number=int(number))
    assert "Test" in push.wait_for_approval().user()


def test_a_push_is_sent_at_once_if_the_user_wants_that(walk: Walk) -> None:
    walk.seed({"factor": "okta_push"})
    push = walk.open().sign_in_to(LOGIN, PASSWORD, PushChallenge).send_automatically().send()
    walk.control.approve_push(LOGIN)
    assert "Test" in push.wait_for_approval().user()
    push = walk.open().sign_in_to(LOGIN, PASSWORD, PushChallenge)
    with walk.page.expect_request(
        lambda sent: (
            sent.url.endswith("/poll") and '"autoChallenge":false' in (sent.post_data or "")
        )
    ):
        push.send_automatically()
    walk.control.approve_push(LOGIN)
    assert "Test" in push.wait_for_approval().user()
    walk.open().sign_in_to(LOGIN, PASSWORD, PushChallenge).send()


def test_fast_pass_is_asked_by_a_port_and_by_a_link(walk: Walk) -> None:
    walk.seed({"factor": "signed_nonce"}, EMAIL_FACTOR)
    choosing = walk.open().sign_in_to(LOGIN, PASSWORD, SelectAuthenticator)
    with walk.page.expect_response(f"{walk.org.url}/challenge"):  # of the app, after its /probe
        asked = _asked(choosing)
    walk.control.reject_push(LOGIN)
    assert "reject" in asked.wait_for_error().error()
    asked.send()
    walk.control.approve_push(LOGIN)
    assert "Test" in asked.wait_for_approval().user()
    choosing = walk.open().sign_in_to(LOGIN, PASSWORD, SelectAuthenticator)
    walk.page.route("**/probe", lambda route: route.abort())
    asked = _asked(choosing)
    assert asked.link().startswith("com-okta-authenticator:/deviceChallenge?challengeRequest=psh")
    walk.page.unroute("**/probe")
    walk.control.approve_push(LOGIN)
    assert "Test" in asked.wait_for_approval().user()


def _asked(choosing: SelectAuthenticator[HomePage]) -> FastPassChallenge[HomePage]:
    """Choose FastPass; the third generation asks the app with the choice."""
    asked = choosing.choose(FastPassChallenge)
    return asked.send() if asked.selectors.generation == 2 else asked


def test_fast_pass_finds_out_who_signs_in(walk: Walk) -> None:
    known = {"key": "okta_verify", "settings": {"show_sign_in_with_ov": "ALWAYS"}}
    rule = {"primary_factor": "PASSWORD_IDP_ANY_FACTOR"}
    policies = [{"rules": [rule]}]
    walk.seed({"factor": "signed_nonce"}, authenticators=[known], sign_on_policies=policies)
    asked = walk.open().sign_in_with_fast_pass().give_up().sign_in_with_fast_pass()
    walk.control.reject_push(LOGIN)
    identify = asked.wait_for_refusal()
    assert "reject" in identify.error()
    asked = identify.sign_in_with_fast_pass()
    walk.control.approve_push(LOGIN)
    assert "Test" in asked.wait_for_approval().user()
