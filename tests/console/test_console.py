"""The console in a real browser: each room shows the org, and changes it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from mock_okta import Config
from mock_okta_harness.running import RunningOrg, org_in_a_thread

pytestmark = pytest.mark.browser

LOGIN = "tester@example.com"
SPA = "0oa1spa00000000000h7"
ROOMS = (
    "requests",
    "users",
    "outbox",
    "push",
    "clock",
    "faults",
    "tokens",
    "sessions",
    "state",
    "policies",
    "about",
)


@pytest.fixture
def org() -> Iterator[RunningOrg]:
    with org_in_a_thread(Config()) as org:
        yield org


def enter(page: Page, org: RunningOrg, room: str = "") -> None:
    page.goto(f"{org.url}/_mock/console{room and '/'}{room}")
    expect(page.locator("#room")).not_to_have_attribute("aria-busy", "true")


def test_every_room_opens_without_an_error_and_fits_a_phone(page: Page, org: RunningOrg) -> None:
    problems: list[str] = []
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.set_viewport_size({"width": 360, "height": 740})
    for room in ("", *ROOMS):
        enter(page, org, room)
        assert page.evaluate("document.documentElement.scrollWidth") == 360, room
    assert not problems


def test_the_first_view_is_small(page: Page, org: RunningOrg) -> None:
    sizes: list[int] = []
    page.on("requestfinished", lambda sent: sizes.append(sent.sizes()["responseBodySize"]))
    enter(page, org)
    expect(page.locator("#live")).to_have_text("● live")
    assert 4 <= len(sizes) + 1 <= 10  # and the stream of events, which does not finish
    assert sum(sizes) <= 100_000


def test_a_user_is_signed_in_by_one_click(page: Page, org: RunningOrg) -> None:
    enter(page, org)
    page.get_by_role("button", name=f"Sign in as {LOGIN}").click()
    expect(page.get_by_text(f"This browser is signed in as {LOGIN}")).to_be_visible()
    page.get_by_role("link", name="The user's home page").click()
    expect(page.get_by_text(f"as {LOGIN}")).to_be_visible()


@pytest.mark.parametrize(
    ("stack", "line"),
    [
        ("Vite", "VITE_OKTA_ISSUER="),
        ("Next.js, in the browser", "NEXT_PUBLIC_OKTA_ISSUER="),
        ("Go and others", "OKTA_ISSUER="),
    ],
)
def test_settings_for_a_stack_are_ready_to_copy(
    page: Page, org: RunningOrg, stack: str, line: str
) -> None:
    enter(page, org)
    page.get_by_role("combobox", name="Stack").select_option(stack)
    expect(page.locator("pre", has_text=f"{line}{org.issuer()}")).to_be_visible()


def test_the_test_client_walks_to_userinfo(page: Page, org: RunningOrg) -> None:
    enter(page, org)
    page.get_by_role("button", name=f"Sign in as {LOGIN}").click()
    expect(page.get_by_text(f"This browser is signed in as {LOGIN}")).to_be_visible()
    page.get_by_role("button", name="Walk a sign-in").click()
    last = page.get_by_role("heading", name="5 Who it is, from /userinfo")
    expect(last).to_be_visible()
    expect(page.locator("section").last).to_contain_text(LOGIN)
    assert "code=" not in page.url


def test_a_refused_request_appears_and_is_fixed(page: Page, org: RunningOrg) -> None:
    enter(page, org, "requests")
    refused = (
        f"{org.url}/oauth2/default/v1/authorize?client_id={SPA}&response_type=code"
        "&scope=openid&state=s&redirect_uri=http://localhost:9999/new"
    )
    status = page.request.get(refused, max_redirects=0).status
    assert status == 400
    page.get_by_text("is not in login_redirect_uris").first.click()
    page.get_by_role("button", name="Fix", exact=True).click()
    expect(page.get_by_text("Fixed in the running org")).to_be_visible()
    assert page.request.get(refused, max_redirects=0).status == 302


def test_a_user_is_created_locked_and_unlocked(page: Page, org: RunningOrg) -> None:
    enter(page, org, "users")
    page.get_by_label("Login").fill("new@example.com")
    page.get_by_role("button", name="Create").click()
    page.get_by_text("new@example.com", exact=True).click()
    page.get_by_role("button", name="Lock", exact=True).click()
    expect(page.get_by_text("LOCKED_OUT")).to_be_visible()
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_text("LOCKED_OUT")).to_have_count(0)
    assert org.control.user("new@example.com").status == "ACTIVE"


def test_a_message_arrives_by_itself(page: Page, org: RunningOrg) -> None:
    enter(page, org, "outbox")
    expect(page.get_by_text("No messages.")).to_be_visible()
    org.control.change_user(LOGIN, "reset_password")
    expect(page.get_by_role("link", name="Open the link")).to_be_visible()


def test_a_message_is_deleted(page: Page, org: RunningOrg) -> None:
    org.control.change_user(LOGIN, "reset_password")
    enter(page, org, "outbox")
    page.get_by_role("button", name=f"Delete Account password reset to {LOGIN}").click()
    expect(page.get_by_text("No messages.")).to_be_visible()
    assert not org.control.outbox()


def test_the_clock_jumps_past_the_end_of_a_session(page: Page, org: RunningOrg) -> None:
    page.request.post(f"{org.url}/_mock/sessions", data={"user": LOGIN})
    enter(page, org, "clock")
    page.get_by_role("button", name=f"Jump just past the end of the session of {LOGIN}").click()
    expect(page.get_by_text(f"session of {LOGIN}")).to_have_count(0)
    assert not org.control.sessions()


def test_a_fault_is_planned_and_counted(page: Page, org: RunningOrg) -> None:
    enter(page, org, "faults")
    page.get_by_role("button", name="Plan", exact=True).click()
    expect(page.get_by_role("cell", name="status 503")).to_be_visible()
    assert page.request.get(f"{org.url}/api/v1/sessions/me").status == 503
    row = page.get_by_role("row").nth(1)
    expect(row.get_by_role("cell").nth(2)).to_have_text("1")


def test_a_minted_broken_token_is_explained(page: Page, org: RunningOrg) -> None:
    enter(page, org, "tokens")
    page.get_by_label("Wrong with it").select_option("expired")
    page.get_by_role("button", name="Mint").click()
    minting = page.locator("section", has=page.get_by_role("heading", name="Mint"))
    minting.get_by_role("button", name="Decode").first.click()
    expect(page.get_by_text("✗ expiry")).to_be_visible()
    expect(page.get_by_text("✓ signature")).to_be_visible()


def test_a_state_is_saved_and_restored(page: Page, org: RunningOrg) -> None:
    enter(page, org, "state")
    page.get_by_role("button", name="Save the state").click()
    expect(page.get_by_role("button", name="Restore before")).to_be_visible()
    org.control.remove_user(LOGIN)
    page.get_by_role("button", name="Restore before").click()
    expect(page.get_by_text("Restored before")).to_be_visible()
    assert org.control.user(LOGIN)


@pytest.mark.parametrize("ending", ["yaml", "json"])
def test_a_seed_is_imported_from_a_file(page: Page, org: RunningOrg, ending: str) -> None:
    enter(page, org, "state")
    texts = {
        "yaml": "users:\n  - {login: new@example.com, password: mock-Password-1}\n",
        "json": '{"users": [{"login": "new@example.com", "password": "mock-Password-1"}]}',
    }
    file = {"name": f"org.{ending}", "mimeType": "", "buffer": texts[ending].encode()}
    page.get_by_label("Import a file").set_input_files([file])
    expect(page.get_by_label("Seed as YAML or JSON")).to_have_value(texts[ending])
    page.get_by_role("button", name="Add to the org").click()
    expect(page.get_by_text("Added")).to_be_visible()
    assert org.control.user("new@example.com")


def test_a_control_token_is_asked_for_once(page: Page) -> None:
    with org_in_a_thread(Config(control_token="control-secret-1")) as org:
        page.goto(f"{org.url}/_mock")
        page.get_by_label("Control token").fill("wrong")
        page.get_by_role("button", name="Open the console").click()
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_label("Control token").fill("control-secret-1")
        page.get_by_role("button", name="Open the console").click()
        expect(page.locator("#live")).to_have_text("● live")
        (cookie,) = page.context.cookies(f"{org.url}/_mock/")
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
        assert "control-secret-1" not in cookie["value"]
