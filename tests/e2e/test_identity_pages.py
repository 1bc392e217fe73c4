"""The org's own pages with the Identity Engine: both generations of the real widget on them."""

from collections.abc import Iterator
from urllib.parse import urlencode

import msgspec
import pytest
from playwright.sync_api import Page, expect

from mock_okta import Config, KeyPool
from mock_okta_harness.running import RunningOrg, org_in_a_thread
from tests.e2e.landing import Landing
from tests.e2e.releases import NEWEST
from tests.visiting import CHALLENGE, LOGIN, PASSWORD, SPA
from tests.web.org_pages import ASKING, PAGES_SEED

pytestmark = pytest.mark.browser


@pytest.fixture(params=(2, 3))
def org(
    request: pytest.FixtureRequest, app_server: Landing, okta_key_pool: KeyPool
) -> Iterator[RunningOrg]:
    """An org that knows the app, with that generation of the widget."""
    clients = tuple(
        msgspec.structs.replace(client, login_redirect_uris=(app_server.redirect_uri,))
        for client in PAGES_SEED.clients
        if client.client_id in (SPA, ASKING)
    )
    config = Config(
        seed=msgspec.structs.replace(PAGES_SEED, clients=clients),
        engine="identity",
        widget_version=NEWEST,
        widget_generation=request.param,
    )
    with org_in_a_thread(config, okta_key_pool) as org:
        yield org


def _asked_at(org: RunningOrg, app: Landing, client_id: str, scope: str, **more: str) -> str:
    asked = {
        "client_id": client_id,
        "response_type": "code",
        "scope": scope,
        "redirect_uri": app.redirect_uri,
        "state": "s",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return f"{org.issuer()}/v1/authorize?{urlencode(asked | more)}"


def _submit(page: Page) -> None:
    page.locator("[data-se=o-form] [type=submit]:visible").click()


def _landed(page: Page, app: Landing) -> dict[str, str]:
    """What the browser brought to the app, once the app's page is there."""
    _, answer = app.next_answer()
    page.locator("#landed").wait_for()
    return answer


def test_a_user_signs_in_for_an_app_and_then_consents(
    org: RunningOrg, app_server: Landing, page: Page
) -> None:
    page.goto(_asked_at(org, app_server, SPA, "openid", login_hint=LOGIN))
    identifier = page.locator("input[name=identifier]")
    password = page.locator("input[name='credentials.passcode']")
    expect(identifier).to_have_value(LOGIN)
    expect(page.locator("#plain-sign-in")).to_have_count(0)
    password.fill("wrong")
    _submit(page)
    expect(page.get_by_role("alert").first).to_contain_text("Unable to sign in")
    page.reload()
    password.fill(PASSWORD)
    _submit(page)
    assert set(_landed(page, app_server)) == {"code", "state"}
    assert {"idx", "DT"} <= {cookie["name"] for cookie in page.context.cookies(org.url)}

    page.goto(_asked_at(org, app_server, ASKING, "openid must"))
    page.get_by_role("button", name="Allow Access").click()
    assert "code" in _landed(page, app_server)


def test_a_user_may_refuse_to_consent(org: RunningOrg, app_server: Landing, page: Page) -> None:
    page.goto(_asked_at(org, app_server, ASKING, "openid must"))
    page.locator("input[name=identifier]").fill(LOGIN)
    page.locator("input[name='credentials.passcode']").fill(PASSWORD)
    _submit(page)
    # The second generation's button, and the third's.
    page.locator('[data-se=o-form] [value="Don\'t Allow"], [data-se=cancel]').click()
    assert _landed(page, app_server)["error"] == "access_denied"


def test_the_home_page_follows_a_sign_in_on_its_own(org: RunningOrg, page: Page) -> None:
    page.goto(f"{org.url}/login/login.htm")
    page.locator("input[name=identifier]").fill(LOGIN)
    page.locator("input[name='credentials.passcode']").fill(PASSWORD)
    _submit(page)
    page.wait_for_url(f"{org.url}/app/UserHome")
    expect(page.locator("body")).to_contain_text(LOGIN)
