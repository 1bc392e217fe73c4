"""What the end-to-end tests share: the real widget in a real browser, seen from both sides."""

import logging
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial

import pytest
from playwright.sync_api import Browser, Page

from mock_okta import Config, KeyPool
from mock_okta_harness.builders import UserBuilder, a_user
from mock_okta_harness.running import DemoApp, RunningOrg, demo_app_process, org_in_a_thread
from tests.e2e.app_page import app_page
from tests.e2e.identity import CALLBACK, WIDGET, Walk
from tests.e2e.landing import Landing, landing
from tests.e2e.looks import Looks
from tests.e2e.observing import Observed, OrgLog
from tests.e2e.releases import CLASSIC
from tests.e2e.screens import Stage
from tests.e2e.shown import promised


@pytest.fixture(scope="session")
def okta_server(okta_key_pool: KeyPool) -> Iterator[RunningOrg]:
    """An org of Classic Engine, for all walks but those that start an org of their own."""
    with org_in_a_thread(CLASSIC, okta_key_pool) as org:
        yield org


@pytest.fixture(scope="session")
def okta_demo_app_server(okta_server: RunningOrg) -> Iterator[DemoApp]:
    """The demo app of that org."""
    with demo_app_process(okta_server) as app:
        yield app


@pytest.fixture
def user(okta_org: RunningOrg) -> UserBuilder:
    user = a_user("tester@example.com", "mock-Password-1")
    okta_org.control.seed(user)
    return user


@pytest.fixture
def observed(page: Page) -> Observed:
    return Observed(page)


@pytest.fixture
def org_log() -> Iterator[OrgLog]:
    logger, log = logging.getLogger("mock_okta"), OrgLog()
    level = logger.level
    logger.addHandler(log)
    logger.setLevel(logging.INFO)
    yield log
    logger.setLevel(level)
    logger.removeHandler(log)


@pytest.fixture
def app_server() -> Iterator[Landing]:
    """The server of an app that the org does not know yet."""
    with landing() as server:
        yield server


@pytest.fixture(scope="session")
def looks(browser: Browser) -> Iterator[Looks]:
    """The hosted page and a bare one, to show screens on."""
    with ExitStack() as stack:
        yield Looks(browser, stack)


@pytest.fixture
def stage(
    request: pytest.FixtureRequest,
    page: Page,
    okta_org: RunningOrg,
    okta_demo_app: DemoApp,
    looks: Looks,
) -> Stage:
    """The widget, in the named release; a walk has to show the screens that it promised."""
    differences = partial(looks.differences, page, okta_org.url, request.param)
    return Stage(page, okta_org, okta_demo_app, request.param, differences)


@pytest.fixture
def hosted_org(request: pytest.FixtureRequest) -> Iterator[RunningOrg]:
    """An org that has the named release on its own pages."""
    with org_in_a_thread(replace(CLASSIC, widget_version=request.param)) as org:
        yield org


@pytest.fixture(scope="session", params=[2, 3])
def identity_page(
    request: pytest.FixtureRequest, okta_key_pool: KeyPool, browser: Browser
) -> Iterator[Walk]:
    """A page for all walks of one generation: the widget is loaded once."""
    engine = Config(engine="identity", widget_version=WIDGET, widget_generation=request.param)
    with org_in_a_thread(engine, okta_key_pool) as org, app_page() as app:
        context = browser.new_context(locale="en-US")
        page, callback = context.new_page(), f"{app.url}{CALLBACK}"
        yield Walk(page, org, request.param, callback=callback, server=app)
        context.close()


@pytest.fixture
def walk(identity_page: Walk) -> Walk:
    """A walk through an org of the Identity Engine as it was at its start."""
    identity_page.control.reset()
    return identity_page


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Fail a walk that does not show the screens that it promised."""
    done = yield
    mark, stage = pyfuncitem.get_closest_marker("shows"), pyfuncitem.funcargs.get("stage")
    if mark and isinstance(stage, Stage):
        assert stage.shown == promised(mark, stage.widget)
    return done
