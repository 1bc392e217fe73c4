"""Issues the codes and tokens of the response type (facts/oauth C.7, F.5)."""

from datetime import timedelta

from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.ids import Ids
from mock_okta.model.directory import User
from mock_okta.model.grants import AuthorizationCode
from mock_okta.model.sessions import Session
from mock_okta.oauth.access import Access
from mock_okta.oauth.authorization.assurance import satisfied_acr
from mock_okta.oauth.checks.scopes import granted_scopes
from mock_okta.oauth.requests import Authorization
from mock_okta.oauth.responses import authorization_success
from mock_okta.services.tokens.token_claims import Granted
from mock_okta.services.tokens.tokens import Tokens
from mock_okta.storage import Storage

__all__ = ["Issuing"]

_CODE_LIFETIME = timedelta(seconds=300)


class Issuing(Struct, frozen=True, kw_only=True):
    """Makes authorization codes and tokens for a user with a session."""

    storage: Storage
    tokens: Tokens
    clock: Clock
    ids: Ids

    async def granted(self, authorization: Authorization, session: Session, user: User) -> Granted:
        """Return what is granted; raise AccessDenied or UnmetAuthenticationRequirements."""
        asked, server, client = authorization.request, authorization.server, authorization.client
        scopes = granted_scopes(authorization)
        grant_type = "authorization_code" if "code" in asked.response_type else "implicit"
        return Granted(
            server=server,
            client=client,
            user=user,
            scopes=scopes,
            lifetimes=await Access(self.storage).of(server, client, grant_type, user, scopes),
            acr=satisfied_acr(asked.acr_values, session.amr),
            amr=session.amr,
            authenticated_at=session.authenticated_at,
            nonce=asked.nonce,
            idp_id=session.idp_id,
        )

    async def fields(self, authorization: Authorization, granted: Granted) -> dict[str, str]:
        """Return the fields of the authorization response."""
        asked = authorization.request
        code = access_token = id_token = None
        if "code" in asked.response_type:
            code = await self._code(authorization, granted)
        if "token" in asked.response_type:
            access_token = await self.tokens.access_token(granted)
        if "id_token" in asked.response_type:
            id_token = await self.tokens.id_token(granted, access_token=access_token, code=code)
        return authorization_success(
            granted, code=code, access_token=access_token, id_token=id_token, state=asked.state
        )

    async def _code(self, authorization: Authorization, granted: Granted) -> str:
        if granted.user is None or granted.authenticated_at is None:
            raise AssertionError("an authorization code is for a user who signed in")
        value = self.ids.opaque()
        code = AuthorizationCode(
            server_id=granted.server.id,
            client_id=granted.client.client_id,
            user_id=granted.user.id,
            redirect_uri=authorization.redirect_uri,
            scopes=granted.scopes,
            lifetimes=granted.lifetimes,
            nonce=granted.nonce,
            acr=granted.acr,
            code_challenge=authorization.request.code_challenge,
            amr=granted.amr,
            authenticated_at=granted.authenticated_at,
            expires_at=self.clock.now() + _CODE_LIFETIME,
            idp_id=granted.idp_id,
            dpop_jkt=authorization.request.dpop_jkt,
        )
        await self.storage.authorization_codes.put(value, code)
        return value
