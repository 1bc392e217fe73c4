"""`/_mock/faults`: what is to go wrong, for the next requests that match."""

from collections.abc import Sequence
from typing import Any

import msgspec
from aiohttp import web
from msgspec import Struct

from mock_okta.control import schema
from mock_okta.control.operations import Operation, body_as
from mock_okta.model.faults import Fault
from mock_okta.services.testing.faults import Faults, PlannedFault, TooManyFaults
from mock_okta.web.errors import NotFound, ValidationFailed

__all__ = ["FaultsResource"]

_PLAN: Any = Fault | list[Fault]


class FaultsResource(Struct, frozen=True, kw_only=True):
    """Plans faults, shows what became of them, and forgets them."""

    faults: Faults

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/faults."""
        return (
            Operation(
                method="POST",
                path=schema.Path.FAULTS,
                summary="Plan a fault, or a list of them, for the next requests that match.",
                handler=self.plan,
                body=_PLAN,
                answer=schema.PlannedFaults,
            ),
            Operation(
                method="GET",
                path=schema.Path.FAULTS,
                summary="Show each fault, how often it fired, and how often it still will.",
                handler=self.show,
                answer=schema.PlannedFaults,
            ),
            Operation(
                method="DELETE",
                path=schema.Path.FAULTS,
                summary="Forget all faults.",
                handler=self.clear,
            ),
            Operation(
                method="DELETE",
                path=schema.Path.FAULT,
                summary="Forget a fault.",
                handler=self.remove,
            ),
        )

    async def plan(self, request: web.Request) -> schema.PlannedFaults:
        """Plan faults; all of them, or none where one does not fit."""
        wanted: Fault | list[Fault] = await body_as(request, _PLAN)
        try:
            planned = self.faults.plan(wanted if isinstance(wanted, list) else [wanted])
        except TooManyFaults as error:
            raise ValidationFailed("faults", f"faults: {error}") from error
        return _bodies(planned)

    async def show(self, _: web.Request) -> schema.PlannedFaults:
        """Show all faults."""
        return _bodies(self.faults.all())

    async def clear(self, _: web.Request) -> None:
        """Forget all faults."""
        self.faults.clear()

    async def remove(self, request: web.Request) -> None:
        """Forget one fault."""
        fault_id = request.match_info["id"]
        if not self.faults.remove(fault_id):
            raise NotFound(fault_id, "Fault")


def _bodies(planned: Sequence[PlannedFault]) -> schema.PlannedFaults:
    return schema.PlannedFaults(faults=tuple(map(_body, planned)))


def _body(planned: PlannedFault) -> schema.PlannedFault:
    fields: dict[str, Any] = msgspec.to_builtins(planned.fault)
    given = {name: value for name, value in fields.items() if value is not None}
    return schema.PlannedFault(id=planned.id, fired=planned.fired, left=planned.left, fault=given)
