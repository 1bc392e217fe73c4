"""The widget takes the focus once, soon after its form is there: typing at that moment is lost."""

import pytest
from playwright.sync_api import Page

from mock_okta_harness.pages import ShownWidget, SignInForm
from mock_okta_harness.pages.selectors.classic import PLAIN_FORM

pytestmark = pytest.mark.browser

FORM = """
<form id="plain-sign-in">
  <input id="okta-signin-username" name="username">
  <input id="okta-signin-password" name="password" type="password">
</form>
<script>
  const username = document.getElementById("okta-signin-username");
  const password = document.getElementById("okta-signin-password");
  // After Playwright has focused the field, before it types.
  const taken = () => queueMicrotask(() => username.focus());
  password.addEventListener("focus", taken, { once: true });
</script>
"""


def test_what_went_astray_is_typed_again(page: Page) -> None:
    page.set_content(FORM)
    form = SignInForm(ShownWidget(page, lambda page: page, PLAIN_FORM))
    form.fill("tester@example.com", "secret-1")
    assert form.remembered_login() == "tester@example.com"
    assert page.locator("[name=password]").input_value() == "secret-1"
