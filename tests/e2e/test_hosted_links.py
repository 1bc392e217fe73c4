"""Where e-mailed links lead: the org's own page, on which the widget goes on, and then home."""

import pytest
from playwright.sync_api import Page

from mock_okta_harness.builders import a_user
from mock_okta_harness.control import Control
from mock_okta_harness.pages import (
    AccountUnlocked,
    HomePage,
    HostedSignInPage,
    PasswordReset,
    RecoveryLoading,
)
from mock_okta_harness.running import RunningOrg
from tests.e2e.releases import tries

pytestmark = pytest.mark.browser

LOGIN, NEW_PASSWORD = "linked@example.com", "Other-Pass-2"


def _recover(control: Control, page: Page, what: str) -> str:
    """Have the link sent that the user asks for, and return it."""
    body = {"username": LOGIN, "factorType": "EMAIL"}
    page.request.post(f"{control.url}/api/v1/authn/recovery/{what}", data=body)
    return control.wait_for_message().link


@tries("Links of e-mails", "hosted_org")
def test_an_account_is_activated_by_link(hosted_org: RunningOrg, page: Page) -> None:
    hosted_org.control.seed(a_user(LOGIN).named("New", "User").staged())
    link = hosted_org.control.change_user(LOGIN, "activate").link
    assert link is not None
    page.goto(link)
    home = HostedSignInPage.screen(page, PasswordReset, leads_to=HomePage).reset(NEW_PASSWORD)
    assert "New" in home.user()


@tries("Links of e-mails", "hosted_org")
def test_a_password_is_reset_by_link_once(hosted_org: RunningOrg, page: Page) -> None:
    hosted_org.control.seed(a_user(LOGIN))
    link = _recover(hosted_org.control, page, "password")
    page.goto(link)
    HostedSignInPage.screen(page, PasswordReset, leads_to=HomePage).reset(NEW_PASSWORD)
    page.goto(link)
    spent = HostedSignInPage.screen(page, RecoveryLoading, leads_to=HomePage).wait_for_error()
    assert "expired or been previously used" in spent.error()


@tries("Links of e-mails", "hosted_org")
def test_an_account_is_unlocked_by_link(hosted_org: RunningOrg, page: Page) -> None:
    hosted_org.control.seed(a_user(LOGIN).locked_out())
    page.goto(_recover(hosted_org.control, page, "unlock"))
    HostedSignInPage.screen(page, AccountUnlocked, leads_to=HomePage)
    statuses = {user.login: user.status for user in hosted_org.control.org().users}
    assert statuses[LOGIN] == "ACTIVE"
