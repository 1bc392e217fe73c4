"""The pytest plugin: fixtures for a running org, for sync and async tests side by side.

Every setting is a fixture that a project can override in its `conftest.py`. Loading this module
imports no server and no browser driver: what a fixture needs is imported when a test uses the
fixture.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from mock_okta_harness.plugin.event_loops import (
    is_a_coroutine_test,
    no_running_loop,
    torn_down_as_set_up,
)
from mock_okta_harness.plugin.markers import has_marks, register
from mock_okta_harness.plugin.missing_extras import quiet_a_fixture_of_playwright
from mock_okta_harness.plugin.options import (
    add_options,
    check_choices,
    engine_choice,
    keeps_keys,
    org_elsewhere,
    refuse_to_share,
    scope_choice,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from mock_okta import Config, KeyPool
    from mock_okta_harness.builders import UserBuilder
    from mock_okta_harness.control import Control
    from mock_okta_harness.plugin.one_clock import OneClock
    from mock_okta_harness.running import DemoApp, RunningOrg

_ANOTHER_CONFIG = (
    "This test's okta_config is not that of its org, which was started before for a test with "
    "another okta_config. Put the fixture into the conftest.py above all tests, or start an org "
    "for each part that has its own fixture, such as okta_scope = module."
)
# More of our fixtures that need no other plugin.
_OWN = (
    "mock_okta_harness.plugin.tokens",
    "mock_okta_harness.plugin.domains",
    "mock_okta_harness.plugin.reporting",
    "mock_okta_harness.plugin.missing_extras",
)
# Our fixtures for other plugins, by the names under which those plugins are registered.
_COMPANIONS = {
    "playwright": "mock_okta_harness.plugin.browser_fixtures",
    "aiohttp": "mock_okta_harness.plugin.aiohttp_fixtures",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--okta-url`, `--okta-scope` and the others."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Register our fixtures for installed plugins, after them, so that ours override theirs."""
    check_choices(config)
    register(config)
    quiet_a_fixture_of_playwright(config)
    for own in _OWN:
        config.pluginmanager.register(import_module(own), own)
    for theirs, ours in _COMPANIONS.items():
        if config.pluginmanager.hasplugin(theirs):
            config.pluginmanager.register(import_module(ours), ours)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let async tests run while a synchronous Playwright is open."""
    if not is_a_coroutine_test(item):
        return (yield)
    with no_running_loop():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object],
) -> Generator[None, object, object]:
    """Let browsers and pages be closed after async tests."""
    return (yield from torn_down_as_set_up(fixturedef))


@pytest.fixture(scope="session")
def okta_config(request: pytest.FixtureRequest) -> Config:
    """Override this in `conftest.py`: how the org is set up. The default: http on a free port.

    `okta_engine` decides what signs users in.
    """
    from mock_okta import Config  # noqa: PLC0415 -- only what starts an org imports the server

    return Config(engine=engine_choice(request.config))


@pytest.fixture(scope="session")
def okta_key_pool() -> Iterator[KeyPool | None]:
    """The signing keys of all orgs of the test session, generated once."""
    from mock_okta import KeyPool  # noqa: PLC0415 -- only what starts an org imports the server

    pool = KeyPool()
    yield pool
    pool.close()


@pytest.fixture(scope=scope_choice)
def okta_server(request: pytest.FixtureRequest) -> Iterator[RunningOrg]:
    """The org of the session (see `okta_scope`), or that of `--okta-url`.

    Use it in fixtures with a wider scope than a test, such as an app that is started once: it has
    `url` and `issuer()`. It runs in its own thread; each test with `okta_org` resets it first.
    """
    from mock_okta_harness.running import RunningOrg, org_in_a_thread  # noqa: PLC0415 -- lazy

    elsewhere = org_elsewhere(request.config)
    if elsewhere:
        yield RunningOrg(
            elsewhere.public_url,
            elsewhere.ca_file,
            token=elsewhere.token,
            local_url=elsewhere.url,
            routes=elsewhere.routes,
        )
        return
    config = request.getfixturevalue("okta_config")
    keeps = keeps_keys(request.config, config.state_dir)
    pool = None if keeps else request.getfixturevalue("okta_key_pool")
    # The org's certificate for other servers includes your app's names.
    names = [name.rpartition(":")[0] for name in request.getfixturevalue("okta_app_routes")]
    with org_in_a_thread(config, pool, names) as org:
        yield replace(org, config=config)


@pytest.fixture(autouse=True)
def okta_marks(request: pytest.FixtureRequest) -> None:
    """Give a test with one of our markers an org, even if it does not use `okta_org`."""
    if "okta_org_in_loop" not in request.fixturenames and has_marks(request.node):
        request.getfixturevalue("okta_org")


@pytest.fixture
def okta_org(request: pytest.FixtureRequest, okta_server: RunningOrg) -> Iterator[RunningOrg]:
    """A running org, reset for this test and set up by the test's markers.

    It has `url`, `issuer()`, `control`, `ca_file`.
    """
    from mock_okta_harness.plugin.per_test import OrgOfATest  # noqa: PLC0415 -- lazy

    refuse_to_share(request.config)
    _refuse_another_config(request, okta_server)
    okta_server.control.reset()
    org_of_this_test = OrgOfATest(request.node, okta_server.control)
    org_of_this_test.begin()
    yield okta_server
    org_of_this_test.end()


def _refuse_another_config(request: pytest.FixtureRequest, org: RunningOrg) -> None:
    """Fail a test whose org was started with another config."""
    if org.config is not None and org.config != request.getfixturevalue("okta_config"):
        pytest.fail(_ANOTHER_CONFIG, pytrace=False)


@pytest.fixture
def okta_url(okta_org: RunningOrg) -> str:
    """The org's URL."""
    return okta_org.url


@pytest.fixture
def okta_issuer(okta_org: RunningOrg) -> str:
    """The issuer of the org's authorization server `default`."""
    return okta_org.issuer()


@pytest.fixture
def okta_control(okta_org: RunningOrg) -> Control:
    """The org's control API: seed, reset, clock, outbox."""
    return okta_org.control


@pytest.fixture
def okta_clock(okta_control: Control) -> OneClock:
    """The org's clock; the browser contexts of Playwright's fixtures follow it.

    For contexts that a test creates itself, call `okta_clock.follow(context)`.
    """
    from mock_okta_harness.plugin.one_clock import OneClock  # noqa: PLC0415 -- lazy

    return OneClock(okta_control.clock)


@pytest.fixture
def okta_user() -> UserBuilder:
    """Override this: the user that `signed_in_page` creates and signs in."""
    from mock_okta_harness.builders import a_user  # noqa: PLC0415 -- lazy

    return a_user()


@pytest.fixture(scope=scope_choice)
def okta_demo_app_server(okta_server: RunningOrg) -> Iterator[DemoApp]:
    """The demo app's process; it lives as long as the org."""
    from mock_okta_harness.running import demo_app_process  # noqa: PLC0415 -- lazy

    with demo_app_process(okta_server) as app:
        yield app


@pytest.fixture
def okta_demo_app(okta_demo_app_server: DemoApp, okta_control: Control) -> DemoApp:
    """The demo app, added to the org."""
    okta_control.seed(okta_demo_app_server.as_client())
    return okta_demo_app_server
