"""What the end-to-end tests share: the real widget in a real browser, seen from both sides."""

import logging
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from mock_okta_harness.builders import UserBuilder, a_user
from mock_okta_harness.running import RunningOrg
from tests.e2e.landing import Landing, landing
from tests.e2e.observing import Observed, OrgLog


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
