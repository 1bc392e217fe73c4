"""`/_mock/snapshots`: the state of the org, saved under a name."""

from aiohttp import web
from msgspec import Struct

from mock_okta.control import schema
from mock_okta.control.operations import Operation
from mock_okta.control.paths import Path
from mock_okta.model.insight import SnapshotDiff
from mock_okta.model.org_state import Snapshot
from mock_okta.services.seeding.org_state import OrgState, TooManySnapshots
from mock_okta.services.testing.differences import differences
from mock_okta.web.errors import ApiError, NotFound

__all__ = ["SnapshotsResource"]


class NoRoom(ApiError):
    """The org has as many snapshots as it can keep."""

    status = 409
    code = "E0000001"
    summary = "Api validation failed: snapshot"


class SnapshotsResource(Struct, frozen=True, kw_only=True):
    """Takes and restores snapshots; a reset does not delete them."""

    state: OrgState

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/snapshots."""
        return (
            Operation(
                "GET", Path.SNAPSHOTS, "List the snapshots.", self._list, answer=schema.Snapshots
            ),
            Operation(
                "PUT",
                Path.SNAPSHOT,
                "Save the state of the org: who and what is in it, its clock and keys.",
                self._take,
                answer=schema.Snapshot,
            ),
            Operation(
                "POST", Path.RESTORE, "Restore the state of the org at the snapshot.", self._restore
            ),
            Operation(
                "GET",
                Path.SNAPSHOT_DIFF,
                "Show what has changed since the snapshot, record by record.",
                self._compare,
                answer=SnapshotDiff,
            ),
            Operation("DELETE", Path.SNAPSHOT, "Delete the snapshot.", self._forget),
        )

    async def _list(self, _: web.Request) -> schema.Snapshots:
        found = await self.state.snapshots()
        return schema.Snapshots(snapshots=tuple(map(_shown, found)))

    async def _take(self, request: web.Request) -> schema.Snapshot:
        name = request.match_info["name"]
        try:
            return _shown(await self.state.take_snapshot(name))
        except TooManySnapshots as failure:
            raise NoRoom(causes=(f"{failure}: delete one first",)) from failure

    async def _restore(self, request: web.Request) -> None:
        name = request.match_info["name"]
        if not await self.state.restore(name):
            raise NotFound(name, "Snapshot")

    async def _compare(self, request: web.Request) -> SnapshotDiff:
        name = request.match_info["name"]
        both = await self.state.since(name)
        if both is None:
            raise NotFound(name, "Snapshot")
        return SnapshotDiff(changes=differences(*both))

    async def _forget(self, request: web.Request) -> None:
        name = request.match_info["name"]
        if not await self.state.forget_snapshot(name):
            raise NotFound(name, "Snapshot")


def _shown(snapshot: Snapshot) -> schema.Snapshot:
    return schema.Snapshot(name=snapshot.name, taken_at=snapshot.taken_at)
