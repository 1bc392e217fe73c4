"""`/_mock/health` and `/_mock/ready`: liveness and readiness, served without a token."""

from aiohttp import web
from msgspec import Struct

from mock_okta.control import schema
from mock_okta.control.operations import Operation
from mock_okta.control.paths import Path
from mock_okta.services.seeding.org_state import OrgState
from mock_okta.web.errors import ApiError

__all__ = ["HealthResource"]


class NotReady(ApiError):
    """The org's first keys are still being generated."""

    status = 503
    code = "E0000010"
    summary = "Service is in read only mode"


class HealthResource(Struct, frozen=True, kw_only=True):
    """Answers every caller, at any Host name and without the token: probes have neither."""

    state: OrgState

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/health and /_mock/ready."""
        return (
            Operation(
                "GET",
                Path.HEALTH,
                "Answer 200 while the org runs, and say whether it is ready.",
                self._health,
                answer=schema.Health,
                is_open=True,
            ),
            Operation(
                "GET",
                Path.READY,
                "Answer 200 when the org is filled and its keys exist, else 503.",
                self._ready,
                answer=schema.Health,
                is_open=True,
            ),
        )

    async def _health(self, _: web.Request) -> schema.Health:
        return schema.Health(ready=await self.state.is_ready())

    async def _ready(self, request: web.Request) -> schema.Health:
        if not await self.state.is_ready():
            raise NotReady(causes=("The org's signing keys are being generated.",))
        return await self._health(request)
