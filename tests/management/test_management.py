"""GET /api/v1/users/me and /.well-known/okta-organization: facts/oauth I.4 and I.5."""

import re

from mock_okta import MockOkta
from mock_okta.clock import wire_instant
from tests.visiting import LOGIN, USER_ID, Visitor


async def test_users_me_is_forbidden_without_a_session(visitor: Visitor) -> None:
    """Where sessions/me is not found."""
    answer = await visitor.ask("GET", "/api/v1/users/me")
    assert answer.status == 403
    assert answer.json()["errorCode"] == "E0000005"
    assert answer.json()["errorSummary"] == "Invalid session"
    assert (await visitor.ask("GET", "/api/v1/sessions/me")).status == 404


async def test_users_me_is_the_user_of_the_session(visitor: Visitor, org: MockOkta) -> None:
    org.clock.freeze()
    await visitor.sign_in()
    answer = await visitor.ask("GET", "/api/v1/users/me")
    assert answer.status == 200
    user = answer.json()
    assert list(user) == [
        "id",
        "status",
        "created",
        "activated",
        "statusChanged",
        "lastLogin",
        "lastUpdated",
        "passwordChanged",
        "profile",
        "credentials",
        "_links",
    ]
    assert (user["id"], user["status"]) == (USER_ID, "ACTIVE")
    assert user["lastLogin"] == wire_instant(org.clock.now())
    assert user["profile"]["login"] == user["profile"]["email"] == LOGIN
    assert user["profile"]["department"] == "Quality"
    assert user["credentials"]["provider"] == {"type": "OKTA", "name": "OKTA"}
    assert "mock-Password-1" not in answer.text


async def test_the_org_says_that_it_runs_the_classic_engine(
    visitor: Visitor, org: MockOkta
) -> None:
    answer = await visitor.ask("GET", "/.well-known/okta-organization")
    assert answer.status == 200
    assert list(answer.json()) == ["id", "_links", "pipeline"]
    assert re.fullmatch(r"00o\w{17}", answer.json()["id"])
    assert answer.json()["pipeline"] == "v1"
    assert answer.json()["_links"] == {"organization": {"href": org.url}}
