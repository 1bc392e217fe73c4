"""What people see first in the console, and find: addresses, users, the time, what they did."""

import re
from collections.abc import Iterator
from importlib.resources import files

import click
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from mock_okta import Config
from mock_okta.cli import main
from mock_okta.console.rooms import ROOMS
from mock_okta.model.seed import parse_seed
from mock_okta_harness import faults
from mock_okta_harness.running import RunningOrg, org_in_a_thread

browser = pytest.mark.browser
LOGIN, SPA = "tester@example.com", "0oa1spa00000000000h7"


@pytest.fixture
def org() -> Iterator[RunningOrg]:
    with org_in_a_thread(Config()) as org:
        yield org


def enter(page: Page, org: RunningOrg, room: str = "") -> None:
    page.goto(f"{org.url}/_mock/console{room and '/'}{room}")
    expect(page.locator("#room")).not_to_have_attribute("aria-busy", "true")


@browser
def test_what_an_app_needs_is_in_the_first_view(page: Page, org: RunningOrg) -> None:
    enter(page, org)
    issuers = page.locator("section", has=page.get_by_role("heading", name="Issuers"))
    expect(issuers.locator("code").first).to_have_text(org.issuer())
    expect(issuers.locator("code").first).to_be_in_viewport()
    expect(page.get_by_text(f"VITE_OKTA_CLIENT_ID={SPA}")).to_be_in_viewport()


@browser
def test_a_redirect_uri_is_looked_for(page: Page, org: RunningOrg) -> None:
    enter(page, org)
    page.get_by_text("redirect URIs").first.click()
    filter_ = page.get_by_role("searchbox", name="Filter the redirect URIs of Single-page app")
    filter_.fill("/oidc/callback/")
    listed = page.get_by_role("list", name="Redirect URIs of Single-page app")
    expect(listed.get_by_role("listitem")).to_have_text(re.compile("http://localhost:8000/oidc"))
    filter_.fill("http://localhost:1/")
    expect(listed.get_by_text("No such redirect URI")).to_be_visible()


@browser
def test_every_change_can_be_copied_as_curl(
    page: Page, context: BrowserContext, org: RunningOrg
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    enter(page, org, "users")
    page.get_by_text(LOGIN, exact=True).click()
    page.get_by_role("button", name="Suspend", exact=True).click()
    page.get_by_role("button", name="Copy as curl").click()
    expect(page.locator("#toast")).to_have_text("Copied")
    line = f"curl -X POST '{org.url}/_mock/users/tester%40example.com/lifecycle/suspend'"
    assert page.evaluate("navigator.clipboard.readText()") == line


@browser
def test_users_are_looked_for_and_many_are_not_all_drawn(page: Page, org: RunningOrg) -> None:
    many = [{"login": f"user-{n}@example.com", "password": "mock-Password-1"} for n in range(60)]
    org.control.seed({"users": many})
    enter(page, org, "users")
    users = page.get_by_role("list", name="Users", exact=True).locator("> li")
    expect(users).to_have_count(50)
    expect(page.get_by_text("and 11 more")).to_be_visible()
    page.get_by_role("searchbox", name="Search users").fill("USER-59@")
    expect(users).to_have_count(1)


@browser
@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("Google Authenticator", "google_otp"),
        ("Text message", "okta_sms"),
        ("Security question", "okta_question"),
    ],
)
def test_a_factor_is_enrolled_and_removed(page: Page, org: RunningOrg, kind: str, key: str) -> None:
    enter(page, org, "users")
    page.get_by_text(LOGIN, exact=True).click()
    page.get_by_role("combobox", name=f"Kind of factor for {LOGIN}").select_option(kind)
    page.get_by_role("button", name="Enroll", exact=True).click()
    remove = page.get_by_role("button", name=f"Remove {key}")
    remove.click()
    expect(remove).to_have_count(0)
    assert not org.control.user(LOGIN).factors


@browser
def test_messages_that_were_seen_are_not_counted_any_more(page: Page, org: RunningOrg) -> None:
    org.control.change_user(LOGIN, "reset_password")
    enter(page, org)
    badge = page.locator("nav [data-room=outbox] .badge")
    expect(badge).to_have_text("1")
    enter(page, org, "outbox")
    expect(badge).to_be_hidden()
    enter(page, org)
    expect(page.locator("#clock")).not_to_be_empty()
    expect(badge).to_be_hidden()


@browser
def test_the_clock_goes_on_in_the_page_until_it_is_frozen(page: Page, org: RunningOrg) -> None:
    enter(page, org, "clock")
    now = page.locator("#now")
    expect(now).not_to_have_text(now.inner_text())
    page.get_by_role("button", name="Freeze").click()
    expect(page.get_by_text("frozen", exact=True)).to_be_visible()
    expect(page.locator("#clock")).to_contain_text("(frozen)")


@browser
def test_a_fault_is_planned_by_the_line_that_the_page_shows(page: Page, org: RunningOrg) -> None:
    enter(page, org, "faults")
    page.get_by_label("Path").fill("*/v1/token")
    page.get_by_label("User").fill(LOGIN)
    page.get_by_label("Times").fill("3")
    what = page.get_by_role("combobox", name="What")
    for option in what.locator("option").all_inner_texts():
        what.select_option(option)
        page.get_by_text("The same as curl / pytest").click()
        line = page.locator("pre", has_text="plan_fault").inner_text()
        org.control.clear_faults()
        eval(line, {"okta_org": org, "faults": faults})  # noqa: S307 -- the page's own line
        page.get_by_role("button", name="Plan", exact=True).click()
        expect(page.get_by_role("button", name="Remove", exact=True)).to_have_count(2)
        by_line, by_page = (each.fault for each in org.control.faults())
        assert by_line == by_page, option


@browser
def test_a_server_gets_a_scope_and_keeps_the_others(page: Page, org: RunningOrg) -> None:
    enter(page, org, "policies")
    page.locator("summary", has_text="default").first.click()
    scopes = page.get_by_label("Scopes of default, one a line")
    expect(scopes).to_have_value("messages.read")
    scopes.fill("messages.read\nmessages.write")
    page.get_by_role("button", name="Save the server").click()
    expect(page.get_by_text("Saved")).to_be_visible()
    (server,) = org.control.export()["authorization_servers"]
    assert server["scopes"] == [
        {"name": "messages.read", "description": "Read your messages"},
        {"name": "messages.write"},
    ]


@browser
def test_an_org_without_users_and_clients_has_all_rooms(page: Page) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    with org_in_a_thread(Config(seed=parse_seed({"users": [], "clients": []}))) as org:
        for room in ROOMS:
            page.goto(org.url + room.path)
            expect(page.locator("#room")).not_to_have_attribute("aria-busy", "true")
            expect(page.get_by_role("alert")).to_have_count(0)
        enter(page, org)
        expect(page.get_by_text("There are no users")).to_be_visible()
        expect(page.get_by_text("There are none.")).to_be_visible()
    assert not problems


@browser
def test_there_are_no_snapshots_at_first(page: Page, org: RunningOrg) -> None:
    enter(page, org, "state")
    expect(page.get_by_text("No snapshots yet.")).to_be_visible()


def test_commands_that_the_console_names_have_these_options() -> None:
    assets = files("mock_okta.console").joinpath("assets").iterdir()
    named = [
        found
        for each in assets
        for found in re.findall(r"mock-okta (\w+) (--[\w-]+)", each.read_text("utf-8"))
    ]
    assert len(named) >= 3
    for name, option in named:
        command = main.get_command(click.Context(main), name)
        assert command is not None, name
        assert option in [word for each in command.params for word in each.opts], (name, option)
