"""The grant `authorization_code` (RFC 6749 4.1.3, RFC 7636 4.5)."""

from typing import Any

from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.model.authorization_servers import AuthorizationServer
from mock_okta.model.clients import Client
from mock_okta.model.grants import AuthorizationCode
from mock_okta.oauth.errors import InvalidGrant, InvalidRequest
from mock_okta.oauth.grants.codes import (
    CodeShown,
    OneTimeCodes,
    code_is_of_client,
    redirect_uri_is_the_same,
    verifier_is_the_challenge_s,
)
from mock_okta.oauth.requests import TokenRequest
from mock_okta.services.directory.lookup import usable_user
from mock_okta.services.tokens.token_claims import Granted
from mock_okta.services.tokens.tokens import Tokens
from mock_okta.storage import Storage

__all__ = ["AuthorizationCodeGrant"]


def key_is_the_code_s(shown: CodeShown[AuthorizationCode]) -> None:
    """RFC 9449 10: the code is of use to the holder of that key alone. Okta's words are unknown."""
    if shown.code.dpop_jkt is not None and shown.code.dpop_jkt != shown.request.jkt:
        raise InvalidGrant(
            "The DPoP proof JWT does not match the 'dpop_jkt' used in the authorization request.",
            remark="the code is bound to another key than the DPoP proof's"
            if shown.request.jkt
            else "the code is bound to a key, and the request has no DPoP proof",
        )


class AuthorizationCodeGrant(Struct, frozen=True, kw_only=True):
    """Gives what was granted at /authorize."""

    storage: Storage
    clock: Clock
    tokens: Tokens

    async def redeem(
        self, server: AuthorizationServer, client: Client, request: TokenRequest
    ) -> dict[str, Any]:
        if request.code is None:
            raise InvalidRequest("The token request must specify a 'code'.")
        codes = OneTimeCodes(
            clock=self.clock,
            tokens=self.tokens,
            codes=self.storage.authorization_codes,
            rules=(
                code_is_of_client,
                redirect_uri_is_the_same,
                verifier_is_the_challenge_s,
                key_is_the_code_s,
            ),
            granted=self._granted,
            spent="The authorization code is invalid or has expired.",
        )
        return await codes.redeem(request.code, server, client, request)

    async def _granted(
        self, code: AuthorizationCode, server: AuthorizationServer, client: Client, jkt: str | None
    ) -> Granted | None:
        user = await usable_user(self.storage, code.user_id)
        if user is None:
            return None
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
