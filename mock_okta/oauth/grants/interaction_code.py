"""The grant `interaction_code`: what the Identity Engine leaves (facts/oauth D.12)."""

from typing import Any

from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.model.authorization_servers import AuthorizationServer
from mock_okta.model.clients import Client
from mock_okta.model.interactions import InteractionCode
from mock_okta.oauth.access import Access
from mock_okta.oauth.authorization.assurance import satisfied_acr
from mock_okta.oauth.errors import InvalidRequest
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

__all__ = ["INTERACTION_CODE", "InteractionCodeGrant"]

INTERACTION_CODE = "interaction_code"


def redirect_uri_is_the_same_if_given(shown: CodeShown[InteractionCode]) -> None:
    """okta-auth-js sends it; Okta's server-side SDKs leave it out."""
    if shown.request.redirect_uri is not None:
        redirect_uri_is_the_same(shown)


class InteractionCodeGrant(Struct, frozen=True, kw_only=True):
    """Gives what was asked of /interact, where assignment and access policies let the user have it.

    They are asked here, not when the code is made: the widget shows their refusals from /token.
    """

    access: Access
    storage: Storage
    clock: Clock
    tokens: Tokens

    async def redeem(
        self, server: AuthorizationServer, client: Client, request: TokenRequest
    ) -> dict[str, Any]:
        if request.interaction_code is None:
            raise InvalidRequest("The token request must specify an 'interaction_code'.")
        codes = OneTimeCodes(
            clock=self.clock,
            tokens=self.tokens,
            codes=self.storage.interaction_codes,
            rules=(
                code_is_of_client,
                redirect_uri_is_the_same_if_given,
                verifier_is_the_challenge_s,
            ),
            granted=self._granted,
            spent="The interaction code is invalid or has expired.",
        )
        return await codes.redeem(request.interaction_code, server, client, request)

    async def _granted(
        self, code: InteractionCode, server: AuthorizationServer, client: Client, jkt: str | None
    ) -> Granted | None:
        user, asked = await usable_user(self.storage, code.user_id), code.interaction
        if user is None:
            return None
        scopes = asked.scopes
        return Granted(
            server=server,
            client=client,
            user=user,
            scopes=scopes,
            lifetimes=await self.access.of(server, client, INTERACTION_CODE, user, scopes),
            acr=satisfied_acr(asked.acr_values, code.amr),
            amr=code.amr,
            authenticated_at=code.authenticated_at,
            nonce=asked.nonce,
            jkt=jkt,
            idp_id=code.idp_id,
        )
