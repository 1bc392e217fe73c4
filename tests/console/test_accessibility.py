"""axe finds nothing to mend in any room, light or dark."""

import tarfile
from datetime import timedelta
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, expect

from mock_okta import Config
from mock_okta.browser.widget.npm import pack
from mock_okta_harness.running import org_in_a_thread

pytestmark = [pytest.mark.browser, pytest.mark.network]

ROOMS = ("", "/requests", "/users", "/outbox", "/push", "/clock", "/faults", "/tokens", "/state")
FINDINGS = """async () => (await axe.run()).violations.flatMap((each) => each.nodes.map(
    (node) => `${each.id}: ${node.target} ${node.failureSummary}`))"""


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core, as npm has it."""
    tarball = pack("axe-core@4.10.3", tmp_path_factory.mktemp("axe"), timedelta(minutes=2))
    with tarfile.open(tarball) as files:
        script = files.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    context: BrowserContext, axe: str, scheme: Literal["light", "dark"]
) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme=scheme)
    page.add_init_script(axe)
    with org_in_a_thread(Config()) as org:
        org.control.change_user("tester@example.com", "reset_password")
        page.request.get(f"{org.url}/oauth2/default/v1/authorize?client_id=nobody")
        for room in ROOMS:
            page.goto(f"{org.url}/_mock/console{room}")
            expect(page.locator("#room")).not_to_have_attribute("aria-busy", "true")
            expect(page.locator("#live")).to_have_text("● live")
            assert page.evaluate(FINDINGS) == [], room
