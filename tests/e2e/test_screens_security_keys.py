"""The screens of WebAuthn, with a key that is the browser's own."""

import pytest

from mock_okta_harness import faults
from mock_okta_harness.pages import EnrollChoices, EnrollWebAuthn, SecurityKey, VerifyWebAuthn
from tests.e2e.releases import tries
from tests.e2e.screens import LOGIN, PASSWORD, Stage, amr_of
from tests.e2e.shown import shows

pytestmark = pytest.mark.browser


@tries("Security keys (WebAuthn)")
@shows("enroll-webauthn", "verify-webauthn")
def test_a_security_key_is_set_up_and_asked_for(stage: Stage) -> None:
    stage.seed_user(required=("fido_webauthn",))
    key = SecurityKey.plug_in(stage.page)
    choices = stage.open(features="webauthn").sign_in_to(LOGIN, PASSWORD, EnrollChoices)
    enrol = choices.submit_to(EnrollWebAuthn)
    stage.looks_right("enroll-webauthn")
    enrol = enrol.back().submit_to(EnrollWebAuthn)
    stage.control.plan_fault(faults.status(403).on("/api/v1/authn/factors"))
    assert enrol.be_refused().error()
    demo = enrol.submit()
    assert demo.state() == "signed-in"
    key.touch(is_touched=False)
    form = stage.open(features="webauthn")
    asked = form.sign_in_to(LOGIN, PASSWORD, VerifyWebAuthn)
    stage.looks_right("verify-webauthn")
    asked.sign_out()
    # An older widget leaves the browser asking for the key: only a new page ends that.
    form = stage.open(features="webauthn")
    key.touch(is_touched=True)
    stage.control.plan_fault(faults.status(403).on("/api/v1/authn/factors/*/verify"))
    asked = form.sign_in_to(LOGIN, PASSWORD, VerifyWebAuthn)
    assert asked.wait_for_error().error()
    demo = asked.try_again()
    assert {"mfa", "hwk"} <= amr_of(demo)
    assert demo.get_messages().messages()
