"""Planned faults: which request meets which, and how often each fired.

A request meets at most one. A shot is an update of the record, so that each is taken once, however
many requests come at a time.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass

import msgspec
from msgspec import Struct

from mock_okta.model.faults import Fault, OAuthErrorAnswer, PlannedFault
from mock_okta.model.traffic import Caller
from mock_okta.services.world import World
from mock_okta.storage import Storage

__all__ = ["Chance", "Faults", "TooManyFaults", "chance"]

_MOST = 1000
_CHANCE: ContextVar["Chance | None"] = ContextVar("chance", default=None)
"""Set for the task that serves a request: what signs tokens never sees the request itself."""


class TooManyFaults(Exception):
    """So many are planned already that some must be a mistake."""


class _NoShotLeft(Exception):
    """Another request was faster."""


@dataclass
class Chance:
    """One request's chance to meet a fault: that of the first that has something to go wrong."""

    storage: Storage
    candidates: Sequence[PlannedFault]
    fired: PlannedFault | None = None

    async def take(self, fitting: Callable[[Fault], bool]) -> Fault | None:
        """Take a shot at the oldest fault that fits; give the same one again when asked again."""
        if self.fired is not None:
            return self.fired.fault if fitting(self.fired.fault) else None
        for planned in self.candidates:
            if fitting(planned.fault) and await self._has_shot(planned):
                self.fired = planned
                return planned.fault
        return None

    async def _has_shot(self, planned: PlannedFault) -> bool:
        """Take a shot, and return whether there was one; there is none of a fault forgotten."""
        try:
            return await self.storage.planned_faults.update(planned.id, _shot) is not None
        except _NoShotLeft:
            return False


def _shot(planned: PlannedFault) -> PlannedFault:
    if not planned.left:
        raise _NoShotLeft
    return msgspec.structs.replace(planned, left=planned.left - 1)


class Faults(Struct, frozen=True, kw_only=True):
    """All faults planned in an org, in the order in which they were planned."""

    world: World

    async def waiting(self) -> Sequence[PlannedFault]:
        """Return those that can fire."""
        return await self.world.storage.planned_faults.all_by("waiting", "yes")

    async def plan(self, faults: Sequence[Fault]) -> Sequence[PlannedFault]:
        """Add faults behind those there are; raise TooManyFaults and add none.

        Where there are too many, the oldest of those that have no shots left are forgotten.
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
        """Return all, oldest first, those with no shots left too."""
        return await self.world.storage.planned_faults.values()

    async def remove(self, fault_id: str) -> bool:
        """Forget one, and return whether there was one."""
        return await self.world.storage.planned_faults.take(fault_id) is not None

    async def clear(self) -> None:
        """Forget all."""
        await self.world.storage.planned_faults.clear()

    async def chance_of(
        self,
        waiting: Sequence[PlannedFault],
        method: str,
        path: str,
        caller: Callable[[], Awaitable[Caller]],
    ) -> Chance | None:
        """Return those of `waiting` that a request may meet, if any.

        Who calls is found out only if it counts. What is done for the request finds its chance by
        `chance()`.
        """
        candidates = [planned for planned in waiting if planned.may_meet(method, path)]
        if any(planned.names_a_caller for planned in candidates):
            known = await caller()
            candidates = [planned for planned in candidates if planned.meets(known)]
        if not candidates:
            return None
        found = Chance(self.world.storage, candidates)
        _CHANCE.set(found)
        return found

    async def planned_oauth_error(self) -> OAuthErrorAnswer | None:
        """Return the OAuth error that the request served just now is to meet, if any."""
        met = chance()
        fault = (
            None if met is None else await met.take(lambda each: isinstance(each, OAuthErrorAnswer))
        )
        return fault if isinstance(fault, OAuthErrorAnswer) else None


def chance() -> Chance | None:
    """Return the chance of the request that is served just now."""
    return _CHANCE.get()
