"""Planned faults: which request meets which, and how often each fired.

A request meets at most one. Each shot is taken once, however many requests come at a time: whether
one is left is asked and answered in one step of the event loop.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field

from mock_okta.ids import Ids
from mock_okta.model.faults import Fault, OAuthErrorAnswer
from mock_okta.model.traffic import Caller
from mock_okta.wildcards import fits

__all__ = [
    "Chance",
    "Faults",
    "PlannedFault",
    "TooManyFaults",
    "chance",
    "planned_oauth_error",
]

_ASSETS = "/okta-signin-widget/"
_MOST = 1000
_CHANCE: ContextVar["Chance | None"] = ContextVar("chance", default=None)
"""Set for the task that serves a request: what signs tokens never sees the request itself."""


class TooManyFaults(Exception):
    """So many are planned already that some must be a mistake."""


@dataclass
class PlannedFault:
    """A fault, and how many of its shots are left."""

    id: str
    fault: Fault
    left: int

    @property
    def kind(self) -> str:
        """Its word on the wire."""
        return str(self.fault.__struct_config__.tag)

    @property
    def fired(self) -> int:
        """How many requests met it."""
        return self.fault.times - self.left

    @property
    def names_a_caller(self) -> bool:
        """Whether it is for one client or user alone."""
        return self.fault.client_id is not None or self.fault.user is not None

    def may_meet(self, method: str, path: str) -> bool:
        """Tell whether it is for such requests, whoever sends them."""
        wanted = self.fault.method
        if method == "OPTIONS" if wanted is None else method != wanted.upper():
            return False
        pattern = self.fault.path
        return not path.startswith(_ASSETS) if pattern is None else fits(pattern, path)

    def meets(self, caller: Caller) -> bool:
        """Tell whether it is for this caller."""
        client_id, user = self.fault.client_id, self.fault.user
        if client_id is not None and client_id != caller.client_id:
            return False
        return user is None or user.lower() == (caller.login or "").lower()


@dataclass
class Chance:
    """One request's chance to meet a fault: that of the first that has something to go wrong."""

    candidates: Sequence[PlannedFault]
    fired: PlannedFault | None = None

    def take(self, fitting: Callable[[Fault], bool]) -> Fault | None:
        """Take a shot at the oldest fault that fits; give the same one again when asked again."""
        if self.fired is not None:
            return self.fired.fault if fitting(self.fired.fault) else None
        for planned in self.candidates:
            if planned.left and fitting(planned.fault):
                planned.left -= 1
                self.fired = planned
                return planned.fault
        return None


@dataclass
class Faults:
    """All faults planned in an org, in the order in which they were planned."""

    ids: Ids
    _planned: dict[str, PlannedFault] = field(default_factory=dict)
    _live: list[PlannedFault] = field(default_factory=list)

    @property
    def is_idle(self) -> bool:
        """Whether no fault can fire."""
        return not self._live

    def plan(self, faults: Sequence[Fault]) -> Sequence[PlannedFault]:
        """Add faults behind those there are; raise TooManyFaults and add none.

        Where there are too many, the oldest of those that have no shots left are forgotten.
        """
        spent = [each.id for each in self._planned.values() if not each.left]
        excess = len(self._planned) + len(faults) - _MOST
        if excess > len(spent):
            raise TooManyFaults(f"no more than {_MOST} faults can wait: delete some")
        for fault_id in spent[: max(excess, 0)]:
            self.remove(fault_id)
        planned = [
            PlannedFault(
                id=self.ids.object_id("flt"),
                fault=fault,
                left=fault.times,
            )
            for fault in faults
        ]
        self._planned |= {each.id: each for each in planned}
        self._live += planned
        return planned

    def all(self) -> Sequence[PlannedFault]:
        """Return all, oldest first, those with no shots left too."""
        return tuple(self._planned.values())

    def remove(self, fault_id: str) -> bool:
        """Forget one; tell whether there was one."""
        planned = self._planned.pop(fault_id, None)
        if planned is None:
            return False
        planned.left = 0  # also for the requests that could meet it just now
        return True

    def clear(self) -> None:
        """Forget all."""
        for fault_id in tuple(self._planned):
            self.remove(fault_id)
        self._live = []

    async def chance_of(
        self, method: str, path: str, caller: Callable[[], Awaitable[Caller]]
    ) -> Chance | None:
        """Return the faults that a request may meet, if any; who calls is found out if it counts.

        What is done for the request finds its chance by `chance()`.
        """
        self._live = [planned for planned in self._live if planned.left]
        candidates = [planned for planned in self._live if planned.may_meet(method, path)]
        if any(planned.names_a_caller for planned in candidates):
            known = await caller()
            candidates = [planned for planned in candidates if planned.meets(known)]
        if not candidates:
            return None
        found = Chance(candidates)
        _CHANCE.set(found)
        return found


def chance() -> Chance | None:
    """Return the chance of the request that is served just now."""
    return _CHANCE.get()


async def planned_oauth_error() -> OAuthErrorAnswer | None:
    """Return the OAuth error that the request served just now is to meet, if any."""
    met = chance()
    fault = None if met is None else met.take(lambda each: isinstance(each, OAuthErrorAnswer))
    return fault if isinstance(fault, OAuthErrorAnswer) else None
