"""GET /api/v1/users/me and /.well-known/okta-organization: facts/oauth I.4 and I.5."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from mock_okta import MockOkta
from mock_okta.clock import wire_instant
from tests.visiting import LOGIN, PASSWORD, USER_ID, Visitor


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


@pytest.mark.parametrize(("engine", "pipeline"), [("classic", "v1"), ("identity", "idx")])
async def test_the_org_says_which_engine_it_runs(
    visitor: Visitor, org: MockOkta, pipeline: str
) -> None:
    answer = await visitor.ask("GET", "/.well-known/okta-organization")
    assert answer.status == 200
    assert list(answer.json()) == ["id", "_links", "pipeline"]
    assert re.fullmatch(r"00o\w{17}", answer.json()["id"])
    assert answer.json()["pipeline"] == pipeline
    assert answer.json()["_links"] == {"organization": {"href": org.url}}


async def _me(visitor: Visitor) -> dict[str, Any]:
    found: dict[str, Any] = (await visitor.ask("GET", "/api/v1/users/me")).json()
    return found


async def test_a_user_knows_when_the_status_changed_and_when_they_signed_in(
    visitor: Visitor, org: MockOkta
) -> None:
    """Okta's Users API: `activated` is the first activation, `statusChanged` the last change."""
    org.clock.freeze()
    staged = {"login": "new@example.com", "password": PASSWORD, "status": "STAGED"}
    await visitor.ask("PUT", "/_mock/seed", json={"users": [staged]})
    created = wire_instant(org.clock.now())
    instants = []
    for verb in ("activate", "suspend", "unsuspend"):
        org.clock.advance(timedelta(minutes=1))
        await visitor.ask("POST", f"/_mock/users/new@example.com/lifecycle/{verb}")
        instants.append(wire_instant(org.clock.now()))
    org.clock.advance(timedelta(minutes=1))
    await visitor.sign_in("new@example.com")
    user = await _me(visitor)
    assert user["created"] == created
    assert user["activated"] == instants[0]
    assert user["statusChanged"] == instants[-1]
    assert user["lastLogin"] == wire_instant(org.clock.now())


async def test_the_last_login_is_the_user_s_and_not_the_session_s(
    visitor: Visitor, a_visitor: Callable[[], Visitor], org: MockOkta
) -> None:
    org.clock.freeze()
    await visitor.sign_in()
    org.clock.advance(timedelta(minutes=1))
    await a_visitor().sign_in()
    assert (await _me(visitor))["lastLogin"] == wire_instant(org.clock.now())


async def test_a_user_seeded_again_keeps_what_happened(visitor: Visitor, org: MockOkta) -> None:
    org.clock.freeze()
    await visitor.sign_in()
    before = await _me(visitor)
    org.clock.advance(timedelta(minutes=1))
    again = {"login": LOGIN, "password": PASSWORD, "id": USER_ID}
    await visitor.ask("PUT", "/_mock/seed", json={"users": [again]})
    after = await _me(visitor)
    for name in ("activated", "statusChanged", "lastLogin"):
        assert after[name] == before[name]
