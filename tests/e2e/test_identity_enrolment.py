"""The Identity Engine has users set authenticators up, in both generations of the widget."""

import pytest

from mock_okta_harness import faults
from mock_okta_harness.pages import HomePage, SecurityKey
from mock_okta_harness.pages.identity import (
    GoogleEnrollment,
    OktaVerifyEnrollment,
    PhoneEnrollment,
    QuestionEnrollment,
    SecurityKeyChallenge,
    SecurityKeyEnrollment,
    SelectEnrollment,
)
from tests.e2e.identity import LOGIN, NEW_PHONE, PASSWORD, Walk

pytestmark = pytest.mark.browser

OPTIONAL = ("okta_sms", "google_otp", "okta_push", "fido_webauthn")


def test_required_authenticators_are_set_up_and_others_may_be(walk: Walk) -> None:
    key = SecurityKey.plug_in(walk.page)
    walk.seed(enrollment_policies=[{"required": ("okta_question",), "optional": OPTIONAL}])
    choosing = walk.open().sign_in_to(LOGIN, PASSWORD, SelectEnrollment)
    question = choosing.choose(QuestionEnrollment)
    assert question.fill("ab").be_refused().error()
    choosing = question.fill("kohl rabi").submit_to(SelectEnrollment)
    phone = choosing.choose(PhoneEnrollment)
    assert phone.fail_to_send_to("1").error()
    phone = phone.send_to(NEW_PHONE)
    phone = phone.return_to_list().choose(PhoneEnrollment).send_to(NEW_PHONE)
    choosing = phone.fill(walk.passcode("sms")).submit_to(SelectEnrollment)
    google = choosing.choose(GoogleEnrollment)
    assert google.qr_code()
    secret = google.cannot_scan().secret()
    google = google.scanned()
    choosing = google.fill(walk.code_of_an_app(secret)).submit_to(SelectEnrollment)
    app = choosing.choose(OktaVerifyEnrollment)
    assert app.qr_code()
    walk.control.approve_push(LOGIN)
    choosing = app.wait_for_scan_to(SelectEnrollment)
    security_key = choosing.choose(SecurityKeyEnrollment)
    assert "Test" in security_key.submit().user()
    key.unplug()


def test_a_passkey_signs_in_where_the_browser_offers_it(walk: Walk) -> None:
    key = SecurityKey.plug_in(walk.page, built_in=True)
    key.touch(is_touched=False)
    known = {"key": "webauthn", "settings": {"enable_autofill_ui": True}}
    walk.seed(enrollment_policies=[{"required": ("fido_webauthn",)}], authenticators=[known])
    choosing = walk.open().sign_in_to(LOGIN, PASSWORD, SelectEnrollment)
    key.touch(is_touched=True)
    assert "Test" in choosing.choose(SecurityKeyEnrollment).submit().user()
    rule = {"primary_factor": "PASSWORD_IDP_ANY_FACTOR"}
    walk.control.seed({"sign_on_policies": [{"rules": [rule]}]})
    walk.forget()
    # The user picks the passkey, and touches it: neither a name nor a password is asked for.
    walk.page.goto(f"{walk.org.url}/login/login.htm")
    assert "Test" in HomePage(walk.page).user()
    key.unplug()


def test_a_security_key_is_asked_for_and_optional_ones_can_wait(walk: Walk) -> None:
    key = SecurityKey.plug_in(walk.page)
    walk.seed(enrollment_policies=[{"required": ("fido_webauthn",), "optional": ("okta_sms",)}])
    choosing = walk.open().sign_in_to(LOGIN, PASSWORD, SelectEnrollment)
    security_key = choosing.choose(SecurityKeyEnrollment)
    assert "Test" in security_key.submit_to(SelectEnrollment).later().user()
    walk.control.seed({"sign_on_policies": [{"rules": [{"require_factor": True}]}]})
    key.touch(is_touched=False)
    asked = walk.open().sign_in_to(LOGIN, PASSWORD, SecurityKeyChallenge)
    asked.cancel()
    key.touch(is_touched=True)
    # The key signs at once: the screen stays for as long as its answer is on its way.
    walk.control.plan_fault(faults.delay(3).on("/idp/idx/challenge/answer"))
    asked = walk.open().sign_in_to(LOGIN, PASSWORD, SecurityKeyChallenge)
    assert "Test" in asked.wait_for_key().user()
    key.unplug()
