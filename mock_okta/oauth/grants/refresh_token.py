"""The grant `refresh_token` (RFC 6749 6; facts/oauth D.6)."""

from typing import Any

from msgspec import Struct

from mock_okta.model.authorization_servers import AuthorizationServer
from mock_okta.model.clients import Client
from mock_okta.model.failures import SpentOrExpired
from mock_okta.model.grants import RefreshToken
from mock_okta.oauth.access import Access
from mock_okta.oauth.checks.scopes import narrowed_scopes
from mock_okta.oauth.errors import InvalidGrant, InvalidRequest
from mock_okta.oauth.grants.grant import issued
from mock_okta.oauth.requests import TokenRequest
from mock_okta.services.tokens.token_claims import Granted
from mock_okta.services.tokens.tokens import Tokens

__all__ = ["RefreshTokenGrant"]

# Okta's own library looks for exactly this text.
_SPENT = "The refresh token is invalid or expired."


def key_is_the_one_it_is_bound_to(token: RefreshToken, request: TokenRequest) -> None:
    """RFC 9449 5: only the holder of its key can use a public client's refresh token.

    Okta's error is unverified.
    """
    if token.jkt is not None and token.jkt != request.jkt:
        raise InvalidGrant(
            _SPENT, remark="the refresh token is bound to another key than the DPoP proof's"
        )


class RefreshTokenGrant(Struct, frozen=True, kw_only=True):
    """Issues new tokens; the refresh token rotates if the client's settings say so."""

    access: Access
    tokens: Tokens

    async def redeem(
        self, server: AuthorizationServer, client: Client, request: TokenRequest
    ) -> dict[str, Any]:
        if request.refresh_token is None:
            raise InvalidRequest("The token request must specify a 'refresh_token'.")
        tokens = self.tokens
        try:
            token, user = await tokens.redeemable_refresh_token(
                request.refresh_token, server, client
            )
            key_is_the_one_it_is_bound_to(token, request)
            scopes = narrowed_scopes(token.scopes, request.scope)
            lifetimes = await self.access.of(server, client, "refresh_token", user, scopes)
            renewed = None
            # Without the scope it is neither returned nor rotated, so it is not lost.
            if "offline_access" in scopes:
                renewed = await tokens.next_refresh_token(
                    request.refresh_token, token, client, lifetimes
                )
        except SpentOrExpired as failure:
            raise InvalidGrant(_SPENT) from failure
        granted = Granted(
            server=server,
            client=client,
            user=user,
            scopes=scopes,
            lifetimes=lifetimes,
            acr=token.acr,
            amr=token.amr,
            authenticated_at=token.authenticated_at,
            nonce=token.nonce,
            jkt=request.jkt,
            idp_id=token.idp_id,
        )
        token_id = tokens.new_token_id(token.family)
        return await issued(tokens, granted, token_id=token_id, refresh_token=renewed)
