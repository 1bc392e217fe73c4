"""Apps as built for production sign in unmodified, at names that lead to this machine.

Their pages name `https://your-org.okta.com` or a custom domain, and load the widget from Okta's
CDN; no certificate check is turned off. All that the browser asks for is the org's or the app's.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, Playwright, Response

from mock_okta import KeyPool, Proxy
from mock_okta.browser.widget.releases import default_directory
from mock_okta_harness.browser import launch_options, trust_certificate
from mock_okta_harness.builders import a_user, an_app
from mock_okta_harness.pages.screen import ShownWidget
from mock_okta_harness.pages.sign_in import SignInForm
from mock_okta_harness.running import Certificate, RunningOrg, org_in_a_thread
from tests.e2e.production_app import CLIENT_ID, OLD, pages, served
from tests.e2e.releases import CLASSIC

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system's store counts"),
]

USER = a_user("tester@example.com", "mock-Password-1")
GREETING = f"Hello, {USER.login}"
RENEW = """client.token.getWithoutPrompt({
  responseType: ["token", "id_token"], scopes: ["openid"], timeout: 5000,
}).then(() => "renewed", (error) => error.errorCode || error.message)"""
HAS_A_SESSION = "client.session.exists()"


@dataclass(frozen=True)
class Place:
    """An org and an app at real-looking names, and what leads to them."""

    org: RunningOrg
    app_url: str
    routes: dict[str, str]


@contextmanager
def in_production(domain: str, app_name: str, key_pool: KeyPool, *others: str) -> Iterator[Place]:
    """An org at the names, and an app that was built for the last of them."""
    config, app_url = CLASSIC.at_domain(domain, *others), f"https://{app_name}"
    app = an_app("App").with_client_id(CLIENT_ID).at(app_url).signing_out_to(app_url)
    app = app.granted("authorization_code", "implicit")
    with (
        org_in_a_thread(config, key_pool, app_names=(app_name,)) as org,
        served(pages(f"https://{(domain, *others)[-1]}"), served_by(org)) as address,
    ):
        org.control.seed(USER, app.redirecting_to(f"{app_url}/", f"{app_url}/3"))
        yield Place(org, app_url, {**org.routes, f"{app_name}:443": address})


def served_by(org: RunningOrg) -> Certificate:
    assert org.certificate is not None
    return org.certificate


@pytest.fixture(scope="module")
def at_okta(okta_key_pool: KeyPool) -> Iterator[Place]:
    with in_production("your-org.okta.com", "www.example.com", okta_key_pool) as place:
        yield place


@pytest.fixture(scope="module")
def one_site(okta_key_pool: KeyPool) -> Iterator[Place]:
    """App and org below one domain of the customer's."""
    with in_production("login.example.test", "app.example.test", okta_key_pool) as place:
        yield place


@pytest.fixture
def beside_a_custom_domain(okta_key_pool: KeyPool) -> Iterator[Place]:
    """An org that has a custom domain, of which the app knows nothing."""
    names = ("login.example.test", "www.example.com", okta_key_pool, "your-org.okta.com")
    with in_production(*names) as place:
        yield place


@contextmanager
def by_resolver_rules(playwright: Playwright, place: Place, home: Path) -> Iterator[Page]:
    options = launch_options(home=home, routes=place.routes)
    with playwright.chromium.launch(**options) as browser:
        yield browser.new_page()


@contextmanager
def by_proxy(playwright: Playwright, place: Place, home: Path) -> Iterator[Page]:
    with (
        Proxy(routes=place.routes) as proxy,
        playwright.chromium.launch(**launch_options(home=home)) as browser,
    ):
        yield browser.new_page(proxy={"server": proxy.url})


WAYS = {"resolver rules": by_resolver_rules, "proxy": by_proxy}


@contextmanager
def a_page(way: str, playwright: Playwright, place: Place, home: Path) -> Iterator[Page]:
    """A page of a browser that knows no more of this machine than where the names lead."""
    assert place.org.ca_file is not None
    trust_certificate(home, place.org.ca_file)
    with WAYS[way](playwright, place, home) as page:
        yield page


