"""Consent: scopes that a user must agree to, and earlier consent (facts/oauth C.10)."""

from collections.abc import Iterable

from msgspec import Struct

from mock_okta.model.authorization_servers import AuthorizationServer, Scope
from mock_okta.model.clients import Client
from mock_okta.model.directory import User
from mock_okta.model.grants import ConsentGiven
from mock_okta.storage import Storage

__all__ = ["Consents", "without_declined"]


class Consents(Struct, frozen=True, kw_only=True):
    """Remembers consent by user, client, server and scope."""

    storage: Storage

    async def needed(
        self,
        server: AuthorizationServer,
        client: Client,
        user: User,
        scopes: Iterable[str],
        *,
        asks_anew: bool,
    ) -> list[Scope]:
        """Return the scopes that need the user's consent; empty if there are none.

        `asks_anew`: also those that the user agreed to before.
        """
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

    async def remember(
        self, server: AuthorizationServer, client: Client, user: User, scopes: Iterable[Scope]
    ) -> None:
        """Keep the user's consent for later requests."""
        client_id, server_id = client.client_id, server.id
        for scope in scopes:
            given = ConsentGiven(
                user_id=user.id, client_id=client_id, server_id=server_id, scope=scope.name
            )
            key = (user.id, client_id, server_id, scope.name)
            await self.storage.consents.put(key, given)


def without_declined(
    client: Client, asked: Iterable[Scope], declined: Iterable[str]
) -> tuple[Scope, ...]:
    """Return what the user agreed to, of what they were asked.

    An app with granular consent lets them decline what is FLEXIBLE; what is REQUIRED they have with
    the rest.
    """
    left_out = frozenset(declined) if client.granular_consent else frozenset()
    return tuple(s for s in asked if s.consent != "FLEXIBLE" or s.name not in left_out)
