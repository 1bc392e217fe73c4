"""`/_mock/snapshots`: the org as it was, under a name."""

from aiohttp import web
from msgspec import Struct

from mock_okta.clock import wire_instant
from mock_okta.control.operations import Instant, Operation
from mock_okta.model.org_state import Snapshot
from mock_okta.services.seeding.org_state import OrgState, TooManySnapshots
from mock_okta.web.errors import ApiError, NotFound

__all__ = ["SnapshotsResource"]


class NoRoom(ApiError):
    """There are as many snapshots as an org keeps."""

    status = 409
    code = "E0000001"
    summary = "Api validation failed: snapshot"


class TakenSnapshot(Struct, frozen=True, kw_only=True):
    """A snapshot, and when it was taken by the org's clock."""

    name: str
    taken_at: Instant


class TakenSnapshots(Struct, frozen=True, kw_only=True):
    """All snapshots."""

    snapshots: list[TakenSnapshot]


class SnapshotsResource(Struct, frozen=True, kw_only=True):
    """Takes and restores snapshots; they outlive a reset, not the org."""

    state: OrgState

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/snapshots."""
        one = "/_mock/snapshots/{name}"
        return (
            Operation(
                method="GET",
                path="/_mock/snapshots",
                summary="List the snapshots.",
                handler=self.list,
                answer=TakenSnapshots,
            ),
            Operation(
                method="PUT",
                path=one,
                summary="Keep the org as it is: who and what is in it, its clock and keys.",
                handler=self.take,
                answer=TakenSnapshot,
            ),
            Operation(
                method="POST",
                path=f"{one}/restore",
                summary="Make the org what it was at the snapshot.",
                handler=self.restore,
            ),
            Operation(
                method="DELETE", path=one, summary="Forget the snapshot.", handler=self.forget
            ),
        )

    async def list(self, _: web.Request) -> TakenSnapshots:
        """List the snapshots."""
        return TakenSnapshots(snapshots=[_shown(each) for each in await self.state.snapshots()])

    async def take(self, request: web.Request) -> TakenSnapshot:
        """Keep the org as it is now."""
        name = request.match_info["name"]
        try:
            return _shown(await self.state.take_snapshot(name))
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
        if not await self.state.forget_snapshot(name):
            raise NotFound(name, "Snapshot")


def _shown(snapshot: Snapshot) -> TakenSnapshot:
    return TakenSnapshot(name=snapshot.name, taken_at=wire_instant(snapshot.taken_at))
