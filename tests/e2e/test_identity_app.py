"""The demo app's page with the Identity Engine: both generations of the widget end in tokens."""

import pytest
from playwright.sync_api import Page, expect

from mock_okta import Config, KeyPool
from mock_okta_harness.builders import a_user
from mock_okta_harness.demo.stage import a_demo_app
from mock_okta_harness.pages import DemoPage
from mock_okta_harness.running import org_in_a_thread
from tests.e2e.releases import NEWEST

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("generation", ["2", "3"])
def test_a_user_signs_in_on_the_app_s_own_page_and_out_again(
    page: Page, okta_key_pool: KeyPool, monkeypatch: pytest.MonkeyPatch, generation: str
) -> None:
    monkeypatch.setenv("WIDGET_GENERATION", generation)
    user = a_user()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    page.on("framenavigated", lambda frame: asked.append(f"came to {frame.url}"))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with org_in_a_thread(Config(), okta_key_pool) as org, a_demo_app(org, user) as app:
        demo = DemoPage.open(page, app.url, widget=NEWEST)
        page.locator("input[name=identifier]").fill(user.login)
        page.locator("input[name='credentials.passcode']").fill(user.password)
        page.locator("[data-se=o-form] [type=submit]:visible").click()

        expect(page.locator("body")).to_have_attribute("data-state", "signed-in")
        assert demo.verified() == "signature"
        assert f"POST {org.url}/idp/idx/identify" in asked
        assert not [each for each in asked if "/api/v1/authn" in each]
        brought = [each for each in asked if each.startswith(f"came to {app.url}/v7?")]
        assert [each for each in brought if "interaction_code=" in each and "state=" in each]
        assert page.url == f"{app.url}/v7"

        assert demo.get_messages().messages() != []
        before = demo.stored_tokens()
        after = demo.renew_tokens().stored_tokens()
        assert demo.error() == ""
        assert before.access_token != after.access_token
        assert demo.reload().state() == "welcome-back"

        out = demo.sign_out()
        assert out.state() == "signed-out"
        assert out.stored_tokens().access_token is None
        page.locator("input[name=identifier]").wait_for()
    assert complaints == []
