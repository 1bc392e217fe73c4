"""`/_mock/users`: everything about users, changes to one, and signing one in."""

import pyotp

from mock_okta import MockOkta
from tests.visiting import LOGIN, OTHER_LOGIN, USER_ID, Visitor

PATH = f"/_mock/users/{LOGIN}"


async def test_users_are_shown_with_groups_and_counters(visitor: Visitor) -> None:
    found = (await visitor.ask("GET", "/_mock/users")).json()["users"]
    assert [each["login"] for each in found][:2] == [LOGIN, OTHER_LOGIN]
    assert found[0]["groups"] == ["Everyone", "Developers", "Designers"]
    assert found[0]["failures"] == 0
    await visitor.ask("POST", "/api/v1/authn", json={"username": LOGIN, "password": "wrong"})
    one = (await visitor.ask("GET", f"/_mock/users/{USER_ID}")).json()
    assert (one["login"], one["failures"]) == (LOGIN, 1)


async def test_an_unknown_user_is_not_found(visitor: Visitor) -> None:
    for method in ("GET", "PATCH"):
        assert (await visitor.ask(method, "/_mock/users/nobody", json={})).status == 404


async def test_a_change_leaves_the_rest_as_it_is(visitor: Visitor) -> None:
    change = {"profile": {"city": None, "title": "Dr"}, "groups": ["Everyone"]}
    changed = (await visitor.ask("PATCH", PATH, json=change)).json()
    assert changed["groups"] == ["Everyone"]
    assert changed["profile"]["title"] == "Dr"
    assert "city" not in changed["profile"]
    assert changed["profile"]["firstName"] == "Test"


async def test_a_new_password_signs_in(visitor: Visitor) -> None:
    await visitor.ask("PATCH", PATH, json={"password": "another-One-2"})
    body = {"username": LOGIN, "password": "another-One-2"}
    assert (await visitor.ask("POST", "/api/v1/authn", json=body)).status == 200


async def test_a_factor_is_enrolled_shows_its_passcode_and_is_removed(
    org: MockOkta, visitor: Visitor
) -> None:
    org.clock.freeze()
    given = {"factors": [{"factor": "google_otp"}]}
    (factor,) = (await visitor.ask("PATCH", PATH, json=given)).json()["factors"]
    assert factor["passcode"] == pyotp.TOTP(factor["secret"]).at(int(org.clock.epoch()))
    assert 0 < factor["passcode_ends_in"] <= 30
    gone = {"remove_factors": [factor["id"]]}
    assert (await visitor.ask("PATCH", PATH, json=gone)).json()["factors"] == []


async def test_a_locked_user_gets_the_old_status_back(visitor: Visitor) -> None:
    await visitor.ask("POST", f"{PATH}/lifecycle/expire_password")
    locked = await visitor.ask("POST", f"{PATH}/lifecycle/lock")
    assert locked.json()["status"] == "LOCKED_OUT"
    assert (await visitor.ask("POST", f"{PATH}/lifecycle/lock")).status == 403
    unlocked = await visitor.ask("POST", f"{PATH}/lifecycle/unlock")
    assert unlocked.json()["status"] == "PASSWORD_EXPIRED"


async def test_a_user_is_signed_in_in_the_browser_that_asks(visitor: Visitor) -> None:
    answer = await visitor.ask("POST", "/_mock/sessions", json={"user": LOGIN})
    assert answer.json()["login"] == LOGIN
    assert (await visitor.ask("GET", "/api/v1/sessions/me")).json()["login"] == LOGIN


async def test_who_cannot_be_signed_in_is_refused(visitor: Visitor) -> None:
    await visitor.ask("POST", f"{PATH}/lifecycle/suspend")
    assert (await visitor.ask("POST", "/_mock/sessions", json={"user": LOGIN})).status == 403
    assert (await visitor.ask("POST", "/_mock/sessions", json={"user": "nobody"})).status == 404
