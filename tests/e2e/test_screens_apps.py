"""The screens for what the user knows or an app shows: questions and one-time codes."""

import pytest

from mock_okta_harness.pages import (
    EnrollChoices,
    EnrollQuestion,
    EnrollTotp,
    VerifyGoogleAuthenticator,
    VerifyOktaVerify,
    VerifyQuestion,
)
from tests.e2e.releases import tries
from tests.e2e.screens import LOGIN, PASSWORD, SECRET, Stage, amr_of
from tests.e2e.shown import shows

pytestmark = pytest.mark.browser

QUESTION = {"factor": "okta_question", "question": "disliked_food", "answer": "beetroot"}
GOOGLE = {"factor": "google_otp", "secret": SECRET}
OKTA = {"factor": "okta_otp", "secret": SECRET}


@tries("Codes of apps and security questions")
@shows("mfa-verify-google-otp", "mfa-verify-question")
def test_codes_and_answers_are_asked_for(stage: Stage) -> None:
    stage.seed_user(GOOGLE, QUESTION)
    google = stage.open().sign_in_to(LOGIN, PASSWORD, VerifyGoogleAuthenticator)
    stage.looks_right("mfa-verify-google-otp")
    assert google.fill("000000").be_refused().error()
    question = google.choose(VerifyQuestion)
    stage.looks_right("mfa-verify-question")
    assert "disliked" in question.text() or "least liked" in question.text()
    assert question.fill("carrots").be_refused().error()
    google = question.choose(VerifyGoogleAuthenticator)
    google = google.sign_out().sign_in_to(LOGIN, PASSWORD, VerifyGoogleAuthenticator)
    demo = google.verify(stage.code_of_an_app())
    assert demo.state() == "signed-in"
    assert demo.get_messages().messages()
    assert amr_of(demo) == {"mfa", "otp", "pwd"}
    question = (
        stage.open().sign_in_to(LOGIN, PASSWORD, VerifyGoogleAuthenticator).choose(VerifyQuestion)
    )
    demo = question.verify("beetroot")
    assert amr_of(demo) == {"kba", "mfa", "pwd"}
    assert demo.get_messages().messages()


@tries("Remembered devices")
@shows("mfa-verify-okta-otp")
def test_a_remembered_device_is_not_asked_again(stage: Stage) -> None:
    stage.seed_user(OKTA)
    okta = stage.open().sign_in_to(LOGIN, PASSWORD, VerifyOktaVerify)
    stage.looks_right("mfa-verify-okta-otp")
    assert okta.fill("000000").be_refused().error()
    okta = okta.sign_out().sign_in_to(LOGIN, PASSWORD, VerifyOktaVerify)
    demo = okta.remember_device().verify(stage.code_of_an_app())
    form = demo.sign_out().sign_in_form()
    assert form.sign_in(LOGIN, PASSWORD).state() == "signed-in"
    stage.open().sign_in_to(LOGIN, PASSWORD, VerifyOktaVerify)


@tries("Codes of apps and security questions")
@shows(
    "enroll-choices",
    "enroll-question",
    "enroll-totp",
    "barcode-totp",
    "activate-totp",
    "enroll-manual-totp",
)
def test_a_question_and_an_app_are_set_up(stage: Stage) -> None:
    stage.seed_user(required=("okta_question",), optional=("google_otp",))
    form = stage.open(features="multiOptionalFactorEnroll")
    choices = form.sign_in_to(LOGIN, PASSWORD, EnrollChoices)
    assert choices.factors() == ["QUESTION"]
    question = choices.submit_to(EnrollQuestion)
    stage.looks_right("enroll-question")
    choices = question.back()
    question = choices.submit_to(EnrollQuestion)
    assert question.fill("disliked_food", "b").be_refused().error()
    choices = question.fill("disliked_food", "beetroot").submit_to(EnrollChoices)
    stage.looks_right("enroll-choices")
    device = choices.set_up("GOOGLE_AUTH", EnrollTotp).back().set_up("GOOGLE_AUTH", EnrollTotp)
    stage.looks_right("enroll-totp")
    barcode = device.on("APPLE")
    stage.looks_right("barcode-totp")
    assert "/qr" in barcode.qr_code()
    activation = barcode.scanned()
    stage.looks_right("activate-totp")
    assert activation.fill("000000").be_refused().error()
    device = activation.back().set_up("GOOGLE_AUTH", EnrollTotp)
    manual = device.on("ANDROID").set_up_manually()
    stage.looks_right("enroll-manual-totp")
    secret = manual.secret()
    activation = manual.scan_instead().set_up_manually().typed()
    demo = activation.fill(stage.code_of_an_app(secret)).submit()
    assert demo.state() == "signed-in"
    assert amr_of(demo) == {"kba", "mfa", "otp", "pwd"}
