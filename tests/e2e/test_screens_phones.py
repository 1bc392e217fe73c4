"""The screens for what is sent to the user: codes by SMS, call and e-mail, and pushes."""

import pytest

from mock_okta_harness.pages import (
    DemoPage,
    EnrollCall,
    EnrollChoices,
    EnrollEmail,
    EnrollSms,
    VerifyCall,
    VerifyEmail,
    VerifySms,
)
from tests.e2e.releases import tries
from tests.e2e.screens import LOGIN, PASSWORD, PHONE, Stage, amr_of
from tests.e2e.shown import shows

pytestmark = pytest.mark.browser

SMS = {"factor": "okta_sms", "phone_number": PHONE}
CALL = {"factor": "okta_call", "phone_number": PHONE}
EMAIL = {"factor": "okta_email"}


@tries("Codes that are sent")
@shows("mfa-verify-sms", "mfa-verify-call", "mfa-verify-email")
def test_codes_that_were_sent_are_asked_for(stage: Stage) -> None:
    stage.seed_user(SMS, CALL, EMAIL)
    sms = stage.open().sign_in_to(LOGIN, PASSWORD, VerifySms).send()
    stage.looks_right("mfa-verify-sms")
    assert sms.fill("000000").be_refused().error()
    call = sms.choose(VerifyCall).send()
    stage.looks_right("mfa-verify-call")
    assert call.fill("000000").be_refused().error()
    email = call.choose(VerifyEmail).send()
    stage.looks_right("mfa-verify-email")
    assert email.fill("000000").be_refused().error()
    sms = email.sign_out().sign_in_to(LOGIN, PASSWORD, VerifySms).send()
    demo = sms.verify(stage.passcode("sms"))
    assert amr_of(demo) == {"mfa", "pwd", "sms"}
    call = stage.open().sign_in_to(LOGIN, PASSWORD, VerifySms).choose(VerifyCall).send()
    assert amr_of(call.verify(stage.passcode("call"))) == {"mfa", "pwd", "tel"}
    email = stage.open().sign_in_to(LOGIN, PASSWORD, VerifyCall).choose(VerifyEmail).send()
    assert "mfa" in amr_of(email.verify(stage.passcode("email")))


@tries("Codes that are sent")
@shows("enroll-sms", "enroll-call", only_in_7=("enroll-email", "enroll-activate-email"))
def test_phones_and_an_address_are_set_up(stage: Stage) -> None:
    stage.seed_user(required=("okta_sms",), optional=("okta_call", "okta_email"))
    form = stage.open(features="multiOptionalFactorEnroll")
    sms = form.sign_in_to(LOGIN, PASSWORD, EnrollChoices).submit_to(EnrollSms)
    assert sms.fail_to_send("12").error()
    sms = sms.back().submit_to(EnrollSms).send("4155551234")
    stage.looks_right("enroll-sms")
    assert sms.fill("000000").be_refused().error()
    choices = sms.fill(stage.passcode("sms")).submit_to(EnrollChoices)
    call = choices.set_up("CALL", EnrollCall).send("4155551234")
    stage.looks_right("enroll-call")
    assert call.fill("000000").be_refused().error()
    choices = call.fill(stage.passcode("call")).submit_to(EnrollChoices)
    demo = set_up_email(stage, choices) if stage.is_7 else choices.submit()
    assert demo.state() == "signed-in"


def set_up_email(stage: Stage, choices: EnrollChoices[DemoPage]) -> DemoPage:
    email = choices.set_up("EMAIL", EnrollEmail).back().set_up("EMAIL", EnrollEmail)
    stage.looks_right("enroll-email")
    activation = email.send().back().set_up("EMAIL", EnrollEmail).send()
    stage.looks_right("enroll-activate-email")
    assert activation.fill("000000").be_refused().error()
    return activation.fill(stage.passcode("email")).submit()
