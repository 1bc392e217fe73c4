"""The screens for a new password: expired, about to expire, forgotten; by all ways to get there."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from playwright.sync_api import Page

from mock_okta_harness.pages import (
    AccountUnlock,
    AccountUnlocked,
    DemoPage,
    HomePage,
    HostedSignInPage,
    PasswordExpired,
    PasswordReset,
    RecoveryLoading,
    RecoveryQuestion,
    ShownWidget,
)
from mock_okta_harness.running import RunningOrg
from tests.e2e.releases import tries
from tests.e2e.screens import LOGIN, NAMES, NEW_PASSWORD, PASSWORD, PHONE, Stage
from tests.e2e.shown import shows

pytestmark = pytest.mark.browser

Shown = TypeVar("Shown")

AGE = {"max_age_days": 90, "expire_warn_days": 5}
USER = {"password": PASSWORD, "profile": NAMES}
QUESTION = {"question": "What did I eat?", "answer": "beetroot"}


def seed(stage: Stage, *users: dict[str, object], **policy: object) -> None:
    stage.control.seed({"users": [{**USER, **user} for user in users]})
    stage.control.seed({"password_policies": [{"name": "Default policy", **policy}]})


@tries("Expired passwords")
@shows("password-expired")
def test_an_expired_password_is_changed(stage: Stage) -> None:
    seed(stage, {"login": LOGIN, "password_age_days": 91}, age=AGE)
    screen = stage.open().sign_in_to(LOGIN, PASSWORD, PasswordExpired)
    stage.looks_right("password-expired")
    assert not screen.can_be_skipped()
    assert screen.fill("wrong-Password-1", NEW_PASSWORD).be_refused().error()
    assert screen.fill(PASSWORD, "short").be_refused().error()
    assert screen.fill(PASSWORD, NEW_PASSWORD, "another-Password-1").be_refused().error()
    form = screen.sign_out()
    screen = form.sign_in_to(LOGIN, PASSWORD, PasswordExpired)
    assert screen.change(PASSWORD, NEW_PASSWORD).state() == "signed-in"
    assert stage.open().sign_in(LOGIN, NEW_PASSWORD).state() == "signed-in"


@tries("Expired passwords")
@shows("password-expired-warning")
def test_a_password_that_soon_expires_is_kept_or_changed(stage: Stage) -> None:
    seed(stage, {"login": LOGIN, "password_age_days": 87}, age=AGE)
    screen = stage.open().sign_in_to(LOGIN, PASSWORD, PasswordExpired)
    stage.looks_right("password-expired-warning")
    assert screen.can_be_skipped()
    assert "3 days" in screen.title()
    assert screen.skip().state() == "signed-in"
    form = stage.open().sign_in_to(LOGIN, PASSWORD, PasswordExpired).sign_out()
    screen = form.sign_in_to(LOGIN, PASSWORD, PasswordExpired)
    assert screen.fill("wrong-Password-1", NEW_PASSWORD).be_refused().error()
    assert screen.change(PASSWORD, NEW_PASSWORD).state() == "signed-in"


@tries("Forgotten passwords")
@shows("password-reset-email-sent", "recovery-question", "password-reset")
def test_a_forgotten_password_is_replaced_by_email(stage: Stage) -> None:
    user = {"login": LOGIN, "recovery_question": QUESTION}
    seed(stage, user, recovery={"asks_question": True})
    start = stage.open().forgot_password().back().forgot_password()
    assert start.be_refused().text()
    sent = start.fill(LOGIN).send_email()
    stage.looks_right("password-reset-email-sent")
    assert LOGIN in sent.text()
    sent.back()
    form = resumed_by_link(stage, RecoveryQuestion).sign_out()
    form.forgot_password().fill(LOGIN).send_email()
    question = resumed_by_link(stage, RecoveryQuestion)
    stage.looks_right("recovery-question")
    assert "What did I eat?" in question.text()
    assert question.fill("carrots").be_refused().error()
    screen = question.fill("Beetroot").submit_to(PasswordReset)
    stage.looks_right("password-reset")
    assert screen.fill("short").be_refused().error()
    assert screen.reset(NEW_PASSWORD).state() == "signed-in"
    assert stage.open().sign_in(LOGIN, NEW_PASSWORD).state() == "signed-in"


@tries("Links of e-mails", "hosted_org")
def test_the_link_of_an_email_leads_to_the_widget_on_the_orgs_own_page(
    page: Page, hosted_org: RunningOrg
) -> None:
    hosted_org.control.seed({"users": [{**USER, "login": LOGIN}]})
    form = HostedSignInPage.open(page, hosted_org.url).form(HomePage)
    form.forgot_password().fill(LOGIN).send_email()
    page.goto(hosted_org.control.wait_for_message().link)
    screen = HostedSignInPage.screen(page, PasswordReset, leads_to=HomePage)
    assert screen.reset(NEW_PASSWORD).user().startswith("Test")


@tries("Forgotten passwords")
@shows("forgot-password", "recovery-challenge", "recovery-loading")
def test_a_forgotten_password_is_replaced_by_a_code_to_the_phone(stage: Stage) -> None:
    seed(stage, {"login": LOGIN, "profile": {**NAMES, "mobilePhone": PHONE}})
    start = stage.open(features="smsRecovery,callRecovery").forgot_password()
    stage.looks_right("forgot-password")
    challenge = start.fill(LOGIN).send_sms()
    stage.looks_right("recovery-challenge")
    assert challenge.fill("000000").be_refused().error()
    start = challenge.sign_out().forgot_password()
    challenge = start.fill(LOGIN).call()
    screen = challenge.fill(stage.passcode("call")).submit_to(PasswordReset)
    start = screen.sign_out().forgot_password()
    challenge = start.fill(LOGIN).send_sms()
    challenge.send_email_instead().back()
    used = stage.link().rpartition("/")[2]
    resumed(stage, used, PasswordReset)
    loading = resumed(stage, used, RecoveryLoading).wait_for_error()
    stage.looks_right("recovery-loading")
    assert loading.error()


@tries("Locked-out accounts")
@shows(
    "primary-auth-refused",
    "primary-auth-locked-out",
    "account-unlock",
    "account-unlock-email-sent",
    "account-unlocked",
)
def test_a_locked_out_user_unlocks_the_account(stage: Stage) -> None:
    lockout = {"max_attempts": 2, "show_lockout_failures": True}
    seed(stage, {"login": LOGIN}, lockout=lockout)
    form = stage.open().be_refused(LOGIN, "wrong-Password-1")
    stage.looks_right("primary-auth-refused")
    form.be_refused(LOGIN, "wrong-Password-1")
    form = stage.open().be_refused(LOGIN, PASSWORD)
    assert "locked" in form.error()
    stage.looks_right("primary-auth-locked-out")
    form = stage.open(features="selfServiceUnlock")
    start = form.sign_in_to(LOGIN, PASSWORD, AccountUnlock)
    start = start.back().unlock_account()
    assert start.be_refused().text()
    stage.looks_right("account-unlock")
    sent = start.fill(LOGIN).send_email()
    stage.looks_right("account-unlock-email-sent")
    assert LOGIN in sent.text()
    sent.back()
    unlocked = resumed_by_link(stage, AccountUnlocked)
    stage.looks_right("account-unlocked")
    demo = unlocked.back().sign_in(LOGIN, PASSWORD)
    assert demo.state() == "signed-in"


def resumed_by_link(stage: Stage, screen: Callable[[ShownWidget[DemoPage]], Shown]) -> Shown:
    return resumed(stage, stage.link().rpartition("/")[2], screen)


def resumed(
    stage: Stage, recovery_token: str, screen: Callable[[ShownWidget[DemoPage]], Shown]
) -> Shown:
    return screen(stage.open_page(recoveryToken=recovery_token).shown_widget())
