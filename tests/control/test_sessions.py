"""/_mock/sessions over HTTP: who is signed in, and ending it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from mock_okta import MockOkta
from tests.visiting import LOGIN, OTHER_LOGIN, USER_ID, Visitor

SESSIONS = "/_mock/sessions"


async def _shown(visitor: Visitor, query: str = "") -> Any:
    answer = await visitor.ask("GET", SESSIONS + query)
    assert answer.status == 200, answer.text
    return answer.json()["sessions"]


async def _end(visitor: Visitor, tail: str = "") -> None:
    answer = await visitor.ask("DELETE", SESSIONS + tail)
    assert (answer.status, answer.body) == (204, b"")


@pytest.fixture
async def two(a_visitor: Callable[[], Visitor]) -> tuple[Visitor, Visitor]:
    """Two browsers, each signed in as somebody else."""
    first, second = a_visitor(), a_visitor()
    await first.sign_in(LOGIN)
    await second.sign_in(OTHER_LOGIN)
    return first, second


async def test_it_is_shown_who_is_signed_in(two: tuple[Visitor, Visitor]) -> None:
    first, _ = two
    shown = await _shown(first)
    assert [session["login"] for session in shown] == [LOGIN, OTHER_LOGIN]
    mine = (await first.ask("GET", "/api/v1/sessions/me")).json()
    assert shown[0]["id"] == mine["id"]
    assert shown[0]["user_id"] == USER_ID
    assert shown[0]["amr"] == mine["amr"] == ["pwd"]
    assert shown[0]["expires_at"] == mine["expiresAt"]


@pytest.mark.parametrize("name", [LOGIN, LOGIN.upper(), USER_ID])
async def test_those_of_one_user_are_shown(two: tuple[Visitor, Visitor], name: str) -> None:
    assert [each["login"] for each in await _shown(two[0], f"?user={name}")] == [LOGIN]


async def test_one_that_ran_out_is_not_shown(visitor: Visitor, org: MockOkta) -> None:
    await visitor.sign_in()
    org.clock.advance(timedelta(hours=3))
    assert await _shown(visitor) == []


async def test_all_are_ended(two: tuple[Visitor, Visitor]) -> None:
    await _end(two[0])
    assert [await each.session_id() for each in two] == [None, None]
    assert await _shown(two[0]) == []


@pytest.mark.parametrize("name", [LOGIN, USER_ID])
async def test_those_of_one_user_are_ended(two: tuple[Visitor, Visitor], name: str) -> None:
    first, second = two
    await _end(first, f"?user={name}")
    assert await first.session_id() is None
    assert await second.session_id() is not None


async def test_one_is_ended_by_its_id(a_visitor: Callable[[], Visitor]) -> None:
    here, there = a_visitor(), a_visitor()
    await there.sign_in()
    await _end(here, f"/{await here.sign_in()}")
    assert await here.session_id() is None
    assert await there.session_id() is not None


async def test_tokens_outlive_the_session(visitor: Visitor) -> None:
    tokens = await visitor.tokens()
    await _end(visitor)
    assert await visitor.session_id() is None
    assert (await visitor.introspect(tokens["access_token"]))["active"]
    assert (await visitor.refresh(tokens["refresh_token"])).status == 200


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("query", ["?user=nobody@example.com", "?user="])
async def test_an_unknown_user_is_not_found(
    two: tuple[Visitor, Visitor], method: str, query: str
) -> None:
    answer = await two[0].ask(method, SESSIONS + query)
    assert answer.status == 404
    assert answer.json()["errorCode"] == "E0000007"
    assert await two[0].session_id() is not None


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_a_mistyped_parameter_ends_nothing(visitor: Visitor, method: str) -> None:
    await visitor.sign_in()
    answer = await visitor.ask(method, f"{SESSIONS}?login={LOGIN}")
    assert answer.status == 400
    assert "login" in answer.json()["errorCauses"][0]["errorSummary"]
    assert await visitor.session_id() is not None


async def test_an_unknown_session_is_not_found(visitor: Visitor) -> None:
    assert (await visitor.ask("DELETE", f"{SESSIONS}/102nothing")).status == 404
