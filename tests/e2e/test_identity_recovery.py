"""How users help themselves on the Identity Engine, in both generations of the widget."""

import pytest

from mock_okta_harness.pages.identity import (
    EmailChallenge,
    EmailEnrollment,
    ExpiredPassword,
    ExpiringPassword,
    QuestionChallenge,
    ResetPassword,
    SelectAuthenticator,
    Terminal,
)
from tests.e2e.identity import LOGIN, NAMES, NEW_PASSWORD, PASSWORD, Walk

pytestmark = pytest.mark.browser


def test_a_forgotten_password_is_set_anew_by_e_mail(walk: Walk) -> None:
    question = {"recovery_question": {"question": "Which plush toy?", "answer": "Otter"}}
    recovery = {"factors": ("EMAIL",), "asks_question": True}
    walk.seed(user=question, password_policies=[{"recovery": recovery}])
    recovering = walk.open().forgot_password()
    assert recovering.be_refused().field_error()
    identify = recovering.cancel()
    email = identify.forgot_password().fill(LOGIN).submit_to(EmailChallenge).send()
    email.enter_code_instead().fill(walk.passcode())
    asked = email.submit_to(QuestionChallenge)
    assert asked.fill("Beaver").be_refused().error()
    reset = asked.fill("Otter").submit_to(ResetPassword)
    assert reset.fill("short").be_refused().error()
    assert "Test" in reset.set(NEW_PASSWORD).user()


def test_a_locked_account_is_unlocked(walk: Walk) -> None:
    walk.seed(user={"status": "LOCKED_OUT"})
    unlocking = walk.open().unlock_account()
    email = unlocking.choose(LOGIN, EmailChallenge)
    email.enter_code_instead().fill(walk.passcode())
    unlocked = email.submit_to(Terminal)
    assert "You can log in" in unlocked.text()
    assert "Test" in walk.open().sign_in(LOGIN, PASSWORD).user()


def test_an_expired_password_has_to_be_changed_and_an_expiring_one_may_be(walk: Walk) -> None:
    age = {"max_age_days": 90, "expire_warn_days": 10}
    walk.seed(user={"password_age_days": 95}, password_policies=[{"age": age}])
    expired = walk.open().sign_in_to(LOGIN, PASSWORD, ExpiredPassword)
    expired = expired.cancel().sign_in_to(LOGIN, PASSWORD, ExpiredPassword)
    assert expired.fill(NEW_PASSWORD, "another").be_refused().field_error()
    assert "Test" in expired.set(NEW_PASSWORD).user()
    login = "other@example.com"
    walk.seed(login=login, user={"password_age_days": 85})
    expiring = walk.open().sign_in_to(login, PASSWORD, ExpiringPassword)
    assert "Test" in expiring.remind_me_later().user()


def test_somebody_registers(walk: Walk) -> None:
    walk.seed(registration={"activation_email": True})
    form = walk.open().sign_up()
    taken = form.fill(NEW_PASSWORD, **NAMES, email=LOGIN).be_refused()
    assert "already exists" in taken.field_error()
    form = taken.back().sign_up()
    form.fill(NEW_PASSWORD, firstName="New", lastName="User", email="new@example.com")
    email = form.submit_to(EmailEnrollment)
    email = email.enter_code_instead()
    email.fill(walk.passcode())
    assert "New" in email.submit().user()


def test_a_user_who_has_several_ways_chooses_how_to_recover(walk: Walk) -> None:
    phone = {"factor": "okta_sms", "phone_number": "+14155551234"}
    walk.seed(user={"factors": [phone]})
    choosing = walk.open().forgot_password().fill(LOGIN).submit_to(SelectAuthenticator)
    assert choosing.offered() == ["Email", "Phone"]
