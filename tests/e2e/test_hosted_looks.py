"""The org's own pages in a real browser: they look like the widget, and nothing is missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, Request, Response

from mock_okta import KeyPool
from mock_okta_harness.pages import HomePage, HostedSignInPage
from mock_okta_harness.running import RunningOrg, org_in_a_thread
from tests.e2e.looks import WIDTHS, differences_without_style
from tests.e2e.releases import CLASSIC, NEWEST, OLDEST
from tests.visiting import CALLBACK, CHALLENGE, LOGIN, PASSWORD
from tests.web.org_pages import ASKING, HOME, PAGES_SEED, PROVIDER, SIGN_IN

pytestmark = pytest.mark.browser

_PLAIN_PAGES = ("/activate", "/help/login", f"/idp/{PROVIDER}", "/nowhere")


@pytest.fixture(params=(OLDEST, NEWEST))
def org(request: pytest.FixtureRequest, okta_key_pool: KeyPool) -> Iterator[RunningOrg]:
    """An org with something on each of its pages, and with that release of the widget."""
    config = replace(CLASSIC, seed=PAGES_SEED, widget_version=request.param)
    with org_in_a_thread(config, okta_key_pool) as org:
        yield org


def consent_at(org: RunningOrg) -> str:
    asked = {
        "client_id": ASKING,
        "response_type": "code",
        "scope": "openid must",
        "redirect_uri": CALLBACK,
        "state": "s",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return f"{org.issuer()}/v1/authorize?{urlencode(asked)}"


@contextmanager
def window(browser: Browser, width: int) -> Iterator[Page]:
    with browser.new_context(viewport={"width": width, "height": 900}) as context:
        yield context.new_page()


def sign_in(page: Page, org: RunningOrg) -> None:
    HostedSignInPage.open(page, org.url).form(HomePage).sign_in(LOGIN, PASSWORD)


def not_there(response: Response) -> list[str]:
    is_missing = response.status == 404 and not response.request.is_navigation_request()
    return [response.url] if is_missing else []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_widget_stands_on_our_pages_as_it_does_without_our_style(
    browser: Browser, org: RunningOrg, width: int
) -> None:
    with window(browser, width) as page:
        form = HostedSignInPage.open(page, org.url).form(HomePage)
        assert differences_without_style(page) == []
        form.need_help()
        assert differences_without_style(page) == []
        form.sign_in(LOGIN, PASSWORD)
        page.goto(consent_at(org))
        page.locator("#okta-sign-in .consent-required").wait_for()
        assert differences_without_style(page) == []


def failed(request: Request) -> list[str]:
    """Its URL if it failed by itself: going on to the next page ends what is under way."""
    return [] if "ERR_ABORTED" in (request.failure or "") else [request.url]


def test_no_page_asks_for_what_is_not_there(browser: Browser, org: RunningOrg) -> None:
    missing: list[str] = []
    with window(browser, WIDTHS[0]) as page:
        page.on("requestfailed", lambda request: missing.extend(failed(request)))
        page.on("response", lambda response: missing.extend(not_there(response)))
        for path in (SIGN_IN, *_PLAIN_PAGES, "/signin/reset-password/none"):
            page.goto(org.url + path, wait_until="networkidle")
        sign_in(page, org)
        page.goto(org.url + HOME, wait_until="networkidle")
        page.goto(consent_at(org), wait_until="networkidle")
        page.locator("#okta-sign-in .consent-required").wait_for()
        pictures = page.locator("#okta-sign-in img").evaluate_all(
            "all => all.map(each => [each.src, each.naturalWidth])"
        )
    assert f"{org.url}/img/logos/org.svg" in dict(pictures)
    assert [src for src, width in pictures if not width] == []
    assert missing == []
