"""UserInfo: the whole claim set, and refusals only in the header (facts/oauth E.3)."""

from datetime import timedelta

import pytest

from mock_okta import MockOkta
from tests.visiting import LOGIN, USER_ID, Visitor, claims_of

SUBS = {
    "profile": [
        *("name", "locale", "preferred_username", "given_name", "middle_name", "family_name"),
        *("nickname", "profile", "zoneinfo", "updated_at"),
    ],
    "email": ["email", "email_verified"],
    "address": ["address"],
    "phone": ["phone_number"],
}


@pytest.mark.parametrize("server", ["default", "org"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_all_claims_of_the_scopes_come_however_thin_the_id_token_was(
    visitor: Visitor, server: str, method: str
) -> None:
    change = {"scope": "openid profile email address phone"}
    tokens = await visitor.tokens(change, server=server)
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    answer = await visitor.ask(method, visitor.url("userinfo", server), headers=bearer)
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-cache, no-store"
    body = answer.json()
    assert body.pop("updated_at") <= visitor.org.clock.epoch()
    assert list(body.items()) == [
        ("sub", USER_ID),
        ("name", "Test User"),
        ("locale", "en-US"),
        ("email", LOGIN),
        ("preferred_username", LOGIN),
        ("given_name", "Test"),
        ("middle_name", "Middle"),
        ("family_name", "User"),
        ("nickname", "Testy"),
        ("profile", "https://example.com/tester"),
        ("zoneinfo", "America/Los_Angeles"),
        ("email_verified", True),
        (
            "address",
            {"street_address": "1 Test Street", "locality": "Testville", "country": "US"},
        ),
        ("phone_number", "+1 555 0100"),
    ]
    assert body["sub"] == claims_of(tokens["id_token"])["sub"]


@pytest.mark.parametrize("scope", SUBS)
async def test_a_scope_brings_its_claims_and_no_others(visitor: Visitor, scope: str) -> None:
    tokens = await visitor.tokens({"scope": f"openid {scope}"})
    body = (await visitor.userinfo(tokens["access_token"])).json()
    assert list(body) == ["sub", *SUBS[scope]]


async def test_openid_alone_brings_the_user_s_id(visitor: Visitor) -> None:
    tokens = await visitor.tokens({"scope": "openid"})
    assert (await visitor.userinfo(tokens["access_token"])).json() == {"sub": USER_ID}


async def test_the_server_s_own_id_token_claims_are_there(visitor: Visitor) -> None:
    tokens = await visitor.tokens({"scope": "openid"}, server="rich")
    body = (await visitor.userinfo(tokens["access_token"], server="rich")).json()
    assert body == {
        "sub": USER_ID,
        "thick": True,
        "thin": True,
        "is": ["Developers"],
        "has": ["Designers"],
        "fits": ["Developers", "Designers"],
    }


def challenge(org: MockOkta, server: str, error: str, description: str) -> str:
    path = "/oauth2" if server == "org" else f"/oauth2/{server}"
    return (
        f'Bearer authorization_uri="{org.url}{path}/v1/authorize", realm="{org.url}", '
        f'scope="openid", error="{error}", error_description="{description}", '
        f'resource="{path}/v1/userinfo"'
    )


@pytest.mark.parametrize("server", ["default", "org"])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer made-up", "Bearer a.b.c", "Basic abc"]
)
async def test_what_is_no_token_is_refused_in_the_header_with_no_body(
    visitor: Visitor, server: str, method: str, header: str | None
) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = await visitor.ask(method, visitor.url("userinfo", server), headers=headers)
    assert (answer.status, answer.body, answer.headers["Content-Length"]) == (401, b"", "0")
    assert answer.headers["WWW-Authenticate"] == challenge(
        visitor.org, server, "invalid_token", "The access token is invalid."
    )


async def test_a_token_may_come_in_a_form(visitor: Visitor) -> None:
    token = (await visitor.tokens())["access_token"]
    sent = {"access_token": token}
    answer = await visitor.ask("POST", visitor.url("userinfo"), data=sent)
    assert (answer.status, answer.json()["sub"]) == (200, USER_ID)
    answer = await visitor.ask("GET", visitor.url("userinfo"), params=sent)
    assert answer.status == 401


@pytest.mark.parametrize("header", [None, "Basic abc", "Bearer"])
async def test_the_log_says_that_no_token_was_sent(visitor: Visitor, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    await visitor.ask("GET", visitor.url("userinfo"), headers=headers)
    [*_, sent] = (await visitor.ask("GET", "/_mock/requests")).json()["requests"]
    assert "no access token was sent" in sent["remarks"][-1]


@pytest.mark.parametrize("kind", ["id_token", "refresh_token"])
async def test_another_kind_of_token_is_refused(visitor: Visitor, kind: str) -> None:
    token = (await visitor.tokens())[kind]
    assert (await visitor.userinfo(token)).status == 401


@pytest.mark.parametrize("server", ["rich", "org"])
async def test_a_token_of_another_server_is_refused(visitor: Visitor, server: str) -> None:
    token = (await visitor.tokens())["access_token"]
    assert (await visitor.userinfo(token, server=server)).status == 401


async def test_a_token_that_expired_is_refused(org: MockOkta, visitor: Visitor) -> None:
    token = (await visitor.tokens())["access_token"]
    org.clock.advance(timedelta(hours=1))
    assert (await visitor.userinfo(token)).status == 401


async def test_a_token_without_openid_has_too_small_a_scope(visitor: Visitor) -> None:
    token = (await visitor.tokens({"scope": "messages.read"}))["access_token"]
    answer = await visitor.userinfo(token)
    assert (answer.status, answer.body) == (403, b"")
    assert answer.headers["WWW-Authenticate"] == challenge(
        visitor.org,
        "default",
        "insufficient_scope",
        "The access token must provide access to at least one of these scopes - profile, email, "
        "address or phone",
    )


async def test_the_scheme_s_case_does_not_matter(visitor: Visitor) -> None:
    token = (await visitor.tokens())["access_token"]
    headers = {"Authorization": f"bearer {token}"}
    assert (await visitor.ask("GET", visitor.url("userinfo"), headers=headers)).status == 200
