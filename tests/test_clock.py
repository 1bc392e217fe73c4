"""The org's clock."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from mock_okta import Clock
from mock_okta.clock import wire_instant

NEW_YEAR = datetime(2031, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOON = timedelta(minutes=1)


def _is_about(clock: Clock, instant: datetime) -> bool:
    return timedelta() <= clock.now() - instant < SOON


def test_it_follows_the_machine_at_first() -> None:
    clock = Clock()
    assert not clock.is_frozen
    assert _is_about(clock, datetime.now(UTC) - timedelta(seconds=1))
    assert clock.now().tzinfo is UTC


def test_frozen_it_stands_still() -> None:
    clock = Clock()
    clock.freeze()
    assert clock.is_frozen
    assert clock.now() == clock.now()


def test_it_freezes_at_an_instant_of_any_time_zone() -> None:
    clock = Clock()
    clock.freeze(NEW_YEAR.astimezone(timezone(timedelta(hours=5))))
    assert clock.now() == NEW_YEAR
    assert clock.now().tzinfo is UTC
    assert clock.epoch() == 1924992000


def test_freezing_again_moves_it_only_when_told_where() -> None:
    clock = Clock()
    clock.freeze(NEW_YEAR)
    clock.freeze()
    assert clock.now() == NEW_YEAR
    clock.freeze(NEW_YEAR + HOUR)
    assert clock.now() == NEW_YEAR + HOUR


def test_set_while_it_runs_it_runs_on_from_there() -> None:
    clock = Clock()
    clock.set(NEW_YEAR)
    assert not clock.is_frozen
    assert _is_about(clock, NEW_YEAR)


def test_set_while_frozen_it_stays_frozen() -> None:
    clock = Clock()
    clock.freeze()
    clock.set(NEW_YEAR)
    assert (clock.is_frozen, clock.now()) == (True, NEW_YEAR)


@pytest.mark.parametrize("by", [HOUR, -HOUR, timedelta(microseconds=1), timedelta()])
def test_it_is_advanced_frozen_or_not(by: timedelta) -> None:
    clock = Clock()
    clock.set(NEW_YEAR)
    clock.advance(by)
    assert _is_about(clock, NEW_YEAR + by)
    clock.freeze(NEW_YEAR)
    clock.advance(by)
    assert clock.now() == NEW_YEAR + by


def test_resumed_it_runs_on_from_where_it_stood() -> None:
    clock = Clock()
    clock.freeze(NEW_YEAR)
    clock.resume()
    assert not clock.is_frozen
    assert _is_about(clock, NEW_YEAR)


def test_resuming_a_running_clock_changes_nothing() -> None:
    clock = Clock()
    clock.set(NEW_YEAR)
    clock.resume()
    assert _is_about(clock, NEW_YEAR)


def test_reset_it_follows_the_machine_again() -> None:
    clock = Clock()
    clock.freeze(NEW_YEAR)
    clock.advance(HOUR)
    clock.reset()
    assert not clock.is_frozen
    assert _is_about(clock, datetime.now(UTC) - timedelta(seconds=1))


def test_a_frozen_clock_goes_back_to_where_it_stood() -> None:
    clock = Clock()
    clock.freeze(NEW_YEAR)
    state = clock.state
    clock.advance(HOUR)
    clock.resume()
    clock.restore(state)
    assert clock.is_frozen
    assert clock.now() == NEW_YEAR


def test_a_running_clock_is_again_as_far_ahead_as_it_was() -> None:
    clock = Clock()
    clock.advance(HOUR)
    state = clock.state
    clock.freeze(NEW_YEAR)
    clock.restore(state)
    assert not clock.is_frozen
    assert _is_about(clock, datetime.now(UTC) + HOUR)


def test_epoch_is_in_whole_seconds_and_never_ahead() -> None:
    clock = Clock()
    clock.freeze(NEW_YEAR - timedelta(microseconds=1))
    assert clock.epoch() == 1924991999


def test_nothing_moves_the_stopwatch() -> None:
    clock = Clock()
    before = clock.stopwatch()
    clock.advance(timedelta(days=1))
    assert 0 <= clock.stopwatch() - before < SOON.total_seconds()


@pytest.mark.parametrize(
    ("instant", "wire"),
    [
        (NEW_YEAR, "2031-01-01T00:00:00.000Z"),
        (NEW_YEAR + timedelta(microseconds=1999), "2031-01-01T00:00:00.001Z"),
        (NEW_YEAR - timedelta(microseconds=1), "2030-12-31T23:59:59.999Z"),
        (NEW_YEAR.astimezone(timezone(-HOUR)), "2031-01-01T00:00:00.000Z"),
    ],
)
def test_instants_are_written_as_okta_does(instant: datetime, wire: str) -> None:
    assert wire_instant(instant) == wire
