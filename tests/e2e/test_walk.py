"""Every release of the widget, from no session to sign-out: the demo's steps and what they leave.

Each step raises where something is not as it should be; what is asserted here is each release's
own way.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, Playwright

from mock_okta import KeyPool
from mock_okta_harness.browser import launch_options, trust_certificate
from mock_okta_harness.builders import UserBuilder, a_user
from mock_okta_harness.demo.steps import STEPS, Walk
from mock_okta_harness.pages import DemoPage
from mock_okta_harness.recorder import load_tokens
from mock_okta_harness.running import DemoApp, RunningOrg, demo_app_process, org_in_a_thread
from tests.e2e.generations import GENERATIONS, Generation, every_generation
from tests.e2e.observing import Observed
from tests.e2e.releases import CLASSIC

pytestmark = pytest.mark.browser

WIDGET_3 = next(one for one in GENERATIONS if one.widget == "3.2.2")


@pytest.fixture(scope="module")
def secure_org(okta_key_pool: KeyPool) -> Iterator[RunningOrg]:
    with org_in_a_thread(replace(CLASSIC, tls=True), okta_key_pool) as org:
        yield org


@pytest.fixture(scope="module")
def secure_app(secure_org: RunningOrg) -> Iterator[DemoApp]:
    with demo_app_process(secure_org) as app:
        secure_org.control.seed(app.as_client())
        yield app


@pytest.fixture
def trusting_page(playwright: Playwright, secure_org: RunningOrg, tmp_path: Path) -> Iterator[Page]:
    """A page of a browser that trusts the org's CA, as one that people use would."""
    assert secure_org.ca_file is not None
    trust_certificate(tmp_path, secure_org.ca_file)
    with playwright.chromium.launch(**launch_options(home=tmp_path)) as browser:
        yield browser.new_page()


@every_generation
def test_the_widget_signs_a_user_in_from_start_to_finish(
    page: Page,
    okta_org: RunningOrg,
    okta_demo_app: DemoApp,
    user: UserBuilder,
    generation: Generation,
    tmp_path: Path,
) -> None:
    walk_and_look(Walk(page, okta_org, okta_demo_app, user, generation.widget, tmp_path))


def test_the_widget_signs_a_user_in_over_https(
    trusting_page: Page, secure_org: RunningOrg, secure_app: DemoApp, tmp_path: Path
) -> None:
    assert secure_org.url.startswith("https://localhost:")
    assert secure_app.url.startswith("https://localhost:")
    walk_and_look(Walk(trusting_page, secure_org, secure_app, a_user(), WIDGET_3.widget, tmp_path))


def test_the_session_cookie_of_an_https_org_is_for_https_and_for_every_site(
    trusting_page: Page, secure_app: DemoApp
) -> None:
    user = a_user()
    DemoPage.open(trusting_page, secure_app.url).sign_in_form().sign_in(user.login, user.password)
    cookies = {cookie["name"]: cookie for cookie in trusting_page.context.cookies()}
    assert cookies["sid"]["secure"]
    assert cookies["sid"]["httpOnly"]
    assert cookies["sid"]["sameSite"] == "None"


def test_a_browser_that_does_not_trust_the_ca_does_not_come_in(
    page: Page, secure_org: RunningOrg
) -> None:
    with pytest.raises(BrowserError, match="ERR_CERT_AUTHORITY_INVALID"):
        page.goto(secure_org.url)


def walk_and_look(walk: Walk) -> None:
    """Take all steps, and look at what each release does in its own way."""
    generation = next(one for one in GENERATIONS if one.widget == walk.widget)
    observed = Observed(walk.page)
    walk.watch()
    for _, step in STEPS:
        step(walk)
    login = walk.user.login
    assert observed.greetings == [f"Hello, {login}", f"Welcome back, {login}"]
    assert observed.crashes == []
    assert observed.asked_elsewhere(walk.org.url, walk.app.url, walk.app.api_url) == []
    assert observed.calls_of(walk.org.url) == generation.calls
    assert brought_by_redirects(walk) == [generation.brings]
    assert [response_mode(url) for url in walk.silent_requests] == (
        ["okta_post_message"] * generation.frames
    )
    recorded = load_tokens(walk.folder / "tokens.json")
    assert recorded.made.way == f"widget {generation.widget}"
    assert recorded.claims.id_token["email"] == login


def brought_by_redirects(walk: Walk) -> list[set[str]]:
    """What each answer of the org put into the address bar."""
    parts = [urlsplit(url) for url in walk.visited if url.startswith(walk.app.url)]
    names = [{*parse_qs(part.fragment), *parse_qs(part.query)} for part in parts]
    return [found & {"access_token", "id_token", "code", "error"} for found in names if found]


def response_mode(url: str) -> str:
    return parse_qs(urlsplit(url).query)["response_mode"][0]
