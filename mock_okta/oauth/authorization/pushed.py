"""Pushed authorization requests: kept for a `request_uri` that works once (RFC 9126)."""

from datetime import timedelta

from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.ids import Ids
from mock_okta.model.authorization_servers import AuthorizationServer
from mock_okta.model.clients import Client
from mock_okta.model.grants import PushedAuthorization
from mock_okta.storage import Storage
from mock_okta.web.errors import ShownError
from mock_okta.web.requests import Parameters

__all__ = ["PUSHED_LIFETIME", "PushedAuthorizations"]

PUSHED_LIFETIME = timedelta(hours=1)
_PREFIX = "urn:okta:"


class PushedAuthorizations(Struct, frozen=True, kw_only=True):
    """Keeps pushed requests; each can be used once."""

    storage: Storage
    clock: Clock
    ids: Ids

    async def push(
        self, server: AuthorizationServer, client: Client, parameters: Parameters
    ) -> str:
        """Keep the parameters of an authenticated client; return the `request_uri`."""
        uri = _PREFIX + self.ids.opaque(44)
        pushed = PushedAuthorization(
            server_id=server.id,
            client_id=client.client_id,
            parameters=parameters.pairs,
            expires_at=self.clock.now() + PUSHED_LIFETIME,
        )
        await self.storage.pushed_authorizations.put(uri, pushed)
        return uri

    async def resolved(self, parameters: Parameters, server: AuthorizationServer) -> Parameters:
        """Return the pushed parameters of the `request_uri`; all others are ignored.

        RFC 9126 4: only for the client that pushed them, once. Raises ShownError.
        """
        uri = parameters.get("request_uri")
        if uri is None:
            return parameters
        pushed = await self.storage.pushed_authorizations.get(uri)
        if (
            pushed is None
            or (pushed.server_id, pushed.client_id) != (server.id, parameters.get("client_id"))
            or await self.storage.pushed_authorizations.take(uri) is None
        ):
            raise ShownError(
                "invalid_request_uri",
                "The 'request_uri' parameter is invalid or has expired.",
                remark="the request_uri is unknown, used, expired, or of another client or server",
            )
        # The session token comes from the browser, not the client, so it is sent with the
        # request_uri.
        token = parameters.get("sessionToken")
        return Parameters([*pushed.parameters, *([("sessionToken", token)] if token else [])])
