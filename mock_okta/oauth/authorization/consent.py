"""Consent: scopes that a user must agree to, and earlier consent (facts/oauth C.10)."""

from collections.abc import Iterable

from msgspec import Struct

from mock_okta.model.authorization_servers import Scope
from mock_okta.model.directory import User
from mock_okta.model.records import ConsentGiven
from mock_okta.oauth.requests import Authorization
from mock_okta.storage import Storage

__all__ = ["Consents"]


class Consents(Struct, frozen=True, kw_only=True):
    """Remembers consent by user, client, server and scope."""

    storage: Storage

    async def needed(
        self, authorization: Authorization, user: User, scopes: Iterable[str]
    ) -> list[Scope]:
        """Return the scopes that need the user's consent; empty if there are none."""
        server, client = authorization.server, authorization.client
        asks_anew = "consent" in authorization.request.prompt
        if server.is_org or not (asks_anew or client.requires_consent):
            return []
        asked = [server.scopes[name] for name in scopes]
        consentable = [scope for scope in asked if scope.consent != "IMPLICIT"]
        if asks_anew:
            return consentable
        return [
            scope
            for scope in consentable
            if await self.storage.consents.get((user.id, client.client_id, server.id, scope.name))
            is None
        ]

    async def remember(self, authorization: Authorization, user: User, scopes: list[Scope]) -> None:
        """Keep the user's consent for later requests."""
        client_id, server_id = authorization.client.client_id, authorization.server.id
        for scope in scopes:
            given = ConsentGiven(
                user_id=user.id, client_id=client_id, server_id=server_id, scope=scope.name
            )
            key = (user.id, client_id, server_id, scope.name)
            await self.storage.consents.put(key, given)
