"""A phone's screen, 360 px wide: nothing of any page sticks out to its side."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from mock_okta_harness.builders import UserBuilder
from mock_okta_harness.pages import DemoPage, HomePage, HostedSignInPage
from mock_okta_harness.running import DemoApp, RunningOrg
from tests.e2e.generations import Generation, oldest_and_newest

pytestmark = pytest.mark.browser

WIDTH = 360


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": WIDTH, "height": 740}) as context:
        yield context.new_page()


@oldest_and_newest
def test_the_demo_page_fits_in_every_state(
    phone: Page, okta_demo_app: DemoApp, user: UserBuilder, generation: Generation
) -> None:
    demo = DemoPage.open(phone, okta_demo_app.url, widget=generation.widget)
    form = demo.sign_in_form()
    assert width_of(phone) == WIDTH
    form.be_refused(user.login, "wrong-Password-1")
    assert width_of(phone) == WIDTH
    form.sign_in(user.login, user.password).get_messages()
    assert width_of(phone) == WIDTH


def test_the_orgs_own_pages_fit(phone: Page, okta_org: RunningOrg, user: UserBuilder) -> None:
    form = HostedSignInPage.open(phone, okta_org.url).form(HomePage)
    assert width_of(phone) == WIDTH
    form.sign_in(user.login, user.password)
    assert width_of(phone) == WIDTH


def width_of(page: Page) -> int:
    """How wide the page is, with what can only be scrolled to."""
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width
