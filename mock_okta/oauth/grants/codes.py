"""What the grants of one-time codes have in common: rules, and redeeming a code once."""

from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

from msgspec import Struct, structs

from mock_okta.clock import Clock
from mock_okta.model.authorization_servers import AuthorizationServer
from mock_okta.model.clients import Client
from mock_okta.model.grants import AuthorizationCode, Redemption
from mock_okta.model.interactions import InteractionCode
from mock_okta.oauth.checks.pkce import verifier_matches
from mock_okta.oauth.errors import InvalidGrant
from mock_okta.oauth.grants.grant import first_token_id, issued_first
from mock_okta.oauth.requests import TokenRequest
from mock_okta.services.tokens.token_claims import Granted
from mock_okta.services.tokens.tokens import Tokens, family_of
from mock_okta.storage import Collection

__all__ = [
    "CodeShown",
    "OneTimeCodes",
    "code_is_of_client",
    "redirect_uri_is_the_same",
    "verifier_is_the_challenge_s",
]

C = TypeVar("C", AuthorizationCode, InteractionCode)


class CodeShown(Struct, Generic[C], frozen=True, kw_only=True):
    """A code, and the client and request that show it."""

    code: C
    client: Client
    request: TokenRequest


def code_is_of_client(shown: CodeShown[C]) -> None:
    """RFC 6749 4.1.3."""
    if shown.code.client_id != shown.client.client_id:
        raise InvalidGrant(
            "The grant was issued to another client. Ensure that the 'client_id' matches the one "
            "used at the authorize request."
        )


def redirect_uri_is_the_same(shown: CodeShown[C]) -> None:
    """RFC 6749 4.1.3."""
    if shown.code.redirect_uri != shown.request.redirect_uri:
        raise InvalidGrant(
            "The 'redirect_uri' does not match the redirection URI used in the authorization "
            "request."
        )


def verifier_is_the_challenge_s(shown: CodeShown[C]) -> None:
    """RFC 7636 4.6."""
    verifier_matches(shown.code.code_challenge, shown.request.code_verifier)


class OneTimeCodes(Struct, Generic[C], frozen=True, kw_only=True):
    """Redeems a code once, after every check: a request that was wrong does not burn it.

    `granted`: what the code gives; None for a user who is gone. `spent`: the text that refuses a
    code which is not there.

    Deviation: a code that its client redeems again ends the tokens of the first time, as RFC 6749
    4.1.2 wants it. What Okta does is unknown.
    """

    clock: Clock
    tokens: Tokens
    codes: Collection[C]
    rules: tuple[Callable[[CodeShown[C]], None], ...]
    granted: Callable[[C, AuthorizationServer, Client, str | None], Awaitable[Granted | None]]
    spent: str

    async def redeem(
        self, value: str, server: AuthorizationServer, client: Client, request: TokenRequest
    ) -> dict[str, Any]:
        """Return the body of the token response; raise an OAuthError."""
        code = await self.codes.get(value)
        if code is None or code.server_id != server.id:
            raise InvalidGrant(self.spent)
        if code.redemption is not None:
            raise await self._spent(code, code.redemption, client)
        shown = CodeShown(code=code, client=client, request=request)
        for rule in self.rules:
            rule(shown)
        granted = await self.granted(code, server, client, request.jkt)
        if granted is None:
            raise InvalidGrant(self.spent, remark="the user of the code is gone, or not active")
        redemption = Redemption(
            token_id=first_token_id(self.tokens, granted),
            token_expires_at=self.clock.now() + granted.lifetimes.access_token,
        )
        await self._mark(value, redemption, client)
        return await issued_first(self.tokens, granted, redemption.token_id)

    async def _mark(self, value: str, redemption: Redemption, client: Client) -> None:
        """Mark the code as redeemed; raise InvalidGrant if another request was faster."""

        def marked(kept: C) -> C:
            if kept.redemption is not None:
                return kept
            return structs.replace(kept, redemption=redemption)

        code = await self.codes.update(value, marked)
        if code is None or code.redemption is None:
            raise InvalidGrant(self.spent)
        if code.redemption != redemption:
            raise await self._spent(code, code.redemption, client)

    async def _spent(self, code: C, first: Redemption, client: Client) -> InvalidGrant:
        """Return the refusal of a redeemed code; end what its client redeemed it for."""
        if code.client_id != client.client_id:
            return InvalidGrant(self.spent)
        family, tokens = family_of(first.token_id), self.tokens
        if family is not None:
            await tokens.revoke_family(family)
        await tokens.revoke_access_token(first.token_id, first.token_expires_at)
        return InvalidGrant(
            self.spent,
            remark="the code was redeemed before: the tokens of the first time have ended",
        )
