"""Global token revocation: ends a user's sessions and tokens (facts/oauth E.9; Okta's OpenAPI).

Only the status on success is documented; the texts of refusals are unverified.
"""

from typing import Literal

from aiohttp import web
from msgspec import Struct

from mock_okta.model.directory import User
from mock_okta.services.directory.lookup import user_named
from mock_okta.services.tokens.revocation import UserRevocations
from mock_okta.services.world.issuers import Issuers
from mock_okta.storage import Storage
from mock_okta.web.api_tokens import ApiTokens
from mock_okta.web.errors import ValidationFailed
from mock_okta.web.json_bodies import lenient_json_of
from mock_okta.web.routing import Route

__all__ = ["GlobalTokenRevocationEndpoint"]


class Subject(Struct, frozen=True, kw_only=True):
    """The user (RFC 9493 3.2.3 and 3.2.4): `id`, or `iss` and `sub`."""

    format: Literal["opaque", "iss_sub"]
    id: str | None = None
    iss: str | None = None
    sub: str | None = None


class RevocationRequest(Struct, frozen=True, kw_only=True):
    """The body of POST /oauth2/v1/global-token-revocation."""

    sub_id: Subject


class GlobalTokenRevocationEndpoint(Struct, frozen=True, kw_only=True):
    """Needs an API token of the org; only the org authorization server has this endpoint."""

    storage: Storage
    api_tokens: ApiTokens
    issuers: Issuers
    revocations: UserRevocations

    def routes(self) -> tuple[Route, ...]:
        """Serve POST global-token-revocation."""
        path = "/oauth2/v1/global-token-revocation"
        return (Route(method="POST", path=path, handler=self.post),)

    async def post(self, request: web.Request) -> web.Response:
        """Answer 204 once everything has ended."""
        await self.api_tokens.of(request)
        subject = (await lenient_json_of(request, RevocationRequest)).sub_id
        user = await self._user(subject)
        if user is None:
            raise ValidationFailed("sub_id", "sub_id: No user of this org is meant by it.")
        await self.revocations.end_everything(user.id)
        return web.Response(status=204)

    async def _user(self, subject: Subject) -> User | None:
        if subject.format == "opaque":
            return await self.storage.users.get(subject.id or "")
        servers = await self.storage.authorization_servers.values()
        if not any(subject.iss in self.issuers.all_of(server) for server in servers):
            return None
        # ID tokens have the user's id as `sub`, access tokens the login.
        return await user_named(self.storage, subject.sub or "")
