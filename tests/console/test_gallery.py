"""The gallery in a real browser: the real widget's screens, each in the wanted state."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from mock_okta import Config
from mock_okta.browser.widget.releases import SUPPORTED, Releases, default_directory
from mock_okta_harness.running import RunningOrg, org_in_a_thread

pytestmark = [pytest.mark.browser, pytest.mark.network]

PATIENCE = 60_000  # a slow machine needs seconds to run the widget's script
CLASSIC: Mapping[str, str] = MappingProxyType(
    {
        "Sign in": "Sign In",
        "Forgot password": "Reset Password",
        "Second factor: google-authenticator": "Google Authenticator",
        "Second factor: sms, sent": "Sent|SMS",
        "Second factor: push, sent": "Push sent",
        "Enroll: choices": "Set up multifactor authentication",
        "Enroll: Google Authenticator": "Setup Google Authenticator",
        "Password expired": "password has expired",
        "Reset password, from the e-mail": "Reset your .*password",
    }
)
IDENTITY: Mapping[str, str] = MappingProxyType(
    {
        "Identify": "Sign In",
        "Password": "Verify with your password",
        "Verify: any of several": "Verify it's you with a security method",
        "Verify: sms": "Verify with your phone",
        "Enroll: choices": "Set up security methods",
        "Enroll: Google Authenticator": "Scan barcode|Set up Google Authenticator",
        "Password expired": "password has expired|Your password",
    }
)
KINDS = [
    *((f"{release}, Classic Engine", CLASSIC) for release in SUPPORTED),
    ("7.49.0, Identity Engine", IDENTITY),
    ("7.49.0, Identity Engine, third generation", IDENTITY),
]


@pytest.fixture
def gallery(page: Page) -> Iterator[RunningOrg]:
    """An org that is prepared for the gallery, with its room open; all releases are installed."""
    for version in SUPPORTED:
        Releases(default_directory()).install(version)
    with org_in_a_thread(Config()) as org:
        page.goto(f"{org.url}/_mock/console/gallery")
        page.get_by_role("button", name="Prepare the org").click()
        expect(page.get_by_role("button", name="Take it away")).to_be_visible()
        yield org


def show(page: Page, kind: str, screen: str) -> FrameLocator:
    """Open a screen; its frame."""
    page.get_by_role("combobox", name="Release").select_option(kind)
    page.get_by_role("combobox", name="Screen").select_option(screen)
    page.get_by_role("button", name="Show", exact=True).click()
    said = page.get_by_text(f"{screen}, {kind}: live, as any widget.")
    expect(said).to_be_visible(timeout=PATIENCE)
    return page.frame_locator("iframe")


@pytest.mark.usefixtures("gallery")
@pytest.mark.parametrize(("kind", "screens"), KINDS)
def test_screens_are_shown_in_the_wanted_state(
    page: Page, kind: str, screens: Mapping[str, str]
) -> None:
    for screen, text in screens.items():
        widget = show(page, kind, screen).locator("#okta-sign-in")
        expect(widget, screen).to_contain_text(re.compile(text), timeout=PATIENCE)


def test_the_browser_keeps_its_own_session(page: Page, gallery: RunningOrg) -> None:
    page.request.post(f"{gallery.url}/_mock/sessions", data={"user": "tester@example.com"})
    show(page, "7.49.0, Identity Engine", "Enroll: choices")
    me = page.request.get(f"{gallery.url}/api/v1/sessions/me").json()
    assert me["login"] == "tester@example.com"


@pytest.mark.usefixtures("gallery")
def test_a_configuration_and_css_are_taken_and_script_is_not(page: Page) -> None:
    bad = "<img src=x onerror='document.body.dataset.hurt=1'>"
    page.get_by_text("Your configuration and CSS").click()
    config = page.get_by_label("Configuration of the widget as JSON")
    config.fill(f'{{"i18n": {{"en": {{"primaryauth.title": "Welcome {bad}"}}}}, "baseUrl": "x:"}}')
    page.get_by_label("CSS", exact=True).fill("#okta-sign-in { letter-spacing: 7px; }")
    for kind in ("2.21.0, Classic Engine", "7.49.0, Classic Engine"):
        frame = show(page, kind, "Sign in")
        expect(frame.locator("#okta-sign-in")).to_contain_text("Welcome")
        expect(frame.locator("#okta-sign-in")).to_have_css("letter-spacing", "7px")
        expect(frame.locator("body")).not_to_have_attribute("data-hurt", "1")
    config.fill("alert(1)")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("The configuration is not JSON")).to_be_visible()


def test_what_it_added_is_taken_away(page: Page, gallery: RunningOrg) -> None:
    before = gallery.control.export()["users"]
    assert any(user["login"].startswith("gallery-") for user in before)
    page.get_by_role("button", name="Take it away").click()
    expect(page.get_by_role("button", name="Prepare the org")).to_be_visible()
    org = gallery.control.export()
    assert not any(user["login"].startswith("gallery-") for user in org["users"])
    assert not any(each["name"] == "Gallery" for each in org.get("sign_on_policies", ()))


@pytest.mark.parametrize("policies", [[], [{"rules": [{"max_session_idle_minutes": 7}]}]])
def test_the_policies_of_others_stay(page: Page, policies: list[dict[str, object]]) -> None:
    with org_in_a_thread(Config()) as org:
        org.control.seed({"sign_on_policies": policies})
        page.goto(f"{org.url}/_mock/console/gallery")
        page.get_by_role("button", name="Prepare the org").click()
        expect(page.get_by_role("button", name="Take it away")).to_be_visible()
        names = [each.get("name") for each in org.control.export()["sign_on_policies"]]
        assert names[0] == "Gallery"
        page.request.post(f"{org.url}/_mock/sessions", data={"user": "tester@example.com"})
        (session,) = org.control.sessions()
        minutes = 7 if policies else 120
        assert session.expires_at - session.created_at == timedelta(minutes=minutes)
