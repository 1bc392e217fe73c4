"""An org as a whole: back to its first seed, or to a snapshot that has a name."""

from collections.abc import Sequence

from msgspec import Struct

from mock_okta.clock import Clock, ClockState
from mock_okta.model.authorization_servers import ORG_SERVER
from mock_okta.model.failures import Failure
from mock_okta.model.org_state import Snapshot
from mock_okta.model.seed import Seed
from mock_okta.services.seeding.org_clock import OrgClock
from mock_okta.services.seeding.seeding import Seeding
from mock_okta.services.tokens.key_ring import KeyRing
from mock_okta.storage import Storage
from mock_okta.storage.encoding import decoded, encoded

__all__ = ["MOST_SNAPSHOTS", "OrgState", "TooManySnapshots"]

MOST_SNAPSHOTS = 100


class TooManySnapshots(Failure):
    """The org keeps as many snapshots as it may: one has to go first."""


class OrgState(Struct, frozen=True, kw_only=True):
    """Fills an org, and brings it back.

    All that an org is stands in its storage. Snapshots outlive a reset: they are what a test goes
    back to after it. They live as long as the org's storage.
    """

    storage: Storage
    clock: Clock
    org_clock: OrgClock
    keys: KeyRing
    seeding: Seeding
    seed: Seed

    async def start(self) -> None:
        """Fill an empty org, and begin to generate its keys."""
        await self.org_clock.follow()
        # The first token is asked of a custom server as a rule: its key is generated first.
        for server_id in self._first_servers():
            await self.keys.prepare(server_id)
            await self.keys.check(server_id)
        await self.seeding.start(self.seed)

    async def is_ready(self) -> bool:
        """Return whether the first keys are there: until then, who asks for a token waits."""
        for server_id in self._first_servers():
            if not await self.keys.are_there(server_id):
                return False
        return True

    async def reset(self) -> None:
        """Go back to the first seed, with nobody signed in and the clock running.

        Keys stay, but those retired go. Raises KeyFileError, and has then changed nothing that a
        caller sees but some keys.
        """
        rotations = await self.keys.settled(ClockState().now())
        await self.storage.restore({"key_rotations": rotations})
        await self.org_clock.follow()
        await self.seeding.start(self.seed)

    async def take_snapshot(self, name: str) -> Snapshot:
        """Keep the org as it is now, in place of an earlier snapshot of that name.

        Raises TooManySnapshots: each holds a whole org.
        """
        there = await self.storage.snapshots.values()
        if len(there) >= MOST_SNAPSHOTS and name not in {each.name for each in there}:
            raise TooManySnapshots(f"there are {MOST_SNAPSHOTS} snapshots already")
        snapshot = Snapshot(
            name=name, taken_at=self.clock.now(), records=encoded(await self.storage.records())
        )
        await self.storage.snapshots.put(name, snapshot)
        return snapshot

    async def restore(self, name: str) -> bool:
        """Make the org what it was at that snapshot; return False if there is none.

        Raises KeyFileError, and has then changed nothing that a caller sees but some keys.
        """
        snapshot = await self.storage.snapshots.get(name)
        if snapshot is None:
            return False
        records = decoded(snapshot.records)
        rotations = await self.keys.back_at(records)
        await self.storage.restore({**records, "key_rotations": rotations})
        await self.org_clock.follow()
        return True

    async def snapshots(self) -> Sequence[Snapshot]:
        """Return all snapshots, oldest name first."""
        return await self.storage.snapshots.values()

    async def forget_snapshot(self, name: str) -> bool:
        """Forget a snapshot, and return whether there was one."""
        return await self.storage.snapshots.take(name) is not None

    def _first_servers(self) -> tuple[str, ...]:
        return (*(server.id for server in self.seed.authorization_servers), ORG_SERVER)
