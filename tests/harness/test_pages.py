"""The page objects of Classic Engine, with each release of the widget, and on the org's pages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from mock_okta import Config, KeyPool
from mock_okta_harness import faults
from mock_okta_harness.builders import UserBuilder, a_user
from mock_okta_harness.pages import (
    DemoPage,
    HomePage,
    HostedSignInPage,
    VerifyEmail,
    VerifyPush,
    WrongScreenError,
)
from mock_okta_harness.pages.demo import PATHS
from mock_okta_harness.pages.selectors.classic import widget_selectors
from mock_okta_harness.running import DemoApp, RunningOrg, demo_app_process, org_in_a_thread

pytestmark = pytest.mark.browser

every_widget = pytest.mark.parametrize("widget", PATHS)


@pytest.fixture(scope="module")
def okta_server(okta_key_pool: KeyPool) -> Iterator[RunningOrg]:
    with org_in_a_thread(Config(engine="classic", widget_version="3.2.2"), okta_key_pool) as org:
        yield org


@pytest.fixture(scope="module")
def okta_demo_app_server(okta_server: RunningOrg) -> Iterator[DemoApp]:
    with demo_app_process(okta_server) as app:
        yield app


@pytest.fixture
def user(okta_org: RunningOrg) -> UserBuilder:
    user = a_user("second@example.com", "right-Password-1").named("Second", "User")
    okta_org.control.seed(user)
    return user


@every_widget
def test_a_user_signs_in_and_out(
    page: Page, okta_demo_app: DemoApp, user: UserBuilder, widget: str
) -> None:
    demo = DemoPage.open(page, okta_demo_app.url, widget=widget)
    assert demo.state() == "signed-out"
    demo = demo.sign_in_form().sign_in(user.login, user.password)
    assert demo.state() == "signed-in"
    assert demo.greeting() == "Hello, second@example.com"
    assert demo.stored_tokens().access_token
    assert demo.stored_tokens().id_token
    demo = demo.reload()
    assert (demo.state(), demo.greeting()) == ("welcome-back", "Welcome back, second@example.com")
    demo = demo.sign_out()
    assert demo.state() == "signed-out"
    assert demo.stored_tokens().access_token is None


@every_widget
def test_a_wrong_password_is_reported_and_the_right_one_still_works(
    page: Page, okta_demo_app: DemoApp, user: UserBuilder, widget: str
) -> None:
    form = DemoPage.open(page, okta_demo_app.url, widget=widget).sign_in_form()
    assert form.error() == ""
    assert form.be_refused(user.login, "wrong-1").error() != ""
    assert form.be_refused(user.login, "wrong-2").error() != ""
    assert form.sign_in(user.login, user.password).state() == "signed-in"


@every_widget
def test_a_remembered_user_finds_the_name_in_the_form(
    page: Page, okta_demo_app: DemoApp, user: UserBuilder, widget: str
) -> None:
    form = DemoPage.open(page, okta_demo_app.url, widget=widget).sign_in_form()
    demo = form.fill(user.login, user.password).remember_me().submit()
    assert demo.sign_out().sign_in_form().remembered_login() == user.login


@every_widget
def test_messages_come_and_tokens_are_renewed(
    page: Page, okta_demo_app: DemoApp, user: UserBuilder, widget: str
) -> None:
    form = DemoPage.open(page, okta_demo_app.url, widget=widget).sign_in_form()
    demo = form.sign_in(user.login, user.password)
    before = demo.stored_tokens()
    assert demo.get_messages().messages() != []
    after = demo.renew_tokens().stored_tokens()
    assert demo.error() == ""
    assert before.access_token != after.access_token
    assert before.id_token != after.id_token


def test_renewal_without_a_session_is_an_error_on_the_page(
    page: Page, okta_demo_app: DemoApp, okta_org: RunningOrg, user: UserBuilder
) -> None:
    form = DemoPage.open(page, okta_demo_app.url).sign_in_form()
    demo = form.sign_in(user.login, user.password)
    page.request.delete(f"{okta_org.url}/api/v1/sessions/me")
    assert "login_required" in demo.renew_tokens().error()


def test_each_context_has_a_user_of_its_own(
    context: BrowserContext, page: Page, okta_demo_app: DemoApp, user: UserBuilder
) -> None:
    first = DemoPage.open(page, okta_demo_app.url).sign_in_form()
    assert first.sign_in(user.login, user.password).greeting() == "Hello, second@example.com"
    assert context.browser is not None
    with context.browser.new_context() as fresh:
        second = DemoPage.open(fresh.new_page(), okta_demo_app.url).sign_in_form()
        greeting = second.sign_in("tester@example.com", "mock-Password-1").greeting()
        assert greeting == "Hello, tester@example.com"


def test_the_orgs_own_pages_sign_in_and_out(
    page: Page, okta_org: RunningOrg, user: UserBuilder
) -> None:
    home = (
        HostedSignInPage.open(page, okta_org.url).form(HomePage).sign_in(user.login, user.password)
    )
    assert "Second" in home.user()
    assert HomePage.open(page, okta_org.url).sign_out().page is page


def test_the_orgs_own_form_tells_a_wrong_password(
    page: Page, okta_org: RunningOrg, user: UserBuilder
) -> None:
    form = HostedSignInPage.open(page, okta_org.url).form(HomePage)
    assert form.error() == ""
    assert form.be_refused(user.login, "wrong-1").error() != ""
    assert form.be_refused(user.login, "wrong-2").error() != ""
    assert "Second" in form.sign_in(user.login, user.password).user()


def test_the_orgs_plain_form_works_where_no_script_runs(
    context: BrowserContext, okta_org: RunningOrg, user: UserBuilder
) -> None:
    assert context.browser is not None
    with context.browser.new_context(java_script_enabled=False) as plain:
        form = HostedSignInPage.open(plain.new_page(), okta_org.url).form(HomePage)
        assert form.be_refused(user.login, "wrong-1").error() != ""
        assert "Second" in form.sign_in(user.login, user.password).user()


def test_the_orgs_own_page_is_driven_as_the_release_that_it_has(page: Page) -> None:
    with org_in_a_thread(Config(engine="classic", widget_version="7.49.0")) as org:
        user = a_user().with_factor("okta_email")
        org.control.seed(user, {"sign_on_policies": [{"rules": [{"require_factor": True}]}]})
        form = HostedSignInPage.open(page, org.url).form(HomePage)
        challenge = form.sign_in_to(user.login, user.password, VerifyEmail).send()
        assert "Test" in challenge.verify(org.control.wait_for_message(user.login).passcode).user()


# Far longer than a wrong screen needs to settle, and than any test may take.
A_LONG_TIME = 3_600_000
FACTOR = {"sign_on_policies": [{"rules": [{"require_factor": True}]}]}


@every_widget
@pytest.mark.parametrize(
    ("policy", "password", "there"),
    [
        (FACTOR, "right-Password-1", "shows the screen mfa-verify: .*mail"),
        (FACTOR, "wrong-1", "shows the screen primary-auth: .*(Sign in failed!|Unable to sign in)"),
    ],
    ids=["another factor", "a wrong password"],
)
def test_a_wrong_screen_is_reported_once_it_has_settled(
    page: Page,
    okta_demo_app: DemoApp,
    okta_org: RunningOrg,
    user: UserBuilder,
    widget: str,
    policy: dict[str, object],
    password: str,
    there: str,
) -> None:
    okta_org.control.seed(user.with_factor("okta_email"), policy)
    form = DemoPage.open(page, okta_demo_app.url, widget=widget).sign_in_form()
    page.set_default_timeout(A_LONG_TIME)
    with pytest.raises(WrongScreenError, match=f"(?i)VerifyPush did not come. .*{there}"):
        form.sign_in_to(user.login, password, VerifyPush)


@every_widget
@pytest.mark.parametrize(
    ("policy", "password", "there"),
    [
        (FACTOR, "right-Password-1", "shows the screen mfa-verify: .*mail"),
        ({}, "wrong-1", "shows the screen primary-auth: .*(Sign in failed!|Unable to sign in)"),
    ],
    ids=["a factor", "a wrong password"],
)
def test_a_widget_that_stays_says_why(
    page: Page,
    okta_demo_app: DemoApp,
    okta_org: RunningOrg,
    user: UserBuilder,
    widget: str,
    policy: dict[str, object],
    password: str,
    there: str,
) -> None:
    okta_org.control.seed(user.with_factor("okta_email"), policy)
    form = DemoPage.open(page, okta_demo_app.url, widget=widget).sign_in_form()
    page.set_default_timeout(A_LONG_TIME)
    with pytest.raises(WrongScreenError, match=f"(?i)The widget did not leave. .*{there}"):
        form.sign_in(user.login, password)


def test_the_plain_form_that_stays_says_why(
    context: BrowserContext, okta_org: RunningOrg, user: UserBuilder
) -> None:
    assert context.browser is not None
    with context.browser.new_context(java_script_enabled=False) as plain:
        form = HostedSignInPage.open(plain.new_page(), okta_org.url).form(HomePage)
        plain.set_default_timeout(A_LONG_TIME)
        with pytest.raises(WrongScreenError, match=r"screen plain-sign-in: .*Sign in failed!"):
            form.sign_in(user.login, "wrong-1")


def test_the_home_page_in_place_of_a_screen_is_reported(
    page: Page, okta_org: RunningOrg, user: UserBuilder
) -> None:
    form = HostedSignInPage.open(page, okta_org.url).form(HomePage)
    page.set_default_timeout(A_LONG_TIME)
    with pytest.raises(WrongScreenError, match=r"VerifyPush .*UserHome is the org's home page"):
        form.sign_in_to(user.login, user.password, VerifyPush)


def test_a_screen_for_which_nothing_else_comes_is_waited_for_as_long_as_the_page_says(
    page: Page, okta_org: RunningOrg, user: UserBuilder
) -> None:
    form = HostedSignInPage.open(page, okta_org.url).form(HomePage)
    okta_org.control.plan_fault(faults.delay(60).on("/api/v1/authn"))
    form.fill(user.login, user.password)
    page.set_default_timeout(5000)
    with pytest.raises(WrongScreenError, match=r"VerifyEmail did not come within 5 s.*primary"):
        form.submit_to(VerifyEmail)


def test_a_widget_that_stays_without_a_word_leaves_it_to_the_page_behind_it(
    page: Page, okta_org: RunningOrg, user: UserBuilder
) -> None:
    def behind(_: Page) -> str:
        raise LookupError("no such page")

    form = HostedSignInPage.open(page, okta_org.url).form(behind)
    okta_org.control.plan_fault(faults.delay(60).on("/api/v1/authn"))
    with pytest.raises(LookupError, match="no such page") as failure:
        form.sign_in(user.login, user.password)
    (note,) = failure.value.__notes__
    assert "shows the screen primary-auth" in note


def test_a_generation_without_page_objects_is_named() -> None:
    with pytest.raises(LookupError, match=r"widget 1\.13\.0; they support 2\.x, 3\.x, 5\.x, 7\.x"):
        widget_selectors("1.13.0")


def test_an_app_whose_script_leads_to_the_org_meets_the_widget_there(page: Page) -> None:
    with org_in_a_thread(Config(widget_version="7.49.0")) as org:
        app = "http://localhost:3000/"
        script = f"<script>setTimeout(() => {{ location = '{org.url}' }}, 500)</script>"
        page.route(app, lambda route: route.fulfill(body=script, content_type="text/html"))
        # The widget's script comes after the plain form, as on a slow machine.
        form = page.locator("#plain-sign-in")
        page.route("**/okta-sign-in*.js", lambda route: (form.wait_for(), route.continue_()))
        page.goto(app)
        assert HostedSignInPage(page).shows_the_widget()
