"""Takes the pictures of the org's pages and the console that the docs show: `nox -s pictures`.

`python docs/_reference/pictures.py FOLDER` takes them in all looks: light, dark and on a phone.
"""

import sys
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, expect, sync_playwright

from mock_okta import Config
from mock_okta.console.rooms import ROOMS, Room
from mock_okta_harness import faults
from mock_okta_harness.browser import launch_options
from mock_okta_harness.pages import HomePage, HostedSignInPage
from mock_okta_harness.running import RunningOrg, org_in_a_thread

IMAGES = Path(__file__).parent.parent / "images"
ANN, PASSWORD = "ann@example.com", "mock-Password-1"
BOB, SPA = "bob@example.com", "0oa1spa00000000000h7"


class Look(NamedTuple):
    """How a page is shown; `suffix` is in the file's name."""

    suffix: str
    scheme: Literal["light", "dark"]
    width: int


LIGHT = Look("", "light", 960)
LOOKS = (LIGHT, Look("-dark", "dark", 960), Look("-phone", "light", 360))


def main(folder: Path | None) -> None:
    """Take them; only the light ones, for the docs, without a folder."""
    with sync_playwright() as playwright, org_in_a_thread(Config()) as org:
        _live_in(org)
        browser = playwright.chromium.launch(**launch_options())
        for look in LOOKS if folder else (LIGHT,):
            _take_first(browser, org, look, folder or IMAGES)
            _take_all(browser, org, look, folder or IMAGES)
        browser.close()


def _live_in(org: RunningOrg) -> None:
    """Let each room have something to show."""
    factors = [{"factor": "google_otp"}, {"factor": "okta_push", "number_challenge": True}]
    user = {"login": ANN, "password": PASSWORD, "factors": factors}
    rules = [{"name": "Ann", "users": [ANN], "require_factor": True}, {"name": "Everybody"}]
    bob = {"login": BOB, "password": PASSWORD}
    org.control.seed({"users": [user, bob], "sign_on_policies": [{"rules": rules}]})
    org.control.take_snapshot("before")
    org.control.change_user(BOB, "reset_password")
    org.control.plan_fault(faults.status(503).on("*/v1/token"))


def _take_first(browser: Browser, org: RunningOrg, look: Look, folder: Path) -> None:
    """Take what `mock-okta serve --open` shows: the sign-in page, and the signed-in user's page."""
    page = browser.new_page(viewport={"width": look.width, "height": 640}, color_scheme=look.scheme)
    identify = HostedSignInPage.open(page, org.url).identify(leads_to=HomePage)
    page.screenshot(path=folder / f"org-sign-in{look.suffix}.png")
    identify.sign_in("tester@example.com", PASSWORD)
    page.screenshot(path=folder / f"org-home{look.suffix}.png")
    page.close()


def _take_all(browser: Browser, org: RunningOrg, look: Look, folder: Path) -> None:
    page = browser.new_page(viewport={"width": look.width, "height": 640}, color_scheme=look.scheme)
    _visit(page, org)
    for room in ROOMS:
        page.goto(org.url + room.path)
        expect(page.locator("#room")).not_to_have_attribute("aria-busy", "true")
        expect(page.locator("#live")).to_have_text("● live")
        _open(page, room)
        page.screenshot(path=folder / f"console-{room.name}{look.suffix}.png")
    page.close()


def _visit(page: Page, org: RunningOrg) -> None:
    """Sign in, be refused, and let a push wait."""
    asked = {"client_id": SPA, "response_type": "code", "scope": "openid", "state": "s"}
    refused = asked | {"redirect_uri": "http://localhost:9999/new"}
    page.request.get(f"{org.issuer()}/v1/authorize?{urlencode(refused)}")
    page.request.post(f"{org.url}/_mock/sessions", data={"user": ANN})
    authn = f"{org.url}/api/v1/authn"
    begun = page.request.post(authn, data={"username": ANN, "password": PASSWORD}).json()
    (push,) = [each for each in begun["_embedded"]["factors"] if each["factorType"] == "push"]
    asked = {"stateToken": begun["stateToken"]}
    page.request.post(f"{authn}/factors/{push['id']}/verify", data=asked)


def _open(page: Page, room: Room) -> None:
    """Show what is most worth seeing in the room."""
    match room.name:
        case "requests":
            page.get_by_text("is not in login_redirect_uris").first.click()
        case "users":
            line = page.locator("summary", has_text=ANN)
            line.click()
            page.get_by_role("button", name="QR code of google_otp").click()
            line.evaluate("each => each.scrollIntoView()")
        case "tokens" | "policies":
            page.get_by_role("button", name="Explain").click()
            expect(page.get_by_role("region", name="Decisions")).to_be_visible()
        case "state":
            page.get_by_role("button", name="Compare the org with before").first.click()
        case "gallery":
            _show_a_screen(page)


def _show_a_screen(page: Page) -> None:
    prepare = page.get_by_role("button", name="Prepare the org")
    if prepare.is_visible():
        prepare.click()
    expect(page.get_by_role("button", name="Take it away")).to_be_visible()
    page.get_by_role("combobox", name="Release").select_option("7.49.0, Identity Engine")
    page.get_by_role("combobox", name="Screen").select_option("Enroll: choices")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("live, as any widget.")).to_be_visible()
    expect(page.locator("#toast")).to_be_empty(timeout=20_000)
    page.get_by_role("heading", name="A screen").evaluate("each => each.scrollIntoView()")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
