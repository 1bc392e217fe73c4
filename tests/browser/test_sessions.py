"""/api/v1/sessions over HTTP: facts/oauth I.1 and I.2."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from mock_okta import MockOkta
from mock_okta.clock import wire_instant
from tests.visiting import LOGIN, OTHER_LOGIN, USER_ID, Visitor

ME = "/api/v1/sessions/me"
REFRESH = f"{ME}/lifecycle/refresh"
NO_SESSION = "Not found: Resource not found: me (Session)"


def _expected(org: MockOkta, session_id: str, now: str, expires: str, org_id: str) -> Any:
    return {
        "id": session_id,
        "userId": USER_ID,
        "login": LOGIN,
        "createdAt": now,
        "expiresAt": expires,
        "status": "ACTIVE",
        "lastPasswordVerification": now,
        "lastFactorVerification": None,
        "amr": ["pwd"],
        "idp": {"id": org_id, "type": "OKTA"},
        "mfaActive": False,
        "_links": {
            "self": {"href": f"{org.url}{ME}", "hints": {"allow": ["GET", "DELETE"]}},
            "refresh": {"href": f"{org.url}{REFRESH}", "hints": {"allow": ["POST"]}},
            "user": {
                "name": "Test User",
                "href": f"{org.url}/api/v1/users/me",
                "hints": {"allow": ["GET"]},
            },
        },
    }


async def test_the_session_is_shown_as_okta_shows_it(visitor: Visitor, org: MockOkta) -> None:
    org.clock.freeze()
    session_id = await visitor.sign_in()
    answer = await visitor.ask("GET", ME)
    org_id = (await visitor.ask("GET", "/.well-known/okta-organization")).json()["id"]
    now = org.clock.now()
    expires = wire_instant(now + timedelta(hours=2))
    expected = _expected(org, session_id, wire_instant(now), expires, org_id)
    assert answer.status == 200
    assert re.fullmatch(r"102[\w-]{22}", session_id)
    assert answer.json() == expected
    assert list(answer.json()) == list(expected)
    assert "Set-Cookie" not in answer.headers


async def _refused(visitor: Visitor) -> None:
    for method, path in (("GET", ME), ("DELETE", ME), ("POST", REFRESH)):
        answer = await visitor.ask(method, path)
        assert answer.status == 404
        assert answer.json()["errorCode"] == "E0000007"
        assert answer.json()["errorSummary"] == NO_SESSION
        assert "Set-Cookie" not in answer.headers


async def test_without_a_session_there_is_none_to_show_end_or_refresh(visitor: Visitor) -> None:
    await _refused(visitor)


@pytest.mark.parametrize("sid", ["", "102unknown", "a b", "%00", "ü"])
async def test_an_unknown_session_id_is_no_session(visitor: Visitor, sid: str) -> None:
    visitor.http.cookie_jar.update_cookies({"sid": sid})
    await _refused(visitor)


async def test_delete_ends_the_session_and_takes_the_cookie(visitor: Visitor) -> None:
    sid = await visitor.sign_in()
    answer = await visitor.ask("DELETE", ME)
    assert (answer.status, answer.body) == (204, b"")
    cleared = answer.set_cookies()["sid"]
    assert "Max-Age=0" in cleared
    assert "Path=/" in cleared
    assert "sid" not in {cookie.key for cookie in visitor.http.cookie_jar}
    visitor.http.cookie_jar.update_cookies({"sid": sid})
    assert await visitor.session_id() is None


async def test_refresh_lets_the_session_last_anew_and_sets_the_cookie_again(
    visitor: Visitor, org: MockOkta
) -> None:
    org.clock.freeze()
    sid = await visitor.sign_in()
    begun = org.clock.now()
    org.clock.advance(timedelta(hours=1))
    answer = await visitor.ask("POST", REFRESH)
    assert answer.status == 200
    assert answer.json()["id"] == sid
    assert answer.json()["createdAt"] == wire_instant(begun)
    assert answer.json()["expiresAt"] == wire_instant(begun + timedelta(hours=3))
    assert answer.set_cookies()["sid"].startswith(f"sid={sid};")
    org.clock.advance(timedelta(minutes=119))
    assert await visitor.session_id() == sid


async def test_minimal_refresh_answers_without_a_body(visitor: Visitor) -> None:
    sid = await visitor.sign_in()
    answer = await visitor.ask("POST", REFRESH, headers={"Prefer": "return=minimal"})
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["Preference-Applied"] == "return=minimal"
    assert answer.set_cookies()["sid"].startswith(f"sid={sid};")


async def test_a_session_ends_after_two_hours(visitor: Visitor, org: MockOkta) -> None:
    org.clock.freeze()
    sid = await visitor.sign_in()
    org.clock.advance(timedelta(hours=2) - timedelta(microseconds=1))
    assert await visitor.session_id() == sid
    org.clock.advance(timedelta(microseconds=1))
    await _refused(visitor)


async def test_a_session_token_makes_a_session_but_sets_no_cookie(visitor: Visitor) -> None:
    token = await visitor.session_token()
    answer = await visitor.ask("POST", "/api/v1/sessions", json={"sessionToken": token})
    assert answer.status == 200
    assert answer.json()["login"] == LOGIN
    assert "Set-Cookie" not in answer.headers
    visitor.http.cookie_jar.update_cookies({"sid": answer.json()["id"]})
    assert await visitor.session_id() == answer.json()["id"]


async def test_a_session_token_works_once(visitor: Visitor) -> None:
    body = {"sessionToken": await visitor.session_token()}
    first = await visitor.ask("POST", "/api/v1/sessions", json=body)
    second = await visitor.ask("POST", "/api/v1/sessions", json=body)
    assert (first.status, second.status) == (200, 401)
    assert second.json()["errorCode"] == "E0000004"
    assert second.json()["errorSummary"] == "Authentication failed"


async def test_a_session_token_is_good_for_five_minutes(visitor: Visitor, org: MockOkta) -> None:
    org.clock.freeze()
    in_time, too_late = await visitor.session_token(), await visitor.session_token()
    org.clock.advance(timedelta(minutes=5) - timedelta(microseconds=1))
    answer = await visitor.ask("POST", "/api/v1/sessions", json={"sessionToken": in_time})
    assert answer.status == 200
    org.clock.advance(timedelta(microseconds=1))
    answer = await visitor.ask("POST", "/api/v1/sessions", json={"sessionToken": too_late})
    assert (answer.status, answer.json()["errorCode"]) == (401, "E0000004")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "E0000003"),
        (b"{}", 400, "E0000001"),
        (b'{"sessionToken":null}', 400, "E0000001"),
        (b'{"sessionToken":[7]}', 400, "E0000001"),
        (b'{"sessionToken":7}', 401, "E0000004"),
        (b'{"sessionToken":""}', 401, "E0000004"),
        (b'{"sessionToken":"20111made-up"}', 401, "E0000004"),
    ],
)
async def test_bad_bodies_are_refused(
    visitor: Visitor, body: bytes, status: int, code: str
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await visitor.ask("POST", "/api/v1/sessions", data=body, headers=headers)
    assert (answer.status, answer.json()["errorCode"]) == (status, code)


async def test_the_collection_itself_has_no_get(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", "/api/v1/sessions")
    assert (answer.status, answer.json()["errorCode"]) == (405, "E0000022")


async def test_two_browsers_have_a_session_each(a_visitor: Callable[[], Visitor]) -> None:
    one, other = a_visitor(), a_visitor()
    await one.sign_in(LOGIN)
    await other.sign_in(OTHER_LOGIN)
    await other.ask("DELETE", ME)
    assert (await one.ask("GET", ME)).json()["login"] == LOGIN
    assert await other.session_id() is None


async def test_a_user_without_names_is_linked_by_login(visitor: Visitor) -> None:
    await visitor.sign_in(OTHER_LOGIN)
    assert (await visitor.ask("GET", ME)).json()["_links"]["user"]["name"] == OTHER_LOGIN
