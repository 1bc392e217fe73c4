"""Consent: which scopes a user must agree to, and what was agreed before (contract C.10)."""

from collections.abc import Iterable
from dataclasses import dataclass

from mock_okta.domain.directory import AuthorizationServer, Client, Consent, Scope, User
from mock_okta.oauth.requests import Authorization
from mock_okta.storage import Storage

__all__ = ["Consents"]


@dataclass(frozen=True)
class Consents:
    """Remembers consent by user, client, server and scope."""

    storage: Storage

    async def needed(
        self, authorization: Authorization, user: User, scopes: Iterable[str]
    ) -> list[Scope]:
        """Return the scopes to ask the user about; none if there is nothing to ask."""
        server, client = authorization.server, authorization.client
        asks_anew = "consent" in authorization.request.prompt
        if server.is_org or not (asks_anew or client.requires_consent):
            return []
        asked = [server.scopes[name] for name in scopes]
        consentable = [scope for scope in asked if scope.consent is not Consent.IMPLICIT]
        if asks_anew:
            return consentable
        return [
            scope
            for scope in consentable
            if await self.storage.consents.get(_key(user, client, server, scope.name)) is None
        ]

    async def remember(self, authorization: Authorization, user: User, scopes: list[Scope]) -> None:
        """Keep the user's consent for requests to come."""
        for scope in scopes:
            key = _key(user, authorization.client, authorization.server, scope.name)
            await self.storage.consents.put(key, key)


def _key(user: User, client: Client, server: AuthorizationServer, scope: str) -> str:
    return f"{user.id} {client.client_id} {server.id} {scope}"
