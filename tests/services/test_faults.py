"""Whose shot it is, where requests overlap."""

from mock_okta.ids import Ids
from mock_okta.model.faults import BrokenToken, Dropped, Fault
from mock_okta.model.traffic import Caller
from mock_okta.services.testing.faults import Chance, Faults

BROKEN = BrokenToken(broken=("unknown_kid",))


async def _nobody() -> Caller:
    return Caller()


async def _chances(faults: Faults, number: int) -> list[Chance]:
    found = [await faults.chance_of("GET", "/", _nobody) for _ in range(number)]
    return [chance for chance in found if chance is not None]


def _any(_: Fault) -> bool:
    return True


async def test_of_two_requests_that_both_may_meet_the_last_shot_the_first_to_need_it_does() -> None:
    faults = Faults(Ids())
    faults.plan([BROKEN])
    first, second = await _chances(faults, 2)
    assert second.take(_any) == BROKEN
    assert first.take(_any) is None
    assert second.take(_any) == BROKEN


async def test_a_request_that_met_one_fault_meets_no_other() -> None:
    faults = Faults(Ids())
    faults.plan([BROKEN, Dropped()])
    (chance,) = await _chances(faults, 1)
    assert chance.take(_any) == BROKEN
    assert chance.take(lambda fault: isinstance(fault, Dropped)) is None
    assert [planned.left for planned in faults.all()] == [0, 1]


async def test_a_fault_that_was_forgotten_is_met_by_no_request_on_its_way() -> None:
    faults = Faults(Ids())
    faults.plan([BROKEN])
    (chance,) = await _chances(faults, 1)
    faults.clear()
    assert chance.take(_any) is None
    assert faults.is_idle
