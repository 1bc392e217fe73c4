"""axe finds nothing to mend in any room, light or dark, wide or on a phone."""

import tarfile
from datetime import timedelta
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from mock_okta import Config
from mock_okta.browser.widget.npm import pack
from mock_okta.console.rooms import ROOMS
from mock_okta_harness import faults
from mock_okta_harness.running import RunningOrg, org_in_a_thread

pytestmark = [pytest.mark.browser, pytest.mark.network]

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
FINDINGS = """async () => (await axe.run()).violations.flatMap((each) => each.nodes.map(
    (node) => `${each.id}: ${node.target} ${node.failureSummary}`))"""

OPEN_ALL = "() => document.querySelectorAll('details').forEach((each) => (each.open = true))"


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core, as npm has it."""
    tarball = pack("axe-core@4.10.3", tmp_path_factory.mktemp("axe"), timedelta(minutes=2))
    with tarfile.open(tarball) as files:
        script = files.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode()


def test_axe_finds_nothing(context: BrowserContext, axe: str) -> None:
    page = context.new_page()
    page.add_init_script(axe)
    with org_in_a_thread(Config()) as org:
        _use(page, org)
        for room in ROOMS:
            page.goto(org.url + room.path)
            expect(page.locator("#room")).not_to_have_attribute("aria-busy", "true")
            expect(page.locator("#live")).to_have_text("● live")
            assert _findings(page) == [], room.name
            page.evaluate(OPEN_ALL)
            assert _findings(page) == [], f"{room.name}, with its details"


def _findings(page: Page) -> list[str]:
    """Look at the page as it is, light and dark, wide and on a phone."""
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            found += [f"{scheme}, {width} px: {each}" for each in page.evaluate(FINDINGS)]
    return found


def _use(page: Page, org: RunningOrg) -> None:
    """Let each room have something to show."""
    factors = [{"factor": "google_otp"}, {"factor": "okta_push"}]
    user = {"login": "ann@example.com", "password": "mock-Password-1", "factors": factors}
    org.control.seed({"users": [user]})
    org.control.change_user("tester@example.com", "reset_password")
    org.control.take_snapshot("before")
    org.control.plan_fault(faults.status(503).on("/nowhere"))
    page.request.get(f"{org.url}/oauth2/default/v1/authorize?client_id=nobody")
    page.request.post(f"{org.url}/_mock/sessions", data={"user": "ann@example.com"})
