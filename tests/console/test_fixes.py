"""Every explained refusal leads to its line in the console, and a Fix there allows the request."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import APIResponse, Page, expect

from mock_okta import Config
from mock_okta_harness.running import RunningOrg, org_in_a_thread
from tests.visiting import CHALLENGE

pytestmark = pytest.mark.browser

LOGIN, PASSWORD = "tester@example.com", "mock-Password-1"
SPA, WEB = "0oa1spa00000000000h7", "0oa1web00000000000h7"
Asking = Callable[[Page, RunningOrg], APIResponse]


@pytest.fixture
def org() -> Iterator[RunningOrg]:
    with org_in_a_thread(Config()) as org:
        yield org


def authorize(**changed: str) -> Asking:
    query = {
        "client_id": SPA,
        "response_type": "code",
        "scope": "openid",
        "state": "s",
        "redirect_uri": "http://localhost:3000/",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    address = f"/oauth2/default/v1/authorize?{urlencode(query | changed)}"
    return lambda page, org: page.request.get(org.url + address, max_redirects=0)


def get(path: str) -> Asking:
    return lambda page, org: page.request.get(org.url + path, max_redirects=0)


def token(client_id: str, secret: str | None, **form: str) -> Asking:
    """Ask the default server for tokens; without a secret with that of the org's client."""

    def ask(page: Page, org: RunningOrg) -> APIResponse:
        known = {each.client_id: each.client_secret for each in org.control.org().clients}
        pair = f"{client_id}:{secret or known[client_id]}"
        headers = {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
        return page.request.post(f"{org.issuer()}/v1/token", form=form, headers=headers)

    return ask


def authn(login: str) -> Asking:
    body = {"username": login, "password": PASSWORD}
    return lambda page, org: page.request.post(f"{org.url}/api/v1/authn", data=body)


def logout(page: Page, org: RunningOrg) -> APIResponse:
    asked = {"user": LOGIN, "client_id": SPA, "scopes": ["openid"]}
    minted = page.request.post(f"{org.url}/_mock/tokens", data=asked).json()
    query = {
        "id_token_hint": minted["id_token"],
        "post_logout_redirect_uri": "http://localhost:9999/bye",
    }
    return page.request.get(f"{org.issuer()}/v1/logout?{urlencode(query)}", max_redirects=0)


def revocation(page: Page, org: RunningOrg) -> APIResponse:
    subject = {"format": "opaque", "id": org.control.user(LOGIN).id}
    return page.request.post(
        f"{org.url}/oauth2/v1/global-token-revocation",
        data={"sub_id": subject},
        headers={"Authorization": "SSWS my-token"},
    )


PASSWORD_GRANT = {
    "grant_type": "password",
    "username": LOGIN,
    "password": PASSWORD,
    "scope": "openid",
}
CLIENT_GRANT = {"grant_type": "client_credentials", "scope": "messages.read"}
REFUSALS: dict[str, Asking] = {
    "unknown client": authorize(client_id="0oa1new"),
    "redirect URI": authorize(redirect_uri="http://localhost:9999/new"),
    "scope": authorize(scope="openid made_up"),
    "response type": authorize(client_id=WEB, response_type="id_token", nonce="n"),
    "sign-out redirect URI": logout,
    "authorization server": get("/oauth2/orders/.well-known/openid-configuration"),
    "address of a session's redirect": get(
        "/login/sessionCookieRedirect?token=x&redirectUrl=http%3A%2F%2Flocalhost%3A4321%2F"
    ),
    "grant type": token(WEB, None, **PASSWORD_GRANT),
    "unknown service": token("mine", "a-secret-that-is-long-enough-for-anybody", **CLIENT_GRANT),
    "API token": revocation,
    "unknown user": authn("new@example.com"),
}


@pytest.mark.parametrize("refused", REFUSALS)
def test_the_line_that_a_refusal_names_has_a_fix_that_works(
    page: Page, org: RunningOrg, refused: str
) -> None:
    ask = REFUSALS[refused]
    answer = ask(page, org)
    assert is_refused(answer), answer.text()
    press_fix(page, org, answer)
    again = ask(page, org)
    assert not is_refused(again), again.text()


def test_a_locked_user_is_unlocked(page: Page, org: RunningOrg) -> None:
    org.control.change_user(LOGIN, "lock")
    press_fix(page, org, authn(LOGIN)(page, org))
    assert authn(LOGIN)(page, org).status == 200


def test_a_user_with_another_password_is_not_added(page: Page, org: RunningOrg) -> None:
    asked = {"client_id": SPA, "scope": "openid", "redirect_uri": "http://localhost:3000/"}
    asked |= {"state": "s", "code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    handle = page.request.post(f"{org.issuer()}/v1/interact", form=asked).json()
    idx = f"{org.url}/idp/idx"
    begun = page.request.post(
        f"{idx}/introspect", data={"interactionHandle": handle["interaction_handle"]}
    ).json()
    wrong = {"stateHandle": begun["stateHandle"], "identifier": LOGIN}
    refused = page.request.post(
        f"{idx}/identify", data={**wrong, "credentials": {"passcode": "wrong"}}
    )
    open_line(page, org, refused)
    line = page.locator("details[id][open]")
    expect(line.get_by_role("paragraph").filter(has_text="WrongPassword")).to_be_visible()
    expect(line.get_by_role("button", name="Copy as curl")).to_be_visible()
    expect(line.get_by_role("button", name="Fix", exact=True)).to_have_count(0)


def test_a_user_is_assigned_to_the_client(page: Page, org: RunningOrg) -> None:
    only: dict[str, Any] = {"name": "Mine", "type": "web", "client_id": "mine"}
    only |= {"grant_types": ["password"], "assigned_groups": ["Others"], "client_secret": "s" * 40}
    org.control.seed({"clients": [only]})
    ask = token("mine", "s" * 40, **PASSWORD_GRANT)
    press_fix(page, org, ask(page, org))
    assert ask(page, org).status == 200


def test_two_fixes_from_the_same_page_both_stay(page: Page, org: RunningOrg) -> None:
    ways = [authorize(redirect_uri=f"http://localhost:9999/{each}") for each in "ab"]
    for ask in ways:
        ask(page, org)
    page.goto(f"{org.url}/_mock/console/requests")
    for each in "ab":
        page.get_by_text(f"localhost:9999/{each}' is not in login").first.click()
        expect(page.locator("mark", has_text=f"localhost:9999/{each}")).to_be_in_viewport()
    for pressed in page.get_by_role("button", name="Fix", exact=True).all():
        with page.expect_response(lambda answer: answer.request.method == "PUT"):
            pressed.click()
    assert [ask(page, org).status for ask in ways] == [302, 302]


def open_line(page: Page, org: RunningOrg, refusal: APIResponse) -> None:
    """Follow the link of the refusal."""
    (address,) = re.findall(r'<([^>]+)>; rel="help"', refusal.headers["link"])
    page.goto(org.url + address)


def press_fix(page: Page, org: RunningOrg, refusal: APIResponse) -> None:
    """Press the Fix of the line that the refusal leads to."""
    open_line(page, org, refusal)
    line = page.locator("details[id][open]")
    line.get_by_role("button", name="Fix", exact=True).click()
    expect(page.get_by_text("Fixed in the running org")).to_be_visible()


def is_refused(answer: APIResponse) -> bool:
    return answer.status >= 400 or "error=" in answer.headers.get("location", "")
