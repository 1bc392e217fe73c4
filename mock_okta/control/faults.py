"""`/_mock/faults`: what is to go wrong, for the next requests that match."""

from collections.abc import Sequence
from typing import Any

import msgspec
from aiohttp import web
from msgspec import Struct

from mock_okta.control.operations import Operation, body_as
from mock_okta.model.faults import Fault, PlannedFault
from mock_okta.services.testing.faults import Faults, TooManyFaults
from mock_okta.web.errors import NotFound, ValidationFailed

__all__ = ["FaultsResource"]

_PLAN: Any = Fault | list[Fault]


class PlannedFaultBody(Struct, frozen=True, kw_only=True):
    """A fault as it was planned; how many requests met it, how many still will."""

    id: str
    fired: int
    left: int
    fault: dict[str, Any]


class PlannedFaultBodies(Struct, frozen=True, kw_only=True):
    """Faults in the order in which they were planned."""

    faults: list[PlannedFaultBody]


class FaultsResource(Struct, frozen=True, kw_only=True):
    """Plans faults, shows what became of them, and forgets them."""

    faults: Faults

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/faults."""
        return (
            Operation(
                method="POST",
                path="/_mock/faults",
                summary="Plan a fault, or a list of them, for the next requests that match.",
                handler=self.plan,
                body=_PLAN,
                answer=PlannedFaultBodies,
            ),
            Operation(
                method="GET",
                path="/_mock/faults",
                summary="Show each fault, how often it fired, and how often it still will.",
                handler=self.show,
                answer=PlannedFaultBodies,
            ),
            Operation(
                method="DELETE",
                path="/_mock/faults",
                summary="Forget all faults.",
                handler=self.clear,
            ),
            Operation(
                method="DELETE",
                path="/_mock/faults/{id}",
                summary="Forget a fault.",
                handler=self.remove,
            ),
        )

    async def plan(self, request: web.Request) -> PlannedFaultBodies:
        """Plan faults; all of them, or none where one does not fit."""
        wanted: Fault | list[Fault] = await body_as(request, _PLAN)
        try:
            planned = await self.faults.plan(wanted if isinstance(wanted, list) else [wanted])
        except TooManyFaults as error:
            raise ValidationFailed("faults", f"faults: {error}") from error
        return _bodies(planned)

    async def show(self, _: web.Request) -> PlannedFaultBodies:
        """Show all faults."""
        return _bodies(await self.faults.all())

    async def clear(self, _: web.Request) -> None:
        """Forget all faults."""
        await self.faults.clear()

    async def remove(self, request: web.Request) -> None:
        """Forget one fault."""
        fault_id = request.match_info["id"]
        if not await self.faults.remove(fault_id):
            raise NotFound(fault_id, "Fault")


def _bodies(planned: Sequence[PlannedFault]) -> PlannedFaultBodies:
    return PlannedFaultBodies(faults=[_body(each) for each in planned])


def _body(planned: PlannedFault) -> PlannedFaultBody:
    fields: dict[str, Any] = msgspec.to_builtins(planned.fault)
    given = {name: value for name, value in fields.items() if value is not None}
    return PlannedFaultBody(id=planned.id, fired=planned.fired, left=planned.left, fault=given)
