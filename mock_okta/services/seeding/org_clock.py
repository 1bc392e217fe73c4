"""The record of an org's clock, and how the clock of this process follows it."""

from collections.abc import Callable

from mock_okta.clock import Clock, ClockState
from mock_okta.services.directory.lookup import ORG_KEY
from mock_okta.storage import Storage

__all__ = ["OrgClock"]


class OrgClock:
    """Keeps a `Clock` and the record `org_clock` in step.

    `Clock.now()` answers at once, from the state that the clock holds. Each request reads the
    record once, before anything asks for the time (`follow`); what `/_mock/clock` changes is
    changed in the record first, and so in one step for all who share the storage (`change`). What
    a program moves by hand in this process (`org.clock.advance(…)`) counts at once here, and is
    written by the next request.

    For replicas: each sees a change with its next request; one that is under way keeps the time
    that it began with. A change by hand reaches the others only with the next request to the
    process that made it, and wins over what they changed since: with replicas, use `/_mock/clock`.
    An offset is one from the machine's clock: the machines' clocks have to agree. The read can be
    saved where the process keeps `is_setup` collections, with a version that is checked anyway.
    """

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._clocks = storage.clocks
        self._clock = clock
        self._seen = ClockState()

    async def follow(self) -> None:
        """Go as the record says; or write it, if the clock was moved by hand."""
        state = self._clock.state
        if state is not self._seen and state != self._seen:
            await self._clocks.put(ORG_KEY, state)
            self._seen = state
            return
        kept = await self._clocks.get(ORG_KEY) or ClockState()
        if kept != self._seen:
            self._take(kept)

    async def change(self, change: Callable[[ClockState], ClockState]) -> None:
        """Change the record, and the clock with it."""
        await self._clocks.add(ORG_KEY, ClockState())
        changed = await self._clocks.update(ORG_KEY, change)
        self._take(changed or ClockState())

    def _take(self, state: ClockState) -> None:
        self._clock.restore(state)
        self._seen = state
