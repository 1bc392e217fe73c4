"""`/_mock/refresh_families`: refresh tokens and what followed from them."""

from aiohttp import web
from msgspec import Struct

from mock_okta.control import schema
from mock_okta.control.operations import Operation, query_as
from mock_okta.control.paths import Path
from mock_okta.control.users import user_or_none
from mock_okta.model.insight import RefreshFamilies
from mock_okta.services.tokens.families import Families
from mock_okta.storage import Storage
from mock_okta.web.errors import NotFound

__all__ = ["FamiliesResource"]


class FamiliesResource(Struct, frozen=True, kw_only=True):
    """Shows refresh families, and revokes them one by one."""

    storage: Storage
    families: Families

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/refresh_families."""
        return (
            Operation(
                "GET",
                Path.FAMILIES,
                "Show refresh tokens by family: which was rotated, and which was used again.",
                self._show,
                query=schema.OfUserAndClient,
                answer=RefreshFamilies,
            ),
            Operation(
                "DELETE",
                Path.FAMILY,
                "Revoke a family: its refresh tokens, and the access tokens issued with them.",
                self._end,
            ),
        )

    async def _show(self, request: web.Request) -> RefreshFamilies:
        query = query_as(request, schema.OfUserAndClient)
        user = await user_or_none(self.storage, query.user)
        user_id = None if user is None else user.id
        return RefreshFamilies(families=await self.families.all(user_id, query.client_id))

    async def _end(self, request: web.Request) -> None:
        family = request.match_info["id"]
        if not await self.families.end(family):
            raise NotFound(family, "RefreshFamily")
