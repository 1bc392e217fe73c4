"""The Identity Engine's first screen in both generations of the widget, and what follows."""

from datetime import timedelta

import pytest

from mock_okta_harness.pages.identity import SelectAuthenticator, Terminal
from tests.e2e.identity import EMAIL_FACTOR, LOGIN, PASSWORD, PHONE, Walk

pytestmark = pytest.mark.browser


def test_a_user_signs_in_after_wrong_passwords(walk: Walk) -> None:
    walk.seed()
    identify = walk.open()
    assert identify.asks_password()
    for _ in range(2):
        assert identify.fill(LOGIN, "wrong").be_refused().error() == "Unable to sign in"
    assert "Test" in identify.keep_me_signed_in().sign_in(LOGIN, PASSWORD).user()


def test_a_sign_in_is_given_up_and_expires(walk: Walk) -> None:
    walk.seed(EMAIL_FACTOR, {"factor": "okta_sms", "phone_number": PHONE})
    choosing = walk.open().sign_in_to(LOGIN, PASSWORD, SelectAuthenticator)
    assert choosing.user() == LOGIN
    identify = choosing.cancel()
    now = walk.control.clock.now()
    walk.control.clock.advance(timedelta(hours=2))
    expired = identify.fill(LOGIN, PASSWORD).submit_to(Terminal)
    assert "logged out due to inactivity" in expired.error()
    walk.control.clock.set(now)
