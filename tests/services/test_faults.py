"""Whose shot it is, where requests overlap."""

from mock_okta import Clock, KeyPool
from mock_okta.model.faults import BrokenToken, Dropped, Fault
from mock_okta.model.traffic import Caller
from mock_okta.services.testing.faults import Chance, Faults
from mock_okta.services.world import world_of
from mock_okta.storage import in_memory

BROKEN = BrokenToken(broken=("unknown_kid",))


async def _nobody() -> Caller:
    return Caller()


def _faults() -> Faults:
    clock = Clock()
    return Faults(world=world_of(in_memory(clock), clock, KeyPool()))


async def _chances(faults: Faults, number: int) -> list[Chance]:
    waiting = await faults.waiting()
    found = [await faults.chance_of(waiting, "GET", "/", _nobody) for _ in range(number)]
    return [chance for chance in found if chance is not None]


def _any(_: Fault) -> bool:
    return True


async def test_of_two_requests_that_both_may_meet_the_last_shot_the_first_to_need_it_does() -> None:
    faults = _faults()
    await faults.plan([BROKEN])
    first, second = await _chances(faults, 2)
    assert await second.take(_any) == BROKEN
    assert await first.take(_any) is None
    assert await second.take(_any) == BROKEN


async def test_a_request_that_met_one_fault_meets_no_other() -> None:
    faults = _faults()
    await faults.plan([BROKEN, Dropped()])
    (chance,) = await _chances(faults, 1)
    assert await chance.take(_any) == BROKEN
    assert await chance.take(lambda fault: isinstance(fault, Dropped)) is None
    assert [planned.left for planned in await faults.all()] == [0, 1]


async def test_a_fault_that_was_forgotten_is_met_by_no_request_on_its_way() -> None:
    faults = _faults()
    await faults.plan([BROKEN])
    (chance,) = await _chances(faults, 1)
    await faults.clear()
    assert await chance.take(_any) is None
    assert list(await faults.waiting()) == []


async def test_the_oldest_fault_comes_first_however_often_it_fired() -> None:
    faults = _faults()
    often = Dropped(times=3)
    await faults.plan([often, BROKEN])
    for _ in range(3):
        (chance,) = await _chances(faults, 1)
        assert await chance.take(_any) == often
    (chance,) = await _chances(faults, 1)
    assert await chance.take(_any) == BROKEN
