"""`/_mock/health` and `/_mock/ready`: for whoever waits for the org; they reveal nothing else."""

from aiohttp import web
from msgspec import Struct

from mock_okta.control import schema
from mock_okta.control.operations import Operation
from mock_okta.services.seeding.org_state import OrgState
from mock_okta.web.errors import ApiError

__all__ = ["HealthResource"]


class NotReady(ApiError):
    """The org's first keys are still being generated."""

    status = 503
    code = "E0000010"
    summary = "Service is in read only mode"


class HealthResource(Struct, frozen=True, kw_only=True):
    """Answers anybody, by any Host name and without the token: probes have neither."""

    state: OrgState

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/health and /_mock/ready."""
        return (
            Operation(
                method="GET",
                path=schema.Path.HEALTH,
                summary="Answer 200 as long as the org runs, and say whether it is ready.",
                handler=self.health,
                answer=schema.Health,
                is_open=True,
            ),
            Operation(
                method="GET",
                path=schema.Path.READY,
                summary="Answer 200 once the org is filled and its keys are there, else 503.",
                handler=self.ready,
                answer=schema.Health,
                is_open=True,
            ),
        )

    async def health(self, _: web.Request) -> schema.Health:
        """Say that the org runs."""
        return schema.Health(ready=self.state.is_ready)

    async def ready(self, request: web.Request) -> schema.Health:
        """Say that the org is ready; raise NotReady."""
        if not self.state.is_ready:
            raise NotReady(causes=("The org's signing keys are being generated.",))
        return await self.health(request)
