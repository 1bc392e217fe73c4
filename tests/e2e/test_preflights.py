"""Cross-origin calls from a browser: preflights reach the org, and refusals are logged.

No test here installs a Playwright route: with one, Playwright itself answers the preflights.
"""

import pytest
from playwright.sync_api import Page

from mock_okta_harness.builders import UserBuilder
from mock_okta_harness.pages import DemoPage
from mock_okta_harness.running import DemoApp, RunningOrg
from tests.e2e.generations import Generation, oldest_and_newest
from tests.e2e.observing import Observed, OrgLog

pytestmark = pytest.mark.browser


@oldest_and_newest
def test_the_org_sees_a_preflight_before_every_call_of_a_sign_in(
    page: Page,
    okta_org: RunningOrg,
    okta_demo_app: DemoApp,
    user: UserBuilder,
    observed: Observed,
    org_log: OrgLog,
    generation: Generation,
) -> None:
    demo = DemoPage.open(page, okta_demo_app.url, widget=generation.widget)
    demo = demo.sign_in_form().sign_in(user.login, user.password)
    demo.get_messages().renew_tokens().sign_out()
    calls = observed.calls_of(okta_org.url)
    assert calls == generation.calls
    seen = org_log.requests()
    for call in calls:
        preflight = f"OPTIONS {call.partition(' ')[2]}"
        assert preflight in seen[: seen.index(call)], call
        assert set(org_log.statuses(preflight)) == {204}


@oldest_and_newest
def test_an_origin_that_is_not_trusted_cannot_sign_in_and_the_log_says_what_to_add(
    page: Page,
    okta_org: RunningOrg,
    okta_demo_app_server: DemoApp,
    user: UserBuilder,
    org_log: OrgLog,
    generation: Generation,
) -> None:
    app = okta_demo_app_server.url
    assert app not in okta_org.control.org().trusted_origins
    form = DemoPage.open(page, app, widget=generation.widget).sign_in_form()
    form.get_no_answer(user.login, user.password)
    assert generation.unreachable in form.error()
    assert "POST /api/v1/authn" not in org_log.requests()
    advice = f"origin {app} may not read this: add {app} to a client's base_uris"
    refused = [warning for warning in org_log.warnings() if advice in warning]
    assert any(warning.startswith("OPTIONS /api/v1/authn") for warning in refused)
    assert any(f"--origin {app}" in warning for warning in refused)
    okta_org.control.seed(okta_demo_app_server.as_client())
    demo = DemoPage.open(page, app, widget=generation.widget)
    demo = demo.sign_in_form().sign_in(user.login, user.password)
    assert demo.greeting() == f"Hello, {user.login}"
