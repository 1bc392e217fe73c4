"""/_mock/clock over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mock_okta import MockOkta
from tests.visiting import Answer, Visitor, claims_of

CLOCK = "/_mock/clock"
JSON = {"Content-Type": "application/json"}
NEW_YEAR = "2031-01-01T00:00:00.000Z"


async def _put(visitor: Visitor, change: Any) -> Any:
    answer = await visitor.ask("PUT", CLOCK, json=change)
    assert answer.status == 200, answer.text
    return answer.json()


async def _advance(visitor: Visitor, seconds: float) -> Answer:
    return await visitor.ask("POST", f"{CLOCK}/advance", json={"seconds": seconds})


def _instant(shown: Any) -> datetime:
    return datetime.fromisoformat(shown["now"])


async def test_it_runs_with_the_machines_clock_at_first(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", CLOCK)
    assert answer.status == 200
    assert list(answer.json()) == ["now", "frozen"]
    assert answer.json()["frozen"] is False
    assert abs(_instant(answer.json()) - datetime.now(UTC)) < timedelta(minutes=1)


async def test_it_stops_where_it_is_set_and_stays(visitor: Visitor) -> None:
    assert await _put(visitor, {"frozen": True, "now": NEW_YEAR}) == {
        "now": NEW_YEAR,
        "frozen": True,
    }
    for _ in range(3):
        assert (await visitor.ask("GET", CLOCK)).json() == {"now": NEW_YEAR, "frozen": True}


async def test_it_stops_exactly_there(visitor: Visitor, org: MockOkta) -> None:
    await _put(visitor, {"frozen": True, "now": NEW_YEAR})
    assert org.clock.now() == datetime(2031, 1, 1, tzinfo=UTC)


async def test_freezing_twice_does_not_move_it(visitor: Visitor) -> None:
    first = await _put(visitor, {"frozen": True})
    assert await _put(visitor, {"frozen": True}) == first


async def test_now_alone_sets_a_running_clock_and_lets_it_run(visitor: Visitor) -> None:
    shown = await _put(visitor, {"now": NEW_YEAR})
    assert shown["frozen"] is False
    assert timedelta() <= _instant(shown) - datetime(2031, 1, 1, tzinfo=UTC) < timedelta(minutes=1)


async def test_now_alone_sets_a_frozen_clock_and_leaves_it_frozen(visitor: Visitor) -> None:
    await _put(visitor, {"frozen": True})
    assert await _put(visitor, {"now": NEW_YEAR}) == {"now": NEW_YEAR, "frozen": True}


async def test_resumed_it_runs_on_from_where_it_stood(visitor: Visitor) -> None:
    await _put(visitor, {"frozen": True, "now": NEW_YEAR})
    shown = await _put(visitor, {"frozen": False})
    assert shown["frozen"] is False
    assert timedelta() <= _instant(shown) - datetime(2031, 1, 1, tzinfo=UTC) < timedelta(minutes=1)


async def test_resumed_it_may_run_on_from_elsewhere(visitor: Visitor) -> None:
    await _put(visitor, {"frozen": True})
    shown = await _put(visitor, {"frozen": False, "now": NEW_YEAR})
    assert shown["frozen"] is False
    assert _instant(shown).year == 2031


async def test_an_empty_change_changes_nothing(visitor: Visitor) -> None:
    frozen = await _put(visitor, {"frozen": True, "now": NEW_YEAR})
    assert await _put(visitor, {}) == frozen


async def test_other_time_zones_are_understood(visitor: Visitor) -> None:
    shown = await _put(visitor, {"frozen": True, "now": "2031-01-01T02:00:00+02:00"})
    assert shown["now"] == NEW_YEAR


@pytest.mark.parametrize(
    ("seconds", "then"),
    [
        (3600, "2031-01-01T01:00:00.000Z"),
        (0.25, "2031-01-01T00:00:00.250Z"),
        (0, NEW_YEAR),
        (-86400, "2030-12-31T00:00:00.000Z"),
    ],
)
async def test_it_is_advanced_by_seconds(visitor: Visitor, seconds: float, then: str) -> None:
    await _put(visitor, {"frozen": True, "now": NEW_YEAR})
    answer = await _advance(visitor, seconds)
    assert (answer.status, answer.json()) == (200, {"now": then, "frozen": True})


async def test_a_running_clock_is_advanced_too(visitor: Visitor) -> None:
    await _put(visitor, {"now": NEW_YEAR})
    shown = (await _advance(visitor, 3600)).json()
    assert shown["frozen"] is False
    assert shown["now"] >= "2031-01-01T01:00:00.000Z"


async def test_tokens_are_dated_by_it(visitor: Visitor) -> None:
    await _put(visitor, {"frozen": True, "now": NEW_YEAR})
    tokens = await visitor.tokens()
    assert claims_of(tokens["access_token"])["iat"] == 1924992000


@pytest.mark.parametrize(
    "body",
    [
        '{"now":"2031-01-01T00:00:00"}',
        '{"now":"2031-01-01"}',
        '{"now":"tomorrow"}',
        '{"now":1924992000}',
        '{"now":"0001-01-01T00:00:00+14:00"}',
        '{"now":"1969-12-31T23:59:59Z"}',
        '{"now":"9999-12-31T23:59:59-14:00"}',
        '{"now":"9999-12-31T23:59:59Z","frozen":true}',
        '{"now":"10000-01-01T00:00:00Z"}',
        '{"frozen":"yes"}',
        '{"frozen":1}',
        '{"thaw":true}',
        "[]",
        "",
    ],
)
async def test_a_bad_change_is_refused_and_changes_nothing(
    visitor: Visitor, org: MockOkta, body: str
) -> None:
    org.clock.freeze()
    before = org.clock.now()
    answer = await visitor.ask("PUT", CLOCK, data=body, headers=JSON)
    assert answer.status == 400
    assert answer.json()["errorCode"] in ("E0000001", "E0000003")
    assert (org.clock.now(), org.clock.is_frozen) == (before, True)


@pytest.mark.parametrize(
    "body",
    [
        '{"seconds":1e12}',
        '{"seconds":-1e12}',
        '{"seconds":1e300}',
        '{"seconds":1e400}',
        '{"seconds":-2e9}',
        '{"seconds":NaN}',
        '{"seconds":Infinity}',
        '{"seconds":"3600"}',
        '{"seconds":null}',
        '{"seconds":1,"minutes":1}',
        "{}",
        "3600",
        "",
    ],
)
async def test_a_bad_advance_is_refused_and_changes_nothing(
    visitor: Visitor, org: MockOkta, body: str
) -> None:
    await _put(visitor, {"frozen": True, "now": NEW_YEAR})
    answer = await visitor.ask("POST", f"{CLOCK}/advance", data=body, headers=JSON)
    assert answer.status == 400
    assert answer.json()["errorCode"] in ("E0000001", "E0000003")
    assert org.clock.now() == datetime(2031, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("change", [{"frozen": True}, {"frozen": False}])
async def test_advancing_again_and_again_ends_in_a_refusal_not_in_a_broken_org(
    visitor: Visitor, change: dict[str, bool]
) -> None:
    await _put(visitor, change)
    thousand_years = 31_556_952_000
    statuses = [(await _advance(visitor, thousand_years)).status for _ in range(10)]
    assert statuses[0] == 200
    assert statuses[-1] == 400
    assert set(statuses) == {200, 400}
    assert (await visitor.ask("GET", CLOCK)).status == 200
    tokens = await visitor.tokens()
    assert (await visitor.userinfo(tokens["access_token"])).status == 200


async def test_the_first_and_the_last_instant_that_can_be_set_are_good_for_tokens(
    visitor: Visitor,
) -> None:
    for instant in ("1970-01-02T00:00:00Z", "9000-01-01T00:00:00Z"):
        await _put(visitor, {"frozen": True, "now": instant})
        tokens = await visitor.tokens()
        assert (await visitor.userinfo(tokens["access_token"])).status == 200
