"""Who is signed in, as the page sees it: nobody, one user after the other, nobody again."""

import pytest
from playwright.sync_api import Browser, Page

from mock_okta_harness.builders import UserBuilder, a_user
from mock_okta_harness.pages import DemoPage
from mock_okta_harness.running import DemoApp, RunningOrg
from tests.e2e.generations import Generation, oldest_and_newest, oldest_and_newest_redirecting
from tests.e2e.observing import Observed, OrgLog

pytestmark = pytest.mark.browser

FIRST = a_user("first@example.com", "first-Password-1")
SECOND = a_user("second@example.com", "second-Password-1")


@pytest.fixture
def two_users(okta_org: RunningOrg) -> tuple[UserBuilder, ...]:
    okta_org.control.seed(FIRST, SECOND)
    return FIRST, SECOND


@oldest_and_newest
def test_a_reload_without_a_session_shows_the_form_again(
    page: Page, okta_demo_app: DemoApp, observed: Observed, generation: Generation
) -> None:
    demo = DemoPage.open(page, okta_demo_app.url, widget=generation.widget).reload()
    assert demo.state() == "signed-out"
    assert demo.sign_in_form().error() == ""
    assert demo.error() == ""
    assert observed.greetings == []


@oldest_and_newest
def test_a_wrong_password_is_refused_and_the_right_one_signs_in(
    page: Page,
    okta_demo_app: DemoApp,
    user: UserBuilder,
    org_log: OrgLog,
    generation: Generation,
) -> None:
    demo = DemoPage.open(page, okta_demo_app.url, widget=generation.widget)
    form = demo.sign_in_form().be_refused(user.login, "wrong-Password-1")
    assert form.error() == generation.refused
    demo = form.sign_in(user.login, user.password)
    assert demo.greeting() == f"Hello, {user.login}"
    assert org_log.statuses("POST /api/v1/authn") == [401, 200]


@oldest_and_newest
def test_users_in_fresh_contexts_know_nothing_of_one_another(
    browser: Browser,
    okta_demo_app: DemoApp,
    two_users: tuple[UserBuilder, ...],
    generation: Generation,
) -> None:
    for user in two_users:
        with browser.new_context() as context:
            demo = DemoPage.open(context.new_page(), okta_demo_app.url, widget=generation.widget)
            assert demo.state() == "signed-out"
            demo = demo.sign_in_form().sign_in(user.login, user.password)
            assert demo.greeting() == f"Hello, {user.login}"
            assert user.login in demo.get_messages().messages()[0]
            assert demo.reload().greeting() == f"Welcome back, {user.login}"


@oldest_and_newest
def test_users_follow_one_another_in_one_browser_by_signing_out(
    page: Page, okta_demo_app: DemoApp, two_users: tuple[UserBuilder, ...], generation: Generation
) -> None:
    demo = DemoPage.open(page, okta_demo_app.url, widget=generation.widget)
    for user in two_users:
        demo = demo.sign_in_form().sign_in(user.login, user.password)
        assert demo.greeting() == f"Hello, {user.login}"
        assert user.login in demo.get_messages().messages()[0]
        demo = demo.sign_out()
        assert demo.stored_tokens().access_token is None


@oldest_and_newest
def test_renewal_after_sign_out_is_answered_login_required(
    page: Page,
    okta_demo_app: DemoApp,
    user: UserBuilder,
    observed: Observed,
    generation: Generation,
) -> None:
    demo = DemoPage.open(page, okta_demo_app.url, widget=generation.widget)
    demo = demo.sign_in_form().sign_in(user.login, user.password).sign_out()
    demo.sign_in_form()
    demo.renew_tokens()
    assert "login_required" in demo.error()
    assert demo.stored_tokens().access_token is None
    assert demo.state() == "signed-out"
    silent = [request for request in observed.requests if "prompt=none" in request.url]
    assert len(silent) == generation.frames


def test_the_sign_in_page_may_be_another_than_where_the_redirect_ends(
    page: Page, okta_demo_app: DemoApp, user: UserBuilder, observed: Observed
) -> None:
    page.goto(f"{okta_demo_app.url}/login")
    login_page = DemoPage(page)
    assert login_page.state() == "signed-out"
    demo = login_page.sign_in_form().sign_in(user.login, user.password)
    assert page.url == f"{okta_demo_app.url}/"
    assert demo.greeting() == f"Hello, {user.login}"
    assert observed.greetings == [f"Hello, {user.login}"]


@oldest_and_newest_redirecting
def test_signing_out_goes_through_the_org_and_returns_to_the_app(
    page: Page,
    okta_org: RunningOrg,
    okta_demo_app: DemoApp,
    user: UserBuilder,
    org_log: OrgLog,
    generation: Generation,
) -> None:
    demo = DemoPage.open(page, okta_demo_app.url, widget=generation.widget)
    address = page.url
    demo.sign_in_form().sign_in(user.login, user.password).sign_out()
    assert page.url == address
    assert org_log.statuses("GET /oauth2/default/v1/logout") == [302]
    assert page.request.get(f"{okta_org.url}/api/v1/sessions/me").status == 404
