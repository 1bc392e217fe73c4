"""The screens of Okta Verify's push: asked for, and set up."""

from datetime import timedelta

import pytest

from mock_okta_harness.pages import EnrollChoices, EnrollTotp, VerifyPush
from tests.e2e.releases import tries
from tests.e2e.screens import LOGIN, PASSWORD, SECRET, Stage, amr_of
from tests.e2e.shown import shows

pytestmark = pytest.mark.browser

PUSH = {"factor": "okta_push"}
CODE = {"factor": "okta_otp", "secret": SECRET}
# How long the widget waits between two questions whether a push was answered.
BETWEEN_POLLS = "00:06"


@tries("Okta Verify push")
@shows("mfa-verify-push", "mfa-verify-push-rejected", "mfa-verify-push-timeout")
def test_a_push_is_rejected_times_out_and_is_approved(stage: Stage) -> None:
    stage.page.clock.install()
    stage.seed_user(PUSH, CODE)
    push = stage.open().sign_in_to(LOGIN, PASSWORD, VerifyPush)
    push = push.sign_out().sign_in_to(LOGIN, PASSWORD, VerifyPush).send()
    stage.looks_right("mfa-verify-push")
    stage.control.reject_push(LOGIN)
    stage.page.clock.fast_forward(BETWEEN_POLLS)
    assert "reject" in push.wait_for_error().error()
    stage.looks_right("mfa-verify-push-rejected")
    push.send()
    now = stage.control.clock.now()
    stage.control.clock.advance(timedelta(minutes=5, seconds=1))
    stage.page.clock.fast_forward(BETWEEN_POLLS)
    assert "expired" in push.wait_for_error().error()
    stage.looks_right("mfa-verify-push-timeout")
    stage.control.clock.set(now)
    push.send()
    stage.control.approve_push(LOGIN)
    stage.page.clock.fast_forward(BETWEEN_POLLS)
    demo = push.wait_for_approval()
    assert "mfa" in amr_of(demo)
    push = stage.open().sign_in_to(LOGIN, PASSWORD, VerifyPush).send()
    demo = push.enter_code_instead(stage.code_of_an_app())
    assert amr_of(demo) == {"mfa", "otp", "pwd"}


@tries("Okta Verify push with a number")
@shows("mfa-verify-push-number")
def test_a_push_asks_for_the_number_that_the_screen_shows(stage: Stage) -> None:
    stage.page.clock.install()
    stage.seed_user({**PUSH, "number_challenge": True})
    push = stage.open().sign_in_to(LOGIN, PASSWORD, VerifyPush).send()
    stage.page.clock.fast_forward(BETWEEN_POLLS)
    number = int(push.number())
    stage.looks_right("mfa-verify-push-number")
    stage.control.approve_push(LOGIN, number=number)
    stage.page.clock.fast_forward(BETWEEN_POLLS)
    assert push.wait_for_approval().state() == "signed-in"


@tries("Okta Verify push")
@shows("barcode-push", "enroll-manual-push", "enroll-activation-link-sent")
def test_okta_verify_is_set_up_by_qr_code_or_by_link(stage: Stage) -> None:
    stage.page.clock.install()
    stage.seed_user(required=("okta_push",))
    choices = stage.open().sign_in_to(LOGIN, PASSWORD, EnrollChoices)
    barcode = choices.submit_to(EnrollTotp).on_with_push("APPLE")
    assert "/qr" in barcode.qr_code()
    stage.looks_right("barcode-push")
    choices = barcode.back()
    barcode = choices.submit_to(EnrollTotp).on_with_push("ANDROID")
    now = stage.control.clock.now()
    stage.control.clock.advance(timedelta(minutes=5, seconds=1))
    stage.page.clock.fast_forward(BETWEEN_POLLS)
    barcode.wait_for_expiry()
    stage.control.clock.set(now)
    manual = barcode.refresh().set_up_manually()
    stage.looks_right("enroll-manual-push")
    manual = manual.scan_instead().set_up_manually()
    sent = manual.send_email().back().send_email()
    stage.looks_right("enroll-activation-link-sent")
    stage.control.approve_push(LOGIN)
    stage.page.clock.fast_forward(BETWEEN_POLLS)
    assert sent.wait_for_activation().state() == "signed-in"
    stage.open().sign_in_to(LOGIN, PASSWORD, VerifyPush)
