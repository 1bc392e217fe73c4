"""Token exchange, on behalf of a user (RFC 8693; facts/oauth D.10).

A service that was called with a user's access token gets an own token for the same user, to call
another service. Left out: native SSO and the exchanges of the org authorization server for AI
agents. No refusals of Okta were found: codes are from RFC 8693, texts are our own.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from mock_okta.model.authorization_servers import AuthorizationServer
from mock_okta.model.clients import Client
from mock_okta.model.directory import User
from mock_okta.oauth.access import Access
from mock_okta.oauth.checks.grant_types import server_is_custom
from mock_okta.oauth.checks.scopes import service_scopes
from mock_okta.oauth.errors import InvalidRequest, InvalidTarget
from mock_okta.oauth.requests import TokenRequest
from mock_okta.oauth.responses import token_response
from mock_okta.services.directory.lookup import usable_user
from mock_okta.services.tokens.token_claims import Granted
from mock_okta.services.tokens.tokens import Tokens
from mock_okta.storage import Storage

__all__ = ["TOKEN_EXCHANGE", "TokenExchangeGrant"]

TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
_ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"


def tokens_are_access_tokens(request: TokenRequest) -> None:
    """RFC 8693 2.1; other token types are not supported."""
    if request.subject_token_type != _ACCESS_TOKEN:
        raise InvalidRequest(f"The 'subject_token_type' must be '{_ACCESS_TOKEN}'.")
    if request.requested_token_type not in (None, _ACCESS_TOKEN):
        raise InvalidRequest(f"The 'requested_token_type' must be '{_ACCESS_TOKEN}'.")


def audience_is_the_server_s(server: AuthorizationServer, request: TokenRequest) -> None:
    """RFC 8693 2.1: it is optional, because a server has only one audience."""
    if request.audience not in (None, server.audience):
        raise InvalidTarget(
            "The 'audience' must be an audience of the authorization server.",
            remark=f"'audience' is {request.audience!r}, the server's is {server.audience!r}",
        )


class TokenExchangeGrant(Struct, frozen=True, kw_only=True):
    """Issues only an access token, for the subject token's user."""

    access: Access
    storage: Storage
    tokens: Tokens

    async def redeem(
        self, server: AuthorizationServer, client: Client, request: TokenRequest
    ) -> dict[str, Any]:
        server_is_custom(server, TOKEN_EXCHANGE)
        if request.subject_token is None:
            raise InvalidRequest("The token request must specify a 'subject_token'.")
        tokens_are_access_tokens(request)
        audience_is_the_server_s(server, request)
        claims, user = await self._subject(server, request.subject_token)
        scopes = service_scopes(server, client, request.scope)
        granted = Granted(
            server=server,
            client=client,
            user=user,
            scopes=scopes,
            lifetimes=await self.access.of(server, client, TOKEN_EXCHANGE, user, scopes),
            acr=claims.get("acr"),
            authenticated_at=_authenticated_at(claims),
            jkt=request.jkt,
        )
        access_token = await self.tokens.access_token(granted)
        body = token_response(granted, access_token=access_token)
        return body | {"issued_token_type": _ACCESS_TOKEN}

    async def _subject(
        self, server: AuthorizationServer, token: str
    ) -> tuple[Mapping[str, Any], User]:
        """Return the claims and the user of an active access token of this or a trusted server.

        RFC 8693 2.2.2: an invalid token is `invalid_request`.
        """
        for server_id in (server.id, *sorted(server.trusted_servers)):
            issuer = await self.storage.authorization_servers.get(server_id)
            if issuer is None or issuer.is_org:
                continue
            claims = await self.tokens.live_access_token(token, issuer)
            uid = None if claims is None else claims.get("uid")
            user = await usable_user(self.storage, uid)
            if claims is not None and user is not None:
                return claims, user
        raise InvalidRequest(
            "The 'subject_token' is invalid or has expired.",
            remark="it is not an active access token of a user, from this server or one of its "
            "trusted_servers",
        )


def _authenticated_at(claims: Mapping[str, Any]) -> datetime | None:
    """Return when the user signed in: a token exchange is not a new authentication."""
    auth_time = claims.get("auth_time")
    return None if auth_time is None else datetime.fromtimestamp(auth_time, UTC)
