"""`/_mock/snapshots`: the org as it was, under a name."""

from aiohttp import web
from msgspec import Struct

from mock_okta.control import schema
from mock_okta.control.operations import Operation
from mock_okta.services.seeding.org_state import OrgState, Snapshot, TooManySnapshots
from mock_okta.web.errors import ApiError, NotFound

__all__ = ["SnapshotsResource"]


class NoRoom(ApiError):
    """There are as many snapshots as an org keeps."""

    status = 409
    code = "E0000001"
    summary = "Api validation failed: snapshot"


class SnapshotsResource(Struct, frozen=True, kw_only=True):
    """Takes and restores snapshots; they outlive a reset, not the org."""

    state: OrgState

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/snapshots."""
        return (
            Operation(
                method="GET",
                path=schema.Path.SNAPSHOTS,
                summary="List the snapshots.",
                handler=self.list,
                answer=schema.Snapshots,
            ),
            Operation(
                method="PUT",
                path=schema.Path.SNAPSHOT,
                summary="Keep the org as it is: who and what is in it, its clock and keys.",
                handler=self.take,
                answer=schema.Snapshot,
            ),
            Operation(
                method="POST",
                path=schema.Path.RESTORE,
                summary="Make the org what it was at the snapshot.",
                handler=self.restore,
            ),
            Operation(
                method="DELETE",
                path=schema.Path.SNAPSHOT,
                summary="Forget the snapshot.",
                handler=self.forget,
            ),
        )

    async def list(self, _: web.Request) -> schema.Snapshots:
        """List the snapshots."""
        found = self.state.snapshots().items()
        return schema.Snapshots(snapshots=tuple(_shown(name, snapshot) for name, snapshot in found))

    async def take(self, request: web.Request) -> schema.Snapshot:
        """Keep the org as it is now."""
        name = request.match_info["name"]
        try:
            return _shown(name, await self.state.take_snapshot(name))
        except TooManySnapshots as failure:
            raise NoRoom(causes=(f"{failure}: delete one first",)) from failure

    async def restore(self, request: web.Request) -> None:
        """Make the org what it was."""
        name = request.match_info["name"]
        if not await self.state.restore(name):
            raise NotFound(name, "Snapshot")

    async def forget(self, request: web.Request) -> None:
        """Forget the snapshot."""
        name = request.match_info["name"]
        if not self.state.forget_snapshot(name):
            raise NotFound(name, "Snapshot")


def _shown(name: str, snapshot: Snapshot) -> schema.Snapshot:
    return schema.Snapshot(name=name, taken_at=snapshot.taken_at)
