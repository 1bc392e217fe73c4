"""Global token revocation over HTTP: facts/oauth E.9; authentication by facts/oauth G.3."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from mock_okta import Config, MockOkta, SeedApiToken
from tests.visiting import LOGIN, OTHER_LOGIN, SEED, USER_ID, Answer, Visitor

API_TOKEN = "00-made-up-api-token"
SSWS = {"Authorization": f"SSWS {API_TOKEN}"}
PATH = "/oauth2/v1/global-token-revocation"
INACTIVE = {"active": False}


@pytest.fixture
def config() -> Config:
    tokens = (SeedApiToken(token=API_TOKEN, user=LOGIN),)
    return Config(seed=msgspec.structs.replace(SEED, api_tokens=tokens))


@pytest.fixture
def frozen(org: MockOkta) -> None:
    """The clock stands still during the test."""
    org.clock.freeze()


async def _revoke(
    visitor: Visitor,
    subject: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    body = {"sub_id": subject or {"format": "opaque", "id": USER_ID}}
    return await visitor.ask("POST", PATH, json=body, headers=SSWS if headers is None else headers)


@pytest.mark.usefixtures("frozen")
async def test_everything_that_the_user_has_ends(visitor: Visitor) -> None:
    await visitor.sign_in()
    session_token, code, tokens = (
        await visitor.session_token(),
        await visitor.code(),
        await visitor.tokens(),
    )
    answer = await _revoke(visitor)
    assert (answer.status, answer.body) == (204, b"")
    assert await visitor.session_id() is None
    assert await visitor.introspect(tokens["access_token"]) == INACTIVE
    assert await visitor.introspect(tokens["refresh_token"]) == INACTIVE
    assert (await visitor.userinfo(tokens["access_token"])).status == 401
    assert (await visitor.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await visitor.redeem(code)).json()["error"] == "invalid_grant"
    spent = await visitor.ask("POST", "/api/v1/sessions", json={"sessionToken": session_token})
    assert spent.status == 401


@pytest.mark.parametrize("server", ["rich", "org"])
async def test_tokens_of_every_server_end(visitor: Visitor, server: str) -> None:
    scope = {"scope": "openid offline_access"}
    tokens = await visitor.tokens(scope, server=server)
    await _revoke(visitor)
    assert await visitor.introspect(tokens["access_token"], server=server) == INACTIVE
    assert await visitor.introspect(tokens["refresh_token"], server=server) == INACTIVE


async def test_a_token_of_an_implicit_flow_ends_too(visitor: Visitor) -> None:
    await visitor.sign_in()
    asked = {"response_type": "token", "code_challenge": None, "code_challenge_method": None}
    token = (await visitor.authorize(asked | {"scope": "openid"})).returned["access_token"]
    assert (await visitor.introspect(token))["active"]
    await _revoke(visitor)
    assert await visitor.introspect(token) == INACTIVE


@pytest.mark.usefixtures("frozen")
async def test_other_users_keep_theirs(a_visitor: Callable[[], Visitor], visitor: Visitor) -> None:
    other = a_visitor()
    await other.sign_in(OTHER_LOGIN)
    tokens = (await other.redeem((await other.authorize()).returned["code"])).json()
    await _revoke(visitor)
    assert await other.session_id() is not None
    assert (await other.introspect(tokens["access_token"]))["active"]
    assert (await other.refresh(tokens["refresh_token"])).status == 200


@pytest.mark.parametrize("seconds", [0, 0.001, 1, 3600, -3600])
async def test_what_is_issued_afterwards_is_good_whatever_the_clock_says(
    org: MockOkta, visitor: Visitor, seconds: float
) -> None:
    org.clock.freeze()
    before = await visitor.tokens()
    await _revoke(visitor)
    org.clock.advance(timedelta(seconds=seconds))
    after = await visitor.tokens()
    assert (await visitor.introspect(after["access_token"]))["active"]
    assert (await visitor.userinfo(after["access_token"])).status == 200
    assert (await visitor.refresh(after["refresh_token"])).status == 200
    await visitor.sign_in()
    assert await visitor.introspect(before["access_token"]) == INACTIVE


@pytest.mark.usefixtures("frozen")
async def test_a_second_revocation_in_the_same_instant_ends_what_came_between(
    visitor: Visitor,
) -> None:
    await _revoke(visitor)
    between = await visitor.tokens()
    assert (await visitor.introspect(between["access_token"]))["active"]
    await _revoke(visitor)
    assert await visitor.introspect(between["access_token"]) == INACTIVE
    after = await visitor.tokens()
    assert (await visitor.introspect(after["access_token"]))["active"]


async def test_a_token_stays_dead_until_its_end(org: MockOkta, visitor: Visitor) -> None:
    tokens = await visitor.tokens()
    await _revoke(visitor)
    org.clock.advance(timedelta(minutes=59))
    assert await visitor.introspect(tokens["access_token"]) == INACTIVE


# Who is meant.


@pytest.mark.parametrize(
    ("issuer", "sub"),
    [("{url}", USER_ID), ("{url}/oauth2/default", USER_ID), ("{url}/oauth2/default", LOGIN)],
)
async def test_the_user_may_be_named_as_in_a_token(
    org: MockOkta, visitor: Visitor, issuer: str, sub: str
) -> None:
    await visitor.sign_in()
    subject = {"format": "iss_sub", "iss": issuer.replace("{url}", org.url), "sub": sub}
    assert (await _revoke(visitor, subject)).status == 204
    assert await visitor.session_id() is None


@pytest.mark.parametrize(
    "subject",
    [
        {"format": "opaque", "id": "00u-made-up"},
        {"format": "opaque", "id": LOGIN},
        {"format": "opaque"},
        {"format": "iss_sub", "iss": "https://elsewhere.example", "sub": USER_ID},
        {"format": "iss_sub", "sub": USER_ID},
        {"format": "iss_sub", "iss": "{url}", "sub": "nobody"},
        {"format": "iss_sub", "iss": "{url}"},
        {"format": "email", "email": LOGIN},
        {"id": USER_ID},
        "text",
    ],
)
async def test_nobody_or_nothing_that_can_be_read_is_refused(
    org: MockOkta, visitor: Visitor, subject: Any
) -> None:
    await visitor.sign_in()
    if isinstance(subject, dict):
        subject = {name: value.replace("{url}", org.url) for name, value in subject.items()}
    answer = await _revoke(visitor, subject)
    assert (answer.status, answer.json()["errorCode"]) == (400, "E0000001")
    assert await visitor.session_id() is not None


@pytest.mark.parametrize(
    ("body", "code"), [(b"", "E0000003"), (b"{", "E0000003"), (b"{}", "E0000001")]
)
async def test_a_body_that_does_not_fit_is_refused(
    visitor: Visitor, body: bytes, code: str
) -> None:
    headers = SSWS | {"Content-Type": "application/json"}
    answer = await visitor.ask("POST", PATH, data=body, headers=headers)
    assert (answer.status, answer.json()["errorCode"]) == (400, code)


# Who may.


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 403, "E0000005"),
        ({"Authorization": "SSWS made-up"}, 401, "E0000011"),
        ({"Authorization": "SSWS"}, 401, "E0000011"),
        ({"Authorization": f"Bearer {API_TOKEN}"}, 401, "E0000011"),
        ({"Authorization": API_TOKEN}, 401, "E0000011"),
    ],
)
async def test_an_api_token_of_the_org_is_needed(
    visitor: Visitor, headers: Mapping[str, str], status: int, code: str
) -> None:
    await visitor.sign_in()
    answer = await _revoke(visitor, headers=headers)
    assert (answer.status, answer.json()["errorCode"]) == (status, code)
    assert await visitor.session_id() is not None


async def test_the_scheme_is_read_in_any_case(visitor: Visitor) -> None:
    answer = await _revoke(visitor, headers={"Authorization": f"ssws {API_TOKEN}"})
    assert answer.status == 204


async def test_custom_servers_have_no_such_endpoint(visitor: Visitor) -> None:
    path = "/oauth2/default/v1/global-token-revocation"
    answer = await visitor.ask("POST", path, json={}, headers=SSWS)
    assert (answer.status, answer.json()["errorCode"]) == (404, "E0000008")


async def test_an_api_token_can_be_given_while_the_org_runs(visitor: Visitor) -> None:
    given = {"api_tokens": [{"token": "00-later"}]}
    assert (await visitor.ask("PUT", "/_mock/seed", json=given)).status == 200
    answer = await _revoke(visitor, headers={"Authorization": "SSWS 00-later"})
    assert answer.status == 204


@pytest.mark.parametrize("token", ["", "two words", "cl\u00e9", "line\nend"])
async def test_an_api_token_that_no_header_could_carry_is_refused(
    visitor: Visitor, token: str
) -> None:
    answer = await visitor.ask("PUT", "/_mock/seed", json={"api_tokens": [{"token": token}]})
    assert answer.status == 400
    assert "one word" in answer.text
