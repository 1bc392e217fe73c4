"""The grant `client_credentials` (RFC 6749 4.4; facts/oauth D.7)."""

from typing import Any

from msgspec import Struct

from mock_okta.model.authorization_servers import AuthorizationServer
from mock_okta.model.clients import Client, ClientAuthenticationMethod
from mock_okta.oauth.access import Access
from mock_okta.oauth.checks.scopes import okta_scopes, service_scopes
from mock_okta.oauth.errors import InvalidClient
from mock_okta.oauth.requests import TokenRequest
from mock_okta.oauth.responses import token_response
from mock_okta.services.tokens.token_claims import Granted
from mock_okta.services.tokens.tokens import Tokens

__all__ = ["ClientCredentialsGrant"]


def client_signs_for_the_org_server(server: AuthorizationServer, client: Client) -> None:
    """facts/oauth D.7: the org authorization server only accepts `private_key_jwt`."""
    method = client.authentication_method
    if server.is_org and method is not ClientAuthenticationMethod.PRIVATE_KEY_JWT:
        raise InvalidClient(
            "Client Credentials requests to the Org Authorization Server must use the "
            "private_key_jwt token_endpoint_auth_method.",
            remark=f"client {client.client_id} authenticates with '{method}': set its "
            "token_endpoint_auth_method to 'private_key_jwt' and give it jwks, or use a custom "
            "authorization server",
        )


class ClientCredentialsGrant(Struct, frozen=True, kw_only=True):
    """Issues an access token for a service itself: no user, no ID token, no refresh token."""

    access: Access
    tokens: Tokens

    async def redeem(
        self, server: AuthorizationServer, client: Client, request: TokenRequest
    ) -> dict[str, Any]:
        client_signs_for_the_org_server(server, client)
        if server.is_org:
            scopes = okta_scopes(client, request.scope)
        else:
            scopes = service_scopes(server, client, request.scope)
        lifetimes = await self.access.of(server, client, "client_credentials", None, scopes)
        granted = Granted(
            server=server,
            client=client,
            user=None,
            scopes=scopes,
            lifetimes=lifetimes,
            jkt=request.jkt,
        )
        access_token = await self.tokens.access_token(granted)
        return token_response(granted, access_token=access_token)
