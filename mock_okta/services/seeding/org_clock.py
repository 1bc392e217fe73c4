"""The stored state of an org's clock, and how this process's clock follows it."""

from collections.abc import Callable

from mock_okta.clock import Clock, ClockState
from mock_okta.services.directory.lookup import ORG_KEY
from mock_okta.storage import Storage

__all__ = ["OrgClock"]


class OrgClock:
    """Keeps a `Clock` and its record in step.

    `Clock.now()` answers from the state in memory. Each request reads the record once, before
    anything asks for the time (`follow`). `/_mock/clock` changes the record first, in one step for
    all processes that share the storage (`change`). A change by hand in this process
    (`org.clock.advance(…)`) counts here at once; the next request writes it to the record.

    For replicas: each sees a change with its next request; requests in progress keep the time that
    they began with. A change by hand reaches other processes only with the next request to this
    one, and overwrites their changes: with replicas, use `/_mock/clock`. The offset is added to the
    machine's clock, so the machines' clocks have to agree. A process that caches `is_setup`
    collections could save the read: it checks their version anyway.
    """

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._clocks = storage.clocks
        self._clock = clock
        self._seen = ClockState()

    async def follow(self) -> None:
        """Set the clock by the record; if the clock was moved by hand, write the record."""
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
