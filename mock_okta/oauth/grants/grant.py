"""The protocol of grants, and functions that they share."""

from typing import Any, Protocol

from mock_okta.model.authorization_servers import AuthorizationServer
from mock_okta.model.clients import Client
from mock_okta.oauth.requests import TokenRequest
from mock_okta.oauth.responses import token_response
from mock_okta.services.tokens.token_claims import Granted
from mock_okta.services.tokens.tokens import Tokens, family_of

__all__ = [
    "Grant",
    "first_token_id",
    "issued",
    "issued_first",
]


class Grant(Protocol):
    """Exchanges a client's grant for tokens."""

    async def redeem(
        self, server: AuthorizationServer, client: Client, request: TokenRequest
    ) -> dict[str, Any]:
        """Return the body of the token response; raise an OAuthError for a refusal."""


async def issued(
    tokens: Tokens,
    granted: Granted,
    *,
    token_id: str | None = None,
    refresh_token: str | None = None,
) -> dict[str, Any]:
    """Return the token response for a user, with a thin ID token (facts/oauth F.5)."""
    access_token = await tokens.access_token(granted, token_id)
    id_token = None
    if "openid" in granted.scopes:
        id_token = await tokens.id_token(granted, access_token=access_token)
    return token_response(
        granted,
        access_token=access_token,
        refresh_token=refresh_token,
        id_token=id_token,
    )


def first_token_id(tokens: Tokens, granted: Granted) -> str:
    """Return the `jti` of the access token for a user who has just authenticated.

    A refresh token comes with `offline_access`, if the client has that grant (facts/oauth D.1): the
    `jti` then ends in its family.
    """
    wants_refresh = "offline_access" in granted.scopes
    has_refresh = wants_refresh and "refresh_token" in granted.client.grant_types
    return tokens.new_token_id(tokens.new_family() if has_refresh else None)


async def issued_first(
    tokens: Tokens, granted: Granted, token_id: str | None = None
) -> dict[str, Any]:
    """Return the token response for a user who has just authenticated."""
    token_id = token_id or first_token_id(tokens, granted)
    family = family_of(token_id)
    refresh_token = None if family is None else await tokens.refresh_token(granted, family)
    return await issued(tokens, granted, token_id=token_id, refresh_token=refresh_token)
