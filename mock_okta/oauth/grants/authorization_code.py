"""The grant `authorization_code` (RFC 6749 4.1.3, RFC 7636 4.5)."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.model.directory import AuthorizationServer, Client
from mock_okta.model.records import AuthorizationCode, Redemption
from mock_okta.oauth.checks.pkce import verifier_matches
from mock_okta.oauth.errors import InvalidGrant, InvalidRequest
from mock_okta.oauth.grants.grant import first_token_id, issued_first
from mock_okta.oauth.requests import TokenRequest
from mock_okta.services.directory.lookup import usable_user
from mock_okta.services.tokens.tokens import Granted, Tokens, family_of
from mock_okta.storage import Storage

__all__ = ["AuthorizationCodeGrant"]

_SPENT = "The authorization code is invalid or has expired."


class CodeShown(Struct, frozen=True, kw_only=True):
    """A code, with the client and the request that redeem it."""

    code: AuthorizationCode
    client: Client
    request: TokenRequest


def code_is_of_client(shown: CodeShown) -> None:
    """RFC 6749 4.1.3."""
    if shown.code.client_id != shown.client.client_id:
        raise InvalidGrant(
            "The grant was issued to another client. Ensure that the 'client_id' matches the one "
            "used at the authorize request."
        )


def redirect_uri_is_the_same(shown: CodeShown) -> None:
    """RFC 6749 4.1.3."""
    if shown.code.redirect_uri != shown.request.redirect_uri:
        raise InvalidGrant(
            "The 'redirect_uri' does not match the redirection URI used in the authorization "
            "request."
        )


def verifier_is_the_challenge_s(shown: CodeShown) -> None:
    """RFC 7636 4.6."""
    verifier_matches(shown.code.code_challenge, shown.request.code_verifier)


def key_is_the_code_s(shown: CodeShown) -> None:
    """RFC 9449 10: only the holder of the key can use the code. Okta's text is unknown."""
    if shown.code.dpop_jkt is not None and shown.code.dpop_jkt != shown.request.jkt:
        raise InvalidGrant(
            "The DPoP proof JWT does not match the 'dpop_jkt' used in the authorization request.",
            remark="the code is bound to another key than the DPoP proof's"
            if shown.request.jkt
            else "the code is bound to a key, and the request has no DPoP proof",
        )


CODE_RULES: tuple[Callable[[CodeShown], None], ...] = (
    code_is_of_client,
    redirect_uri_is_the_same,
    verifier_is_the_challenge_s,
    key_is_the_code_s,
)


class AuthorizationCodeGrant(Struct, frozen=True, kw_only=True):
    """Uses up the code after every check, so a wrong request does not use it up.

    Deviation: if its client redeems a code again, the first tokens are revoked, as RFC 6749 4.1.2
    recommends. What Okta does is unknown.
    """

    storage: Storage
    clock: Clock
    tokens: Tokens

    async def redeem(
        self, server: AuthorizationServer, client: Client, request: TokenRequest
    ) -> dict[str, Any]:
        if request.code is None:
            raise InvalidRequest("The token request must specify a 'code'.")
        await self._check(request.code, server, client, request)
        code = await self.storage.authorization_codes.take(request.code)
        if code is None:
            raise await self._spent(request.code, server, client)
        granted = await self._granted(code, server, client, request.jkt)
        token_id = first_token_id(self.tokens, granted)
        await self._note(request.code, code, token_id)
        return await issued_first(self.tokens, granted, token_id)

    async def _check(
        self, value: str, server: AuthorizationServer, client: Client, request: TokenRequest
    ) -> None:
        code = await self.storage.authorization_codes.get(value)
        if code is None or code.server_id != server.id:
            raise await self._spent(value, server, client)
        shown = CodeShown(code=code, client=client, request=request)
        for rule in CODE_RULES:
            rule(shown)

    async def _note(self, value: str, code: AuthorizationCode, token_id: str) -> None:
        redemption = Redemption(
            server_id=code.server_id,
            client_id=code.client_id,
            token_id=token_id,
            token_expires_at=self.clock.now() + code.lifetimes.access_token,
            expires_at=code.expires_at,
        )
        await self.storage.redemptions.put(value, redemption)

    async def _spent(self, value: str, server: AuthorizationServer, client: Client) -> InvalidGrant:
        """Return the error for a missing code; revoke tokens that it was redeemed for before."""
        first, tokens = await self.storage.redemptions.get(value), self.tokens
        if first is None or (first.server_id, first.client_id) != (server.id, client.client_id):
            return InvalidGrant(_SPENT)
        family = family_of(first.token_id)
        if family is not None:
            await tokens.revoke_family(family)
        await tokens.revoke_access_token(first.token_id, first.token_expires_at)
        return InvalidGrant(
            _SPENT, remark="the code was redeemed before: the first tokens are revoked now"
        )

    async def _granted(
        self, code: AuthorizationCode, server: AuthorizationServer, client: Client, jkt: str | None
    ) -> Granted:
        user = await usable_user(self.storage, code.user_id)
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
