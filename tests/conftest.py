"""What all tests of the repository share: an org in the test's own event loop, and its visitors."""

import gc
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from blockbuster import BlockBuster
from playwright.sync_api import BrowserContext, Page

from mock_okta import Config, KeyPool, MockOkta
from mock_okta.model.directory import EngineName
from mock_okta_harness.plugin.event_loops import is_a_coroutine_test, no_running_loop

pytest.register_assert_rewrite(
    "tests.visiting",
    "tests.living",
    "tests.control.planning",
    # Other folders import these before pytest reads the conftest.py beside them.
    "tests.idx.enrolling",
    "tests.idx.following",
    "tests.idx.recovering",
    "tests.idx.shapes",
    "tests.oauth.devices",
    "tests.oauth.holding",
    "tests.oauth.interacting",
    "tests.oauth.sign_in_page",
    "tests.storage.conformance",
    "tests.wire.golden",
)

from tests.storage.redis_server import RedisServer, redis_server  # noqa: E402 -- as the next
from tests.visiting import SEED, Visitor  # noqa: E402 -- after its asserts are set to be rewritten

pytest_plugins = ["pytester"]

# The slow tier, by what a test uses: these fixtures, or what is built on them, start processes.
STARTS_PROCESSES = {"playwright", "pytester", "okta_demo_app_server", "run", "serve"}
SLOW_MARKS = ("browser", "network", "process")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what needs a browser, a process of its own or a package registry."""
    for item in items:
        if _is_slow(item):
            item.add_marker("slow")


def pytest_collection_finish() -> None:
    """Leave the tests themselves out of later garbage collections.

    They are a million objects that all stay, and looking through them takes half a second.
    """
    gc.collect()
    gc.freeze()


def _is_slow(item: pytest.Item) -> bool:
    if item.get_closest_marker("quick") is not None:
        return False
    needs_process = not STARTS_PROCESSES.isdisjoint(getattr(item, "fixturenames", ()))
    return needs_process or any(item.get_closest_marker(mark) for mark in SLOW_MARKS)


@pytest.fixture(autouse=True)
def no_process_starts_in_the_quick_tier(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that starts a process without the marker: it would make the quick tier slow."""
    with pytest.MonkeyPatch.context() as patch:
        if not any(request.node.get_closest_marker(mark) for mark in ("slow", "quick")):
            patch.setattr(subprocess.Popen, "__init__", _refuse_process)
        yield


def _refuse_process(*_: object, **__: object) -> None:
    pytest.fail("this test starts a process: mark it with pytest.mark.process")


