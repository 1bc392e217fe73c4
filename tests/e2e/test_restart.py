"""One browser context, and an org that gets new keys under its feet.

A browser, and the page's own library in its storage, keep what they were told of the keys: a
sign-in after a change has to find the new ones all the same.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import jwt
import pytest
from playwright.sync_api import Page

from mock_okta_harness.builders import a_user
from mock_okta_harness.pages import DemoPage
from mock_okta_harness.running import RunningOrg, demo_app_process, org_in_a_thread
from tests.e2e.generations import Generation, oldest_and_newest
from tests.e2e.releases import CLASSIC

pytestmark = pytest.mark.browser

USER = a_user()


class World:
    """An org that can be stopped and started again where it was, and the app beside it."""

    def __init__(self, state_dir: Path | None) -> None:
        self._state_dir = state_dir
        self._running = ExitStack()
        self._around = ExitStack()
        self.org = self._started(port=0)
        self.app = self._around.enter_context(demo_app_process(self.org))
        self.org.control.seed(self.app.as_client())

    def restart(self) -> None:
        """Stop the org, and start another one on its port."""
        self._running.close()
        self.org = self._started(port=urlsplit(self.org.url).port or 0)
        self.org.control.seed(self.app.as_client())

    def close(self) -> None:
        self._around.close()
        self._running.close()

    def _started(self, port: int) -> RunningOrg:
        config = replace(CLASSIC, port=port, state_dir=self._state_dir)
        return self._running.enter_context(org_in_a_thread(config))


@pytest.fixture(scope="module")
def forgetful() -> Iterator[World]:
    """Its org keeps nothing: each start has new keys."""
    world = World(None)
    yield world
    world.close()


@pytest.fixture(scope="module")
def keeping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Its org keeps its keys in a folder, so browsers may keep them too."""
    world = World(tmp_path_factory.mktemp("state"))
    yield world
    world.close()


@oldest_and_newest
def test_a_restart_with_new_keys_on_the_same_port_lets_the_same_browser_in(
    page: Page, forgetful: World, generation: Generation
) -> None:
    first = key_of(sign_in(page, forgetful, generation))
    forgetful.restart()
    demo = DemoPage.open(page, forgetful.app.url, widget=generation.widget)
    assert demo.state() == "signed-out"
    demo = sign_in(page, forgetful, generation)
    assert demo.greeting() == f"Hello, {USER.login}"
    assert demo.verified() == generation.verified
    assert key_of(demo) != first


@oldest_and_newest
def test_a_rotation_of_keys_lets_the_same_browser_renew_and_sign_in(
    page: Page, forgetful: World, generation: Generation
) -> None:
    demo = sign_in(page, forgetful, generation)
    first = key_of(demo)
    forgetful.org.control.rotate_keys()
    demo.renew_tokens()
    assert demo.error() == ""
    second = key_of(demo)
    assert second != first
    demo.sign_out()
    forgetful.org.control.rotate_keys()
    demo = sign_in(page, forgetful, generation)
    assert demo.greeting() == f"Hello, {USER.login}"
    assert key_of(demo) not in (first, second)


@oldest_and_newest
def test_keys_that_are_kept_may_be_cached_through_a_rotation_and_a_restart(
    page: Page, keeping: World, generation: Generation
) -> None:
    first = key_of(sign_in(page, keeping, generation))
    kept = page.request.get(f"{keeping.org.issuer()}/v1/keys")
    assert "max-age=" in kept.headers["cache-control"]
    assert len(kept.json()["keys"]) > 1, "the next key is published ahead of its use"
    keeping.org.control.rotate_keys()
    DemoPage.open(page, keeping.app.url, widget=generation.widget).sign_out()
    second = key_of(sign_in(page, keeping, generation))
    assert second != first
    keeping.restart()
    demo = sign_in(page, keeping, generation)
    assert demo.greeting() == f"Hello, {USER.login}"
    assert demo.verified() == generation.verified
    assert key_of(demo) == second


def sign_in(page: Page, world: World, generation: Generation) -> DemoPage:
    form = DemoPage.open(page, world.app.url, widget=generation.widget).sign_in_form()
    return form.sign_in(USER.login, USER.password)


def key_of(demo: DemoPage) -> str:
    """The id of the key that signed the ID token which the page keeps."""
    token = demo.stored_tokens().id_token
    assert token is not None
    kid: str = jwt.get_unverified_header(token)["kid"]
    return kid
