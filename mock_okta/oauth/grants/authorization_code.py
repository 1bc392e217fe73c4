"""The grant `authorization_code` (RFC 6749 4.1.3, RFC 7636 4.5)."""

from typing import Any

from msgspec import Struct

from mock_okta.domain.directory import AuthorizationServer, Client
from mock_okta.domain.records import AuthorizationCode
from mock_okta.oauth.checks.pkce import verifier_matches
from mock_okta.oauth.errors import InvalidGrant, InvalidRequest
from mock_okta.oauth.grants.grant import GrantParts, issued_first
from mock_okta.oauth.requests import TokenRequest
from mock_okta.services.directory import usable_user
from mock_okta.services.tokens import Granted

__all__ = ["AuthorizationCodeGrant"]

_SPENT = "The authorization code is invalid or has expired."


def code_is_of_client(code: AuthorizationCode, client: Client) -> None:
    """RFC 6749 4.1.3."""
    if code.client_id != client.client_id:
        raise InvalidGrant(
            "The grant was issued to another client. Ensure that the 'client_id' matches the one "
            "used at the authorize request."
        )


def redirect_uri_is_the_same(code: AuthorizationCode, request: TokenRequest) -> None:
    """RFC 6749 4.1.3."""
    if code.redirect_uri != request.redirect_uri:
        raise InvalidGrant(
            "The 'redirect_uri' does not match the redirection URI used in the authorization "
            "request."
        )


class AuthorizationCodeGrant(Struct, frozen=True):
    """Takes the code once, after every check: a request that was wrong does not burn it."""

    parts: GrantParts

    async def redeem(
        self, server: AuthorizationServer, client: Client, request: TokenRequest
    ) -> dict[str, Any]:
        if request.code is None:
            raise InvalidRequest("The token request must specify a 'code'.")
        await self._check(request.code, server, client, request)
        code = await self.parts.storage.authorization_codes.take(request.code)
        if code is None:
            raise InvalidGrant(_SPENT)
        granted = await self._granted(code, server, client, request.jkt)
        return await issued_first(self.parts.tokens, granted)

    async def _check(
        self, value: str, server: AuthorizationServer, client: Client, request: TokenRequest
    ) -> None:
        code = await self.parts.storage.authorization_codes.get(value)
        if code is None or code.server_id != server.id:
            raise InvalidGrant(_SPENT)
        code_is_of_client(code, client)
        redirect_uri_is_the_same(code, request)
        verifier_matches(code.code_challenge, request.code_verifier)

    async def _granted(
        self, code: AuthorizationCode, server: AuthorizationServer, client: Client, jkt: str | None
    ) -> Granted:
        user = await usable_user(self.parts.storage, code.user_id)
        if user is None:
            raise InvalidGrant(_SPENT)
        return Granted(
            server=server,
            client=client,
            user=user,
            scopes=code.scopes,
            lifetimes=code.lifetimes,
            acr=code.acr,
            amr=code.amr,
            authenticated_at=code.authenticated_at,
            nonce=code.nonce,
            jkt=jkt,
            idp_id=code.idp_id,
        )
