"""The grant `password` (RFC 6749 4.3; facts/oauth D.8)."""

from typing import Any

from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.model.authorization_servers import AuthorizationServer
from mock_okta.model.clients import Client
from mock_okta.model.directory import User
from mock_okta.model.failures import Failure
from mock_okta.oauth.access import Access
from mock_okta.oauth.checks.scopes import known_or_default, openid_goes_with_its_scopes
from mock_okta.oauth.errors import InvalidGrant, InvalidRequest, InvalidScope
from mock_okta.oauth.grants.grant import issued_first
from mock_okta.oauth.requests import TokenRequest
from mock_okta.services.sign_in.password_sign_in import PasswordSignIn
from mock_okta.services.tokens.token_claims import Granted
from mock_okta.services.tokens.tokens import Tokens

__all__ = ["PasswordGrant"]

_AMR = ("pwd",)


class PasswordGrant(Struct, frozen=True, kw_only=True):
    """Issues the same tokens as the code flow, for the user's password."""

    access: Access
    clock: Clock
    tokens: Tokens
    password_sign_in: PasswordSignIn

    async def redeem(
        self, server: AuthorizationServer, client: Client, request: TokenRequest
    ) -> dict[str, Any]:
        scopes = _scopes(server, client, request)
        user = await self._user(request)
        granted = Granted(
            server=server,
            client=client,
            user=user,
            scopes=scopes,
            lifetimes=await self.access.of(server, client, "password", user, scopes),
            amr=_AMR,
            authenticated_at=self.clock.now(),
            jkt=request.jkt,
        )
        return await issued_first(self.tokens, granted)

    async def _user(self, request: TokenRequest) -> User:
        """RFC 6749 4.3.2; a wrong password and an unknown user get the same error."""
        if request.username is None or request.password is None:
            missing = "username" if request.username is None else "password"
            raise InvalidRequest(f"The token request must specify a '{missing}'.")
        try:
            return await self.password_sign_in.verify(request.username, request.password)
        except Failure as failure:
            raise InvalidGrant(
                "The credentials provided were invalid.",
                remark=f"{type(failure).__name__} for {request.username!r}: {failure}",
            ) from failure


def _scopes(server: AuthorizationServer, client: Client, request: TokenRequest) -> tuple[str, ...]:
    """Return the requested scopes, or the server's default scopes (RFC 6749 3.3)."""
    try:
        scopes = known_or_default(server, client, request.scope)
    except InvalidScope as error:
        if request.scope:
            raise
        raise InvalidScope("No scopes were requested.", remark=error.remark) from error
    openid_goes_with_its_scopes(scopes)
    return scopes
