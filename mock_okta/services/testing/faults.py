"""Planned faults: which request meets which, and how many shots each has left.

A request meets at most one fault. Taking a shot is one update of the record: each shot is taken
once, even if many requests come at the same time.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar

import msgspec
from msgspec import Struct

from mock_okta.model.faults import Fault, OAuthErrorAnswer, PlannedFault
from mock_okta.model.traffic import Caller
from mock_okta.services.world import World
from mock_okta.storage import Collection

__all__ = ["Chance", "Faults", "TooManyFaults", "chance"]

_MOST = 1000
_CHANCE: ContextVar["Chance | None"] = ContextVar("chance", default=None)
"""Set in the task that serves a request: the code that signs tokens does not get the request."""


class TooManyFaults(Exception):
    """More faults are planned than any test needs."""


class _NoShotLeft(Exception):
    """Another request took the last shot."""


class Chance(Struct):
    """The faults that one request may meet; it meets at most one of them."""

    planned_faults: Collection[PlannedFault]
    candidates: Sequence[PlannedFault]
    fired: PlannedFault | None = None

    async def take(self, fitting: Callable[[Fault], bool]) -> Fault | None:
        """Take a shot of the oldest fault that fits; later calls return the same fault."""
        if self.fired is not None:
            return self.fired.fault if fitting(self.fired.fault) else None
        for planned in self.candidates:
            if fitting(planned.fault) and await self._has_shot(planned):
                self.fired = planned
                return planned.fault
        return None

    async def _has_shot(self, planned: PlannedFault) -> bool:
        """Take a shot; return False if there is none, or the fault was deleted."""
        try:
            return await self.planned_faults.update(planned.id, _shot) is not None
        except _NoShotLeft:
            return False


def _shot(planned: PlannedFault) -> PlannedFault:
    if not planned.left:
        raise _NoShotLeft
    return msgspec.structs.replace(planned, left=planned.left - 1)


class Faults(Struct, frozen=True, kw_only=True):
    """The planned faults of an org, oldest first."""

    world: World

    async def waiting(self) -> Sequence[PlannedFault]:
        """Return the faults that have shots left."""
        return await self.world.storage.planned_faults.all_by("waiting", "yes")

    async def plan(self, faults: Sequence[Fault]) -> Sequence[PlannedFault]:
        """Add faults after the others; raise TooManyFaults, and then add none.

        To make room, the oldest faults without shots are deleted first.
        """
        there = await self.all()
        spent = [each.id for each in there if not each.left]
        excess = len(there) + len(faults) - _MOST
        if excess > len(spent):
            raise TooManyFaults(f"no more than {_MOST} faults can wait: delete some")
        for fault_id in spent[: max(excess, 0)]:
            await self.remove(fault_id)
        planned = [
            PlannedFault(id=self.world.ids.object_id("flt"), fault=fault, left=fault.times)
            for fault in faults
        ]
        for each in planned:
            await self.world.storage.planned_faults.put(each.id, each)
        return planned

    async def all(self) -> Sequence[PlannedFault]:
        """Return all faults, oldest first, with those that have no shots left."""
        return await self.world.storage.planned_faults.values()

    async def remove(self, fault_id: str) -> bool:
        """Delete a fault; return False if there is none with that id."""
        return await self.world.storage.planned_faults.take(fault_id) is not None

    async def clear(self) -> None:
        """Delete all faults."""
        await self.world.storage.planned_faults.clear()

    async def chance_of(
        self,
        waiting: Sequence[PlannedFault],
        method: str,
        path: str,
        caller: Callable[[], Awaitable[Caller]],
    ) -> Chance | None:
        """Return the faults of `waiting` that a request may meet; None if there are none.

        `caller` is called only if some fault is for a certain caller. Code that serves the request
        gets the result by `chance()`.
        """
        candidates = [planned for planned in waiting if planned.may_meet(method, path)]
        if any(planned.names_a_caller for planned in candidates):
            known = await caller()
            candidates = [planned for planned in candidates if planned.meets(known)]
        if not candidates:
            return None
        found = Chance(self.world.storage.planned_faults, candidates)
        _CHANCE.set(found)
        return found

    async def planned_oauth_error(self) -> OAuthErrorAnswer | None:
        """Return the planned OAuth error for the current request, if any."""
        met = chance()
        fault = (
            None if met is None else await met.take(lambda each: isinstance(each, OAuthErrorAnswer))
        )
        return fault if isinstance(fault, OAuthErrorAnswer) else None


def chance() -> Chance | None:
    """Return the chance of the current request; None if it meets no fault."""
    return _CHANCE.get()
