"""API tokens: the management credential `Authorization: SSWS …` (facts/oauth G.3)."""

from aiohttp import web
from msgspec import Struct

from mock_okta.model.directory import ApiToken
from mock_okta.storage import Storage
from mock_okta.web.errors import InvalidApiToken, InvalidSession

__all__ = ["ApiTokens"]


class ApiTokens(Struct, frozen=True):
    """Finds the API token that a request carries.

    Okta also accepts OAuth access tokens with `okta.*` scopes; here they are not accepted yet.
    """

    storage: Storage

    async def of(self, request: web.Request) -> ApiToken:
        """Return the API token; raise InvalidApiToken for a bad one, InvalidSession for none."""
        scheme, _, value = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            raise InvalidSession(remark="the request has no 'Authorization: SSWS …' header")
        token = await self.storage.api_tokens.get(value.strip())
        if token is None or scheme.lower() != "ssws":
            raise InvalidApiToken(remark="no such API token: add it to api_tokens in the seed")
        return token
