"""The grant `client_credentials` (RFC 6749 4.4; contract D.7)."""

from dataclasses import dataclass
from typing import Any

from mock_okta.domain.records import AuthorizationServer, Client
from mock_okta.oauth.access import access_of
from mock_okta.oauth.checks.scopes import service_scopes
from mock_okta.oauth.errors import InvalidClient
from mock_okta.oauth.grants.grant import GrantParts
from mock_okta.oauth.requests import TokenRequest
from mock_okta.oauth.responses import token_response
from mock_okta.services.tokens import Granted

__all__ = ["ClientCredentialsGrant"]


def org_server_is_not_asked(server: AuthorizationServer) -> None:
    """Contract D.7: the org's own server wants `private_key_jwt`, which is not served yet."""
    if server.is_org:
        raise InvalidClient(
            "Client Credentials requests to the Org Authorization Server must use the "
            "private_key_jwt token_endpoint_auth_method."
        )


@dataclass(frozen=True)
class ClientCredentialsGrant:
    """Gives a service an access token of its own: no user, no ID token, no refresh token."""

    parts: GrantParts

    async def redeem(
        self, server: AuthorizationServer, client: Client, request: TokenRequest
    ) -> dict[str, Any]:
        org_server_is_not_asked(server)
        scopes = service_scopes(server, request.scope)
        lifetimes = access_of(server, client, "client_credentials", None, scopes)
        granted = Granted(
            server=server, client=client, user=None, scopes=scopes, lifetimes=lifetimes
        )
        access_token = await self.parts.tokens.access_token(granted)
        return token_response(granted, access_token=access_token)
