"""The page's own library checks what it is handed: tokens that the org did not sign are refused.

The org itself is honest: what is false is put in between by Playwright, on the way to the page.
"""

import base64
import json

import pytest
from playwright.sync_api import Page, Route

from mock_okta import Config
from mock_okta.control.fetching import fetch
from mock_okta_harness.builders import UserBuilder
from mock_okta_harness.pages import DemoPage
from mock_okta_harness.running import DemoApp, RunningOrg, org_in_a_thread
from tests.e2e.generations import (
    GENERATIONS,
    Generation,
    oldest_and_newest_verifying,
)
from tests.e2e.observing import Observed

pytestmark = pytest.mark.browser

KEYS = "/v1/keys"
# Runs before the page's own scripts: does to the fragment what `changed` does to an ID token.
CHANGE_THE_FRAGMENT = """
location.hash = location.hash.replace(/(id_token=[^.]+[.])([^.]+)/, (_, before, payload) => {
  const claims = JSON.parse(atob(payload.replace(/-/g, "+").replace(/_/g, "/")));
  claims.email = "somebody-else@example.com";
  const changed = btoa(JSON.stringify(claims));
  return before + changed.replace(/[+]/g, "-").replace(/[/]/g, "_").replace(/=+$/, "");
});
"""


@pytest.fixture(scope="module")
def foreign_key() -> dict[str, str]:
    """The public key of another org, which has keys of its own."""
    with org_in_a_thread(Config()) as foreign:
        return published_key(foreign)


@oldest_and_newest_verifying
def test_a_token_that_another_key_signed_is_refused(
    page: Page,
    okta_org: RunningOrg,
    okta_demo_app: DemoApp,
    user: UserBuilder,
    observed: Observed,
    foreign_key: dict[str, str],
    generation: Generation,
) -> None:
    under_the_same_name = {**foreign_key, "kid": published_key(okta_org)["kid"]}
    publish(page, under_the_same_name)
    demo = sign_in(page, okta_demo_app, user, generation)
    is_refused(demo, observed)
    assert "signature is not valid" in demo.error()


@oldest_and_newest_verifying
def test_a_token_whose_key_is_not_published_is_refused(
    page: Page,
    okta_demo_app: DemoApp,
    user: UserBuilder,
    observed: Observed,
    foreign_key: dict[str, str],
    generation: Generation,
) -> None:
    publish(page, foreign_key)
    demo = sign_in(page, okta_demo_app, user, generation)
    is_refused(demo, observed)
    assert "was not found in the server" in demo.error()


@oldest_and_newest_verifying
def test_a_token_that_was_changed_on_the_way_is_refused(
    page: Page,
    okta_demo_app: DemoApp,
    user: UserBuilder,
    observed: Observed,
    generation: Generation,
) -> None:
    change_on_the_way(page, generation)
    demo = sign_in(page, okta_demo_app, user, generation)
    is_refused(demo, observed)
    assert "signature is not valid" in demo.error()


def test_widget_2_takes_a_changed_token_for_it_checks_no_signature(
    page: Page, okta_demo_app: DemoApp, user: UserBuilder
) -> None:
    change_on_the_way(page, GENERATIONS[0])
    demo = sign_in(page, okta_demo_app, user, GENERATIONS[0])
    assert demo.greeting() == "Hello, somebody-else@example.com"
    assert demo.verified() == "claims"


def sign_in(page: Page, app: DemoApp, user: UserBuilder, generation: Generation) -> DemoPage:
    form = DemoPage.open(page, app.url, widget=generation.widget).sign_in_form()
    return form.sign_in(user.login, user.password)


def is_refused(demo: DemoPage, observed: Observed) -> None:
    assert demo.state() == "error"
    assert observed.greetings == []
    stored = demo.stored_tokens()
    assert (stored.access_token, stored.id_token) == (None, None)


def published_key(org: RunningOrg) -> dict[str, str]:
    _, content = fetch(org.issuer() + KEYS)
    key: dict[str, str] = json.loads(content)["keys"][0]
    return key


def publish(page: Page, key: dict[str, str]) -> None:
    """Let the page find only this key instead of the org's keys."""
    page.route(
        f"**{KEYS}", lambda route: route.fulfill(response=route.fetch(), json={"keys": [key]})
    )


def change_on_the_way(page: Page, generation: Generation) -> None:
    """Put somebody else's address into the ID token, under the signature that it has."""
    if "code" in generation.brings:
        page.route("**/v1/token", change_the_token_response)
    else:
        page.add_init_script(CHANGE_THE_FRAGMENT)


def change_the_token_response(route: Route) -> None:
    response = route.fetch()
    tokens = response.json()
    tokens["id_token"] = changed(tokens["id_token"])
    route.fulfill(response=response, json=tokens)


def changed(token: str) -> str:
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    claims["email"] = "somebody-else@example.com"
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"{header}.{payload}.{signature}"
