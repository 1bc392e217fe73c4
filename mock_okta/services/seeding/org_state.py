"""An org as a whole: filling it, resetting it, snapshots."""

import asyncio
from collections.abc import Sequence

from msgspec import Struct

from mock_okta.clock import ClockState
from mock_okta.model.authorization_servers import ORG_SERVER
from mock_okta.model.failures import Failure
from mock_okta.model.org_state import AppliedSeed, Snapshot
from mock_okta.model.seed import GivenSeed, Seed
from mock_okta.services.directory.lookup import ORG_KEY
from mock_okta.services.seeding.org_clock import OrgClock
from mock_okta.services.seeding.seeding import Seeding
from mock_okta.services.seeding.starting import Starting
from mock_okta.services.world import World
from mock_okta.storage import StoredRecords
from mock_okta.storage.encoding import decoded, encoded

__all__ = ["MOST_SNAPSHOTS", "OrgState", "TooManySnapshots"]

MOST_SNAPSHOTS = 100


class TooManySnapshots(Failure):
    """The org has as many snapshots as it may: delete one first."""


class OrgState(Struct, frozen=True, kw_only=True):
    """Fills an org, resets it, and takes and restores snapshots.

    All state of an org is in its storage. Snapshots survive a reset, and live as long as the
    storage.
    """

    world: World
    org_clock: OrgClock
    seeding: Seeding
    given: GivenSeed

    async def start(self) -> None:
        """Start to generate the keys, and apply the seed; raise StorageError and KeyFileError."""
        await self.org_clock.follow()
        # Most first tokens come from a custom server: its key is generated first.
        for server_id in self._first_servers():
            await self.world.keys.prepare(server_id)
            await self.world.keys.check(server_id)
        await Starting(world=self.world, seeding=self.seeding, given=self.given).apply()

    async def is_ready(self) -> bool:
        """Return whether the first keys exist; until then, requests for tokens wait."""
        for server_id in self._first_servers():
            if not await self.world.keys.are_there(server_id):
                return False
        return True

    async def reset(self) -> None:
        """Go back to the first seed: no user is signed in, and the clock runs.

        Nobody sees an org that is half of it, also if this process ends meanwhile. Active keys
        stay, retired keys are removed. Raises KeyFileError; then only keys may have changed.
        """
        records = await self.seeding.records_of(await self._seed())
        rotations = await self.world.keys.settled(ClockState().now())
        await self.world.storage.restore({**records, "key_rotations": rotations})
        await self.org_clock.follow()

    async def _seed(self) -> Seed:
        """Return the whole seed. If it is not parsed yet, that does not delay other requests."""
        if self.given.is_recalled:
            return await asyncio.to_thread(lambda: self.given.whole)
        return self.given.whole

    async def take_snapshot(self, name: str) -> Snapshot:
        """Store the org as it is now; replace an earlier snapshot of that name.

        Raises TooManySnapshots.
        """
        there = await self.world.storage.snapshots.values()
        if len(there) >= MOST_SNAPSHOTS and name not in {each.name for each in there}:
            raise TooManySnapshots(f"there are {MOST_SNAPSHOTS} snapshots already")
        snapshot = Snapshot(
            name=name,
            taken_at=self.world.clock.now(),
            records=encoded(await self.world.storage.records()),
            seed=await self._applied_seed(),
        )
        await self.world.storage.snapshots.put(name, snapshot)
        return snapshot

    async def restore(self, name: str) -> bool:
        """Bring the org back to that snapshot; return False if there is none.

        If the snapshot was taken with another seed, the next start applies its own. Raises
        KeyFileError; then only keys may have changed.
        """
        snapshot = await self.world.storage.snapshots.get(name)
        if snapshot is None:
            return False
        records = decoded(snapshot.records)
        rotations = await self.world.keys.back_at(records)
        await self.world.storage.restore({**records, "key_rotations": rotations})
        if snapshot.seed != await self._applied_seed():
            applied = AppliedSeed(digest=snapshot.seed)
            await self.world.storage.applied_seeds.put(ORG_KEY, applied)
        await self.org_clock.follow()
        return True

    async def snapshots(self) -> Sequence[Snapshot]:
        """Return all snapshots, in the order in which their names were first used."""
        return await self.world.storage.snapshots.values()

    async def since(self, name: str) -> tuple[StoredRecords, StoredRecords] | None:
        """Return the records of that snapshot and those of now; None if there is no snapshot."""
        snapshot = await self.world.storage.snapshots.get(name)
        if snapshot is None:
            return None
        return decoded(snapshot.records), await self.world.storage.records()

    async def forget_snapshot(self, name: str) -> bool:
        """Delete a snapshot; return False if there is none."""
        return await self.world.storage.snapshots.take(name) is not None

    async def _applied_seed(self) -> str:
        applied = await self.world.storage.applied_seeds.get(ORG_KEY)
        return "" if applied is None else applied.digest

    def _first_servers(self) -> tuple[str, ...]:
        return (
            *(server.id for server in self.given.summary.seed.authorization_servers),
            ORG_SERVER,
        )