def signed_in(page: Page, url: str, widget: str, heading: str = "Sign In") -> list[Response]:
    """Sign in by the app's page; all answers that the browser got."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 -- Playwright marks what it is given, and a list's own method takes no marks
    page.goto(url)
    page.get_by_role("heading", name=heading, exact=True).wait_for()
    form = SignInForm(ShownWidget.on(page, lambda page: page, widget))
    form.sign_in(USER.login, USER.password)
    page.get_by_text(GREETING).wait_for()
    assert page.url.partition("#")[0] == url
    return answers


@pytest.mark.parametrize("way", WAYS)
def test_the_newest_widget_signs_in_at_a_real_looking_org(
    playwright: Playwright, at_okta: Place, tmp_path: Path, way: str
) -> None:
    with a_page(way, playwright, at_okta, tmp_path) as page:
        answers = signed_in(page, f"{at_okta.app_url}/", "7.49.0")
        hosts = {urlsplit(answer.url).hostname for answer in answers}
        assert hosts == {"your-org.okta.com", "global.oktacdn.com", "www.example.com"}


@pytest.mark.usefixtures("browser_of_users")
def test_the_org_s_own_name_serves_an_app_of_its_own_beside_a_custom_domain(
    playwright: Playwright, beside_a_custom_domain: Place, tmp_path: Path
) -> None:
    with a_page("resolver rules", playwright, beside_a_custom_domain, tmp_path) as page:
        answers = signed_in(page, f"{beside_a_custom_domain.app_url}/", "7.49.0")
        hosts = {urlsplit(answer.url).hostname for answer in answers}
        assert hosts == {"your-org.okta.com", "global.oktacdn.com", "www.example.com"}
        claims = page.evaluate("client.tokenManager.getTokens().then((t) => t.accessToken.claims)")
        assert claims["iss"] == "https://your-org.okta.com/oauth2/default"
        claims = page.evaluate("client.tokenManager.getTokens().then((t) => t.accessToken.claims)")
        assert claims["iss"] == "https://your-org.okta.com/oauth2/default"
        sid = cookies(page)["sid"]
        assert (sid["domain"], sid["secure"], sid["sameSite"]) == (
            "your-org.okta.com",
            True,
            "None",
        )
        # As at a real org: the browser withholds a cookie of another site than the page's.
        assert page.evaluate(HAS_A_SESSION) is False
        assert page.evaluate(RENEW) == "login_required"


@pytest.mark.parametrize("way", WAYS)
def test_widget_3_speaks_french_by_labels_from_the_cdn(
    playwright: Playwright, at_okta: Place, tmp_path: Path, way: str
) -> None:
    title = french_labels()["primaryauth.title"]
    with a_page(way, playwright, at_okta, tmp_path) as page:
        answers = signed_in(page, f"{at_okta.app_url}/3", "3.2.2", title)
        of_the_cdn = {answer.url.partition("?")[0] for answer in answers if OLD in answer.url}
        assert f"{OLD}/labels/jsonp/login_fr.jsonp" in of_the_cdn
        assert {answer.status for answer in answers} <= {200, 302, 404}  # 404: no session yet


def test_on_one_site_the_session_is_the_page_s_and_tokens_are_renewed_silently(
    playwright: Playwright, one_site: Place, tmp_path: Path
) -> None:
    with a_page("proxy", playwright, one_site, tmp_path) as page:
        title = french_labels()["primaryauth.title"]
        signed_in(page, f"{one_site.app_url}/3", "3.2.2", title)
        assert page.evaluate(HAS_A_SESSION) is True
        assert page.evaluate(RENEW) == "renewed"
        assert cookies(page)["sid"]["domain"] == "login.example.test"


def test_names_that_lead_nowhere_stay_out_of_reach_of_the_proxy(
    playwright: Playwright, at_okta: Place, tmp_path: Path
) -> None:
    with (
        a_page("proxy", playwright, at_okta, tmp_path) as page,
        pytest.raises(BrowserError, match="ERR_TUNNEL_CONNECTION_FAILED"),
    ):
        page.goto("https://other-org.okta.com")


def cookies(page: Page) -> dict[str, Any]:
    return {cookie["name"]: cookie for cookie in page.context.cookies()}


def french_labels() -> dict[str, str]:
    file = default_directory() / "3.2.2" / "labels" / "json" / "login_fr.json"
    labels: dict[str, str] = json.loads(file.read_text("utf-8"))
    return labels