@pytest.fixture(autouse=True)
def event_loops_may_be_run(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let tests run event loops of their own after a browser's test on the same worker.

    An open synchronous Playwright leaves its event loop marked as running in the tests' thread.
    """
    if "playwright" in request.fixturenames or is_a_coroutine_test(request.node):
        yield
        return
    with no_running_loop():
        yield


# Where our own code may block the event loop, and why that is no harm.
MAY_BLOCK = (
    ("mock_okta/process/own_thread.py", "__aenter__"),  # the org does not serve yet
    ("mock_okta/process/own_thread.py", "__aexit__"),  # it serves no more
    ("mock_okta/web/pages.py", "_rendered"),  # reads each template once a process
    ("mock_okta/console/routes.py", "_assets"),  # a few small files, once a process
    ("mock_okta/services/world/key_pool.py", "state"),  # a few bytes, once for each server
    ("mock_okta/services/world/key_pool.py", "keep_state"),  # as few, at each rotation
)


@pytest.fixture(autouse=True, scope="session")
def nothing_blocks_the_event_loop() -> Iterator[None]:
    """Fail what blocks an event loop from within `mock_okta`, in any thread.

    It is made once: replacing the functions that block takes as long as a small test.
    """
    guard = BlockBuster(scanned_modules=["mock_okta"])
    for blocking in guard.functions.values():
        blocking.can_block_predicate = _or_beside_the_loop(blocking.can_block_predicate)
        for file, function in MAY_BLOCK:
            blocking.can_block_in(file, function)
    guard.activate()
    yield
    guard.deactivate()


def _or_beside_the_loop(may_block: Callable[..., bool]) -> Callable[..., bool]:
    """Let code block that no event loop called.

    An open synchronous Playwright leaves its event loop marked as running in the tests' thread,
    in a greenlet of its own, where it stands still whenever a test runs.
    """
    return lambda *args, **kwargs: not _called_by_a_loop() or may_block(*args, **kwargs)


def _called_by_a_loop() -> bool:
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_code.co_name == "_run_once":
            return True
    return False


# How many times slower than it is a page's processor shall be: a browser test holds on any machine.
THROTTLE = "TESTS_CPU_THROTTLE"


@pytest.fixture
def new_context(new_context: Callable[..., BrowserContext]) -> Callable[..., BrowserContext]:
    """Slow the pages of a test down, where that is asked for."""
    rate = float(os.environ.get(THROTTLE, "1"))

    def throttle(page: Page) -> None:
        session = page.context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": rate})

    def throttled(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.on("page", throttle)
        return context

    return new_context if rate == 1 else throttled


@pytest.fixture
def browser_of_users(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start browsers that have windows, also where tests are told to take a smaller build.

    Without windows there is no display to miss, third-party cookies are not blocked, and what a
    redirect leads to is not intercepted.
    """
    if "headless-shell" in os.environ.get("MOCK_OKTA_BROWSER", ""):
        monkeypatch.delenv("MOCK_OKTA_BROWSER")


@pytest.fixture(scope="session")
def shared_pool() -> Iterator[KeyPool]:
    """Signing keys of all orgs of the run: generated once."""
    pool = KeyPool()
    yield pool
    pool.close()


@pytest.fixture
def config() -> Config:
    """Override: how `org` is set up."""
    return Config(seed=SEED)


# These modules also run on each storage that lasts: together they use most operations of it.
ON_EACH_STORAGE = (
    "authn/test_lockout.py",
    "control/test_removal.py",
    "oauth/test_code_reuse.py",
    "oauth/test_device.py",
    "oauth/test_refresh_token.py",
)
STORAGES = (
    "memory",
    *(pytest.param(name, marks=pytest.mark.process) for name in ("sqlite", "redis")),
)
_numbers = count()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give the tests of these modules an org on each storage."""
    path = metafunc.definition.path.relative_to(Path(__file__).parent).as_posix()
    if path in ON_EACH_STORAGE and "storage_kind" in metafunc.fixturenames:
        metafunc.parametrize("storage_kind", STORAGES)


@pytest.fixture
def storage_kind() -> str:
    """Where the state of `org` is; the modules above run on each."""
    return "memory"


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One Redis server for all tests of this worker; each test has an org of its own on it."""
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def org_storage(storage_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str | None:
    """Where the state of `org` is, unless its `config` says it."""
    if storage_kind == "sqlite":
        return f"sqlite:{tmp_path / 'org.sqlite'}"
    if storage_kind == "redis":
        server: RedisServer = request.getfixturevalue("redis")
        return server.url(f"org{next(_numbers)}")
    return None


@pytest.fixture
def engine() -> EngineName | None:
    """Override: what signs users in to `org`, if `config` does not say; None: the default."""
    return None


@pytest.fixture
async def org(
    config: Config, engine: EngineName | None, org_storage: str | None, shared_pool: KeyPool
) -> AsyncIterator[MockOkta]:
    """An org for only this test, in its event loop; the test may move `org.clock`."""
    chosen = config.engine or config.seed.org.engine or engine
    config = replace(config, engine=chosen, storage=config.storage or org_storage)
    async with MockOkta(config, key_pool=shared_pool) as org:
        yield org


@pytest.fixture
async def a_visitor(org: MockOkta) -> AsyncIterator[Callable[[], Visitor]]:
    """Make visitors: each is a browser with cookies of its own."""
    async with AsyncExitStack() as stack:

        def new() -> Visitor:
            http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
            stack.push_async_callback(http.close)
            return Visitor(org, http)

        yield new


@pytest.fixture
async def visitor(a_visitor: Callable[[], Visitor]) -> Visitor:
    """Somebody who is not signed in."""
    return a_visitor()


@pytest.fixture
async def http(visitor: Visitor) -> aiohttp.ClientSession:
    """The visitor's plain HTTP client."""
    return visitor.http
