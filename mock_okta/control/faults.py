"""`/_mock/faults`: what goes wrong for the next requests that match."""

from collections.abc import Sequence
from typing import Any

import msgspec
from aiohttp import web
from msgspec import Struct

from mock_okta.control import schema
from mock_okta.control.operations import Operation, body_as
from mock_okta.control.paths import Path
from mock_okta.model.faults import Fault, PlannedFault
from mock_okta.services.testing.faults import Faults, TooManyFaults
from mock_okta.web.errors import NotFound, ValidationFailed

__all__ = ["FaultsResource"]

_PLAN: Any = Fault | list[Fault]


class FaultsResource(Struct, frozen=True, kw_only=True):
    """Plans, shows and removes faults."""

    faults: Faults

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/faults."""
        return (
            Operation(
                "POST",
                Path.FAULTS,
                "Plan a fault, or a list of them, for the next requests that match.",
                self._plan,
                body=_PLAN,
                answer=schema.PlannedFaults,
            ),
            Operation(
                "GET",
                Path.FAULTS,
                "Show each fault, how often it has fired, and how often it still will.",
                self._show,
                answer=schema.PlannedFaults,
            ),
            Operation("DELETE", Path.FAULTS, "Remove all faults.", self._clear),
            Operation("DELETE", Path.FAULT, "Remove a fault.", self._remove),
        )

    async def _plan(self, request: web.Request) -> schema.PlannedFaults:
        wanted: Fault | list[Fault] = await body_as(request, _PLAN)
        try:
            planned = await self.faults.plan(wanted if isinstance(wanted, list) else [wanted])
        except TooManyFaults as error:
            raise ValidationFailed("faults", f"faults: {error}") from error
        return _bodies(planned)

    async def _show(self, _: web.Request) -> schema.PlannedFaults:
        return _bodies(await self.faults.all())

    async def _clear(self, _: web.Request) -> None:
        await self.faults.clear()

    async def _remove(self, request: web.Request) -> None:
        fault_id = request.match_info["id"]
        if not await self.faults.remove(fault_id):
            raise NotFound(fault_id, "Fault")


def _bodies(planned: Sequence[PlannedFault]) -> schema.PlannedFaults:
    return schema.PlannedFaults(faults=tuple(map(_body, planned)))


def _body(planned: PlannedFault) -> schema.PlannedFault:
    fields: dict[str, Any] = msgspec.to_builtins(planned.fault)
    given = {name: value for name, value in fields.items() if value is not None}
    return schema.PlannedFault(id=planned.id, fired=planned.fired, left=planned.left, fault=given)
