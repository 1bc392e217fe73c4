"""The org's clock and the browser's, moved by one call."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from mock_okta_harness.browser.storage_state import signed_in_state
from mock_okta_harness.builders import a_user
from mock_okta_harness.control import Control
from mock_okta_harness.expectations import expect_request, expect_token
from mock_okta_harness.pages import DemoPage
from mock_okta_harness.plugin.one_clock import OneClock
from mock_okta_harness.running import DemoApp, RunningOrg
from tests.e2e.releases import NEWEST

pytestmark = pytest.mark.browser

NEW_YEAR = datetime(2031, 1, 1, tzinfo=UTC)
AFTER_THE_TOKENS_LIFE = timedelta(minutes=61)
# As the library's documentation has it: its own timers say when a token has expired.
RENEW_WHAT_EXPIRES = """() => {
    const { tokenManager } = oktaSignIn.authClient;
    tokenManager.on("expired", (key) => tokenManager.renew(key));
    tokenManager.start?.();
}"""
RENEWED = """before => {
    const kept = localStorage.getItem("okta-token-storage");
    return kept.includes("accessToken") && !kept.includes(before);
}"""


def time_in(page: Page) -> datetime:
    milliseconds: int = page.evaluate("Date.now()")
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def is_in_step(page: Page, clock: OneClock) -> bool:
    """Whether the page's time is between two readings of the org's, but for a little lag."""
    before, here, after = clock.now(), time_in(page), clock.now()
    return before - timedelta(seconds=2) < here < after + timedelta(seconds=2)


def test_the_browser_goes_where_the_org_goes(
    okta_clock: OneClock, page: Page, okta_url: str
) -> None:
    page.goto(okta_url)
    assert is_in_step(page, okta_clock)
    assert okta_clock.set(NEW_YEAR) >= NEW_YEAR
    assert is_in_step(page, okta_clock)
    okta_clock.advance(timedelta(days=3))
    assert okta_clock.now() > NEW_YEAR + timedelta(days=3)
    assert is_in_step(page, okta_clock)
    okta_clock.set(NEW_YEAR - timedelta(days=365))
    assert is_in_step(page, okta_clock)


def test_time_stands_still_in_both_and_runs_on_in_both(
    okta_clock: OneClock, page: Page, okta_url: str
) -> None:
    page.goto(okta_url)
    okta_clock.freeze(NEW_YEAR)
    # Timers run while time stands still: a page that waits for one does not hang.
    page.evaluate("new Promise(done => setTimeout(done, 50))")
    assert time_in(page) == okta_clock.now() == NEW_YEAR
    okta_clock.advance(90)
    assert time_in(page) == okta_clock.now() == NEW_YEAR + timedelta(seconds=90)
    okta_clock.resume()
    assert not okta_clock.is_frozen()
    page.evaluate("new Promise(done => setTimeout(done, 50))")
    assert time_in(page) > NEW_YEAR + timedelta(seconds=90)
    assert is_in_step(page, okta_clock)


def test_timers_fire_that_the_move_makes_due(okta_clock: OneClock, page: Page) -> None:
    page.evaluate("setTimeout(() => { window.fired = Date.now() }, 3600 * 1000)")
    okta_clock.advance(timedelta(minutes=59))
    assert page.evaluate("window.fired") is None
    okta_clock.advance(timedelta(minutes=2))
    page.wait_for_function("window.fired")


@pytest.mark.okta_clock(NEW_YEAR, frozen=True)
def test_a_marker_sets_both_and_every_page_starts_there(
    new_context: Callable[[], BrowserContext], okta_url: str
) -> None:
    for context in (new_context(), new_context()):
        page = context.new_page()
        page.goto(okta_url)
        assert time_in(page) == NEW_YEAR
        assert time_in(context.new_page()) == NEW_YEAR


def test_contexts_that_a_test_makes_itself_may_follow(
    okta_clock: OneClock, browser: Browser, okta_url: str
) -> None:
    with browser.new_context() as context, browser.new_context() as apart:
        page, other = context.new_page(), apart.new_page()
        okta_clock.follow(page)
        okta_clock.follow(context)
        okta_clock.set(NEW_YEAR)
        page.goto(okta_url)
        assert is_in_step(page, okta_clock)
        assert time_in(other) < NEW_YEAR
    okta_clock.advance(1)  # the context is closed


def test_pages_of_tests_without_the_clock_keep_the_browsers_own(page: Page) -> None:
    assert page.evaluate("Date.now.toString()") == "function now() { [native code] }"


# Where the Identity Engine signs users in on the app's own page, there is no session.
RENEWED_BY = {
    "3.2.2": ("*/authorize", {"prompt": "none"}),
    NEWEST: ("*/token", {"grant_type": "refresh_token"}),
}


@pytest.mark.parametrize("widget", RENEWED_BY)
def test_a_token_is_renewed_when_its_time_is_over(
    okta_clock: OneClock,
    okta_control: Control,
    okta_demo_app: DemoApp,
    page: Page,
    widget: str,
) -> None:
    user = a_user()
    okta_control.seed(user)
    demo = DemoPage.open(page, okta_demo_app.url, widget=widget)
    form = demo.identify() if widget == NEWEST else demo.sign_in_form()
    demo = form.sign_in(user.login, user.password)
    page.evaluate(RENEW_WHAT_EXPIRES)
    before = demo.stored_tokens().access_token
    okta_control.clear_requests()
    okta_clock.advance(AFTER_THE_TOKENS_LIFE)
    path, how = RENEWED_BY[widget]
    expect_request(okta_control, path=path, parameters=how, within=20)
    page.wait_for_function(RENEWED, arg=before)
    after = demo.stored_tokens().access_token
    assert before
    assert after
    expect_token(after, user=user.login, valid_at=okta_clock.now() + timedelta(minutes=59))


def test_a_session_ends_when_its_time_is_over(
    okta_clock: OneClock, okta_org: RunningOrg, new_context: Callable[..., BrowserContext]
) -> None:
    state = signed_in_state(okta_org, "tester@example.com", "mock-Password-1")
    context = new_context(storage_state=state)
    session = f"{okta_org.url}/api/v1/sessions/me"
    assert context.request.get(session).status == 200
    okta_clock.advance(timedelta(hours=3))
    assert context.request.get(session).status == 404
