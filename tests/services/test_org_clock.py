"""The record of an org's clock, as two processes that share the storage see it."""

from datetime import UTC, datetime, timedelta

import pytest

from mock_okta import Clock
from mock_okta.services.seeding.org_clock import OrgClock
from mock_okta.storage import Storage, in_memory

NEW_YEAR = datetime(2031, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Process:
    """A process of the org: a clock of its own over the shared storage."""

    def __init__(self, storage: Storage) -> None:
        self.clock = Clock()
        self.org_clock = OrgClock(storage, self.clock)

    async def now(self) -> datetime:
        """The time that a request sees."""
        await self.org_clock.follow()
        return self.clock.now()


@pytest.fixture
def storage() -> Storage:
    return in_memory(Clock())


@pytest.fixture
def one(storage: Storage) -> Process:
    return Process(storage)


@pytest.fixture
def other(storage: Storage) -> Process:
    return Process(storage)


async def test_a_change_of_the_record_is_seen_by_the_next_request_to_each(
    one: Process, other: Process
) -> None:
    await one.org_clock.change(lambda state: state.frozen(NEW_YEAR))
    assert (one.clock.now(), await other.now()) == (NEW_YEAR, NEW_YEAR)
    await other.org_clock.change(lambda state: state.advanced(HOUR))
    assert await one.now() == NEW_YEAR + HOUR


async def test_changes_by_two_add_up(one: Process, other: Process) -> None:
    await one.org_clock.change(lambda state: state.frozen(NEW_YEAR))
    for process in (one, other, one):
        await process.org_clock.change(lambda state: state.advanced(HOUR))
    assert await other.now() == NEW_YEAR + 3 * HOUR


async def test_what_is_moved_by_hand_counts_at_once_and_for_the_other_after_a_request(
    one: Process, other: Process
) -> None:
    one.clock.freeze(NEW_YEAR)
    assert one.clock.now() == NEW_YEAR
    assert await other.now() != NEW_YEAR
    await one.now()
    assert await other.now() == NEW_YEAR


async def test_a_change_of_the_record_goes_on_from_what_was_moved_by_hand(one: Process) -> None:
    one.clock.freeze(NEW_YEAR)
    await one.now()
    one.clock.advance(HOUR)
    await one.now()
    await one.org_clock.change(lambda state: state.advanced(HOUR))
    assert one.clock.now() == NEW_YEAR + 2 * HOUR


async def test_without_the_record_the_clock_follows_the_machines_again(
    one: Process, storage: Storage
) -> None:
    await one.org_clock.change(lambda state: state.frozen(NEW_YEAR))
    await storage.clear()
    assert await one.now() < NEW_YEAR
    assert not one.clock.is_frozen
