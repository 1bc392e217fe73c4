"""An org as a whole: back to its first seed, or to a snapshot that has a name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Struct

from mock_okta.clock import Clock, ClockState
from mock_okta.domain.directory import ORG_SERVER
from mock_okta.domain.failures import Failure
from mock_okta.seed import Seed
from mock_okta.services.key_ring import KeyFileError, KeyRing, RingState
from mock_okta.services.seeding import Seeding
from mock_okta.storage import Storage, StoredRecords

__all__ = ["MOST_SNAPSHOTS", "OrgState", "Snapshot", "TooManySnapshots"]

MOST_SNAPSHOTS = 100


class TooManySnapshots(Failure):
    """The org keeps as many snapshots as it may: one has to go first."""


class Snapshot(Struct, frozen=True, kw_only=True):
    """An org at one moment; `taken_at` by its own clock."""

    taken_at: datetime
    records: StoredRecords
    clock: ClockState
    keys: Mapping[str, RingState]


@dataclass(kw_only=True)
class OrgState:
    """Fills an org, and brings it back; `forgets` empties what is not in storage.

    Snapshots outlive a reset: they are what a test goes back to after it. They live as long as the
    org runs.
    """

    storage: Storage
    clock: Clock
    keys: KeyRing
    seeding: Seeding
    seed: Seed
    forgets: Sequence[Callable[[], None]] = ()
    _snapshots: dict[str, Snapshot] = field(default_factory=dict)

    async def start(self) -> None:
        """Fill an empty org, and begin to generate its keys."""
        # The first token is asked of a custom server as a rule: its key is generated first.
        for server_id in self._first_servers():
            self.keys.prepare(server_id)
            await self.keys.check(server_id)
        await self.seeding.start(self.seed)

    @property
    def is_ready(self) -> bool:
        """Whether the first keys are there: until then whoever asks for a token waits."""
        return all(self.keys.are_there(server_id) for server_id in self._first_servers())

    async def reset(self) -> None:
        """Go back to the first seed, with nobody signed in and the clock running.

        Raises KeyFileError, and has then changed nothing that a caller sees but some keys.
        """
        with self._clock_kept_on_failure():
            self.clock.reset()
            self.keys.settle()
        await self.storage.clear()
        self._forget()
        await self.seeding.start(self.seed)

    async def take_snapshot(self, name: str) -> Snapshot:
        """Keep the org as it is now, in place of an earlier snapshot of that name.

        Raises TooManySnapshots: each holds a whole org.
        """
        if name not in self._snapshots and len(self._snapshots) >= MOST_SNAPSHOTS:
            raise TooManySnapshots(f"there are {MOST_SNAPSHOTS} snapshots already")
        snapshot = Snapshot(
            taken_at=self.clock.now(),
            records=await self.storage.records(),
            clock=self.clock.state,
            keys=self.keys.states(),
        )
        self._snapshots[name] = snapshot
        return snapshot

    async def restore(self, name: str) -> bool:
        """Make the org what it was at that snapshot; return False if there is none.

        Raises KeyFileError.
        """
        snapshot = self._snapshots.get(name)
        if snapshot is None:
            return False
        with self._clock_kept_on_failure():
            self.clock.restore(snapshot.clock)
            self.keys.restore(snapshot.keys)
        self._forget()
        await self.storage.restore(snapshot.records)
        return True

    def snapshots(self) -> Mapping[str, Snapshot]:
        """Return all snapshots by name, oldest name first."""
        return dict(self._snapshots)

    def forget_snapshot(self, name: str) -> bool:
        """Forget a snapshot; tell whether there was one."""
        return self._snapshots.pop(name, None) is not None

    @contextmanager
    def _clock_kept_on_failure(self) -> Iterator[None]:
        """Put the clock back if the keys cannot be kept."""
        before = self.clock.state
        try:
            yield
        except KeyFileError:
            self.clock.restore(before)
            raise

    def _first_servers(self) -> tuple[str, ...]:
        return (*(server.id for server in self.seed.authorization_servers), ORG_SERVER)

    def _forget(self) -> None:
        for forget in self.forgets:
            forget()
