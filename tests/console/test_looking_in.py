"""The console shows decisions, tokens, ends and differences, and hears again after a break."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from mock_okta import Config
from mock_okta_harness.running import RunningOrg, org_in_a_thread
from tests.visiting import CHALLENGE, VERIFIER

pytestmark = pytest.mark.browser

LOGIN, SPA = "tester@example.com", "0oa1spa00000000000h7"


@pytest.fixture
def org() -> Iterator[RunningOrg]:
    with org_in_a_thread(Config()) as org:
        yield org


def enter(page: Page, org: RunningOrg, room: str) -> None:
    page.goto(f"{org.url}/_mock/console/{room}")
    expect(page.locator("#room")).not_to_have_attribute("aria-busy", "true")


def tokens_of_an_app(page: Page, org: RunningOrg) -> Any:
    """What an app gets that asks for a refresh token; the browser then has a session."""
    page.request.post(f"{org.url}/_mock/sessions", data={"user": LOGIN})
    client = next(each for each in org.control.org().clients if each.client_id == SPA)
    callback = client.login_redirect_uris[0]
    asked = {
        "client_id": SPA,
        "response_type": "code",
        "scope": "openid offline_access",
        "redirect_uri": callback,
        "state": "s",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    answer = page.request.get(f"{org.issuer()}/v1/authorize?{urlencode(asked)}", max_redirects=0)
    (code,) = re.findall(r"code=([^&]+)", answer.headers["location"])
    form = {
        "client_id": SPA,
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": callback,
        "code_verifier": VERIFIER,
    }
    return page.request.post(f"{org.issuer()}/v1/token", form=form).json()


def test_a_factor_shows_its_code_and_its_qr_code(page: Page, org: RunningOrg) -> None:
    factor = {"factor": "google_otp"}
    org.control.seed({"users": [{"login": LOGIN, "password": "a", "factors": [factor]}]})
    enter(page, org, "users")
    page.get_by_text(LOGIN, exact=True).click()
    (shown,) = org.control.user(LOGIN).factors
    expect(page.get_by_text(shown.passcode, exact=True)).to_be_visible()
    page.get_by_role("button", name="QR code of google_otp").click()
    picture = page.get_by_role("img", name="QR code of google_otp")
    expect(picture).to_be_visible()
    assert picture.evaluate("each => each.decode().then(() => each.naturalWidth)") > 100


def test_sessions_and_refresh_tokens_are_shown_and_ended(page: Page, org: RunningOrg) -> None:
    tokens_of_an_app(page, org)
    enter(page, org, "sessions")
    expect(page.get_by_text("Refresh token 1 works")).to_be_visible()
    page.get_by_role("button", name=f"Revoke the refresh tokens of {LOGIN}").click()
    expect(page.get_by_text("Refresh token 1 revoked")).to_be_visible()
    page.get_by_role("button", name=f"End the session of {LOGIN}").click()
    expect(page.get_by_text("Nobody is signed in.")).to_be_visible()
    assert not org.control.sessions()


def test_a_reused_refresh_token_is_marked_in_its_family(page: Page, org: RunningOrg) -> None:
    form = {"client_id": SPA, "grant_type": "refresh_token"}
    form["refresh_token"] = tokens_of_an_app(page, org)["refresh_token"]
    assert page.request.post(f"{org.issuer()}/v1/token", form=form).ok
    enter(page, org, "sessions")
    family = page.locator("ul.tree ul.tree")  # the second hangs below the first
    expect(family.get_by_text("Refresh token 2 works")).to_be_visible()
    org.control.clock.advance(300)
    assert page.request.post(f"{org.issuer()}/v1/token", form=form).status == 400
    expect(page.get_by_text("used again after its rotation")).to_be_visible()
    expect(family.get_by_text("Refresh token 2 revoked")).to_be_visible()


def test_what_ends_next_has_the_tokens_of_apps_too(page: Page, org: RunningOrg) -> None:
    tokens_of_an_app(page, org)
    enter(page, org, "clock")
    jump = page.get_by_role("button", name=f"Jump just past the end of the access token of {LOGIN}")
    jump.click()
    expect(jump).to_have_count(0)
    refresh = f"Jump just past the end of the refresh token of {LOGIN}"
    expect(page.get_by_role("button", name=refresh)).to_be_visible()


def test_a_preview_says_which_rule_decides_and_what_is_issued(page: Page, org: RunningOrg) -> None:
    enter(page, org, "tokens")
    card = page.locator("section", has_text="What would this user get?")
    card.get_by_role("combobox", name="User").select_option(LOGIN)
    card.get_by_role("button", name="Explain").click()
    expect(card.get_by_role("row", name=re.compile("✓ allows access "))).to_be_visible()
    expect(card.locator("pre", has_text='"scp"')).to_be_visible()
    card.get_by_role("textbox", name="Scopes").fill("made_up")
    card.get_by_role("button", name="Explain").click()
    expect(card.get_by_role("row", name=re.compile("✗ refuses scopes .*made_up"))).to_be_visible()


def test_what_changed_since_a_snapshot_is_shown(page: Page, org: RunningOrg) -> None:
    org.control.take_snapshot("before")
    org.control.remove_user(LOGIN)
    enter(page, org, "state")
    page.get_by_role("button", name="Compare the org with before").click()
    change = page.get_by_role("listitem").filter(has_text="users").filter(has_text="removed")
    change.locator("summary").click()
    expect(change.locator("pre")).to_contain_text(LOGIN)


def test_what_changes_meanwhile_is_shown_and_closes_nothing(page: Page, org: RunningOrg) -> None:
    enter(page, org, "policies")
    place = page.locator("#room")
    expect(place).not_to_have_attribute("aria-busy", "true")
    org.control.seed({"trusted_origins": ["https://first.example"]})
    expect(place.get_by_text("https://first.example").first).to_be_visible()
    opened = place.locator("summary", has_text="https://first.example").locator("..").first
    opened.locator("summary").first.click()
    org.control.seed({"trusted_origins": ["https://second.example"]})
    shows = page.get_by_role("button", name="Show the changes")
    expect(shows).to_be_visible()
    expect(opened).to_have_attribute("open", "")
    expect(place.get_by_text("https://second.example")).to_have_count(0)
    shows.click()
    expect(place.get_by_text("https://second.example").first).to_be_visible()
    expect(shows).to_have_count(0)


def test_an_app_gets_another_redirect_uri(page: Page, org: RunningOrg) -> None:
    enter(page, org, "policies")
    name = next(each.name for each in org.control.org().clients if each.client_id == SPA)
    page.locator("summary", has_text=name).first.click()
    uris = page.get_by_label(f"Sign-in redirect URIs of {name}, one a line")
    uris.fill("http://localhost:4321/in")
    page.get_by_role("button", name="Save the app").and_(page.locator(":visible")).click()
    expect(page.get_by_text("Saved")).to_be_visible()
    client = next(each for each in org.control.org().clients if each.client_id == SPA)
    assert client.login_redirect_uris == ("http://localhost:4321/in",)


@pytest.mark.parametrize(
    ("query", "reason", "yaml"),
    [
        ({"client_id": "0oa1new"}, "no client '0oa1new'", 'client_id: "0oa1new"'),
        ({"scope": "openid made_up"}, "no scope 'made_up'", 'name: "made_up"'),
    ],
)
def test_a_fix_allows_what_was_refused(
    page: Page,
    org: RunningOrg,
    query: dict[str, str],
    reason: str,
    yaml: str,
) -> None:
    client = next(each for each in org.control.org().clients if each.client_id == SPA)
    asked = {
        "client_id": SPA,
        "response_type": "code",
        "scope": "openid",
        "state": "s",
        "redirect_uri": client.login_redirect_uris[0],
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    address = f"{org.issuer()}/v1/authorize?{urlencode(asked | query)}"
    page.request.get(address, max_redirects=0)
    enter(page, org, "requests")
    page.get_by_text(reason).first.click()
    expect(page.locator("pre", has_text=yaml).first).to_be_visible()
    page.get_by_role("button", name="Fix", exact=True).click()
    expect(page.get_by_text("Fixed in the running org")).to_be_visible()
    later = page.request.get(address, max_redirects=0)
    assert (later.status, "error" in later.headers["location"]) == (302, False)


def test_a_fix_trusts_an_origin(page: Page, org: RunningOrg) -> None:
    headers = {"Origin": "http://localhost:4321"}
    me = f"{org.url}/api/v1/sessions/me"
    page.request.get(me, headers=headers)
    enter(page, org, "requests")
    page.get_by_text("origin http://localhost:4321 may not read this").first.click()
    page.get_by_role("button", name="Fix", exact=True).click()
    expect(page.get_by_text("Fixed in the running org")).to_be_visible()
    answer = page.request.get(me, headers=headers)
    assert answer.headers["access-control-allow-origin"] == "http://localhost:4321"


def test_the_address_in_an_answer_leads_to_its_line(page: Page, org: RunningOrg) -> None:
    answer = page.request.post(f"{org.issuer()}/v1/token", form={"grant_type": "none"})
    (address,) = re.findall(r'<([^>]+)>; rel="help"', answer.headers["link"])
    page.goto(org.url + address)
    line = page.locator("details[id][open]")
    expect(line).to_contain_text("/oauth2/default/v1/token")
    expect(line).to_be_in_viewport()


def test_requests_are_saved_as_har_with_their_times(page: Page, org: RunningOrg) -> None:
    page.request.get(f"{org.url}/api/v1/sessions/me")
    enter(page, org, "requests")
    expect(page.get_by_text("/api/v1/sessions/me").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as HAR").click()
    (entry,) = json.loads(download.value.path().read_text())["log"]["entries"]
    assert entry["request"]["url"] == f"{org.url}/api/v1/sessions/me"
    assert entry["time"] > 0


def test_the_console_goes_on_with_another_process_of_the_same_storage(
    page: Page, tmp_path: Path
) -> None:
    storage = f"sqlite:{tmp_path / 'org.db'}"
    with org_in_a_thread(Config(storage=storage)) as org:
        enter(page, org, "outbox")
        expect(page.locator("#live")).to_have_text("● live")
        expect(page.get_by_text("No messages.")).to_be_visible()
        port = urlsplit(org.url).port
    expect(page.locator("#live")).to_have_text("○ not connected")
    with org_in_a_thread(Config(storage=storage, port=port)) as org:
        org.control.change_user(LOGIN, "reset_password")
        expect(page.locator("#live")).to_have_text("● live", timeout=30_000)
        expect(page.get_by_role("link", name="Open the link")).to_be_visible()


def test_the_served_paths_are_searched(page: Page, org: RunningOrg) -> None:
    enter(page, org, "about")
    page.get_by_role("searchbox").fill("/v1/authn/factors")
    expect(page.get_by_text("POST /api/v1/authn/factors", exact=True)).to_be_visible()
    page.get_by_role("searchbox").fill("/api/v1/nothing")
    expect(page.get_by_text("No such path is served.")).to_be_visible()
