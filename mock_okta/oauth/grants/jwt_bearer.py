"""The grant of signed assertions (RFC 7523 2.1 and 3, RFC 7521 4.1; facts/oauth D.11).

No traffic of Okta was found: codes are from the RFCs, texts are our own.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.model.authorization_servers import AssertionIssuer, AuthorizationServer
from mock_okta.model.clients import Client
from mock_okta.model.directory import User
from mock_okta.model.grants import UsedId
from mock_okta.oauth.access import Access
from mock_okta.oauth.checks.grant_types import server_is_custom
from mock_okta.oauth.checks.scopes import known_or_default, openid_goes_with_its_scopes
from mock_okta.oauth.errors import InvalidClient, InvalidGrant, InvalidRequest
from mock_okta.oauth.grants.grant import issued_first
from mock_okta.oauth.jwks import ClientKeys
from mock_okta.oauth.jwt_checks import (
    CLOCK_SKEW,
    KEY_ALGORITHMS,
    is_instant,
    signed_by,
    unverified_claims,
)
from mock_okta.oauth.requests import TokenRequest
from mock_okta.services.directory.lookup import usable_user
from mock_okta.services.tokens.token_claims import Granted
from mock_okta.services.tokens.tokens import Tokens
from mock_okta.storage import Storage

__all__ = ["JWT_BEARER", "JwtBearerGrant"]

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_AMR = ("fed",)

Claims = Mapping[str, Any]


def issuer_is_trusted(claims: Claims, server: AuthorizationServer) -> AssertionIssuer:
    """RFC 7523 3, item 1. Returns the issuer."""
    for trusted in server.assertion_issuers:
        if trusted.issuer == claims.get("iss"):
            return trusted
    raise InvalidGrant(
        "The assertion's 'iss' is not trusted.",
        remark=f"'iss' is {claims.get('iss')!r}: send one that is in the trusted_assertion_issuers "
        f"of server {server.id!r}, or add it there",
    )


def audience_is_the_server(claims: Claims, server: AuthorizationServer) -> None:
    """RFC 7523 3, item 3: the issuer, or the token endpoint."""
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    if server.issuer not in named and f"{server.issuer}/v1/token" not in named:
        raise InvalidGrant(
            "The assertion's 'aud' must be the authorization server.",
            remark=f"'aud' is {audience!r}, the server's issuer is {server.issuer}",
        )


def times_are_right(claims: Claims, now: int) -> None:
    """RFC 7523 3, items 4 to 6, with some skew."""
    expires = claims.get("exp")
    if not is_instant(expires) or expires <= now:
        raise InvalidGrant("The assertion is expired.")
    for name in ("iat", "nbf"):
        since = claims.get(name, 0)
        if not is_instant(since) or since > now + CLOCK_SKEW:
            raise InvalidGrant(f"The assertion's '{name}' is in the future.")


class JwtBearerGrant(Struct, frozen=True, kw_only=True):
    """Issues the same tokens as the code flow, for the user in a trusted issuer's assertion."""

    access: Access
    storage: Storage
    clock: Clock
    tokens: Tokens
    keys: ClientKeys

    async def redeem(
        self, server: AuthorizationServer, client: Client, request: TokenRequest
    ) -> dict[str, Any]:
        server_is_custom(server, JWT_BEARER)
        if request.assertion is None:
            raise InvalidRequest("The token request must specify an 'assertion'.")
        claims = await self._claims(request.assertion, server)
        user = await self._user(claims)
        scopes = known_or_default(server, client, request.scope)
        openid_goes_with_its_scopes(scopes)
        granted = Granted(
            server=server,
            client=client,
            user=user,
            scopes=scopes,
            lifetimes=await self.access.of(server, client, JWT_BEARER, user, scopes),
            amr=_AMR,
            authenticated_at=self.clock.now(),
            jkt=request.jkt,
        )
        await self._jti_is_new(claims)  # last, so that a wrong request does not use it up
        return await issued_first(self.tokens, granted)

    async def _claims(self, assertion: str, server: AuthorizationServer) -> Claims:
        claims = unverified_claims(assertion)
        if claims is None:
            raise InvalidGrant("The assertion is not a JWT.")
        issuer = issuer_is_trusted(claims, server)
        await self._is_signed_by(issuer, assertion)
        audience_is_the_server(claims, server)
        times_are_right(claims, self.clock.epoch())
        return claims

    async def _is_signed_by(self, issuer: AssertionIssuer, assertion: str) -> None:
        try:
            keys = await self.keys.candidates(issuer, assertion)
        except InvalidClient as failure:
            raise InvalidGrant(_BAD_SIGNATURE, remark=failure.remark) from failure
        if not signed_by(assertion, keys, KEY_ALGORITHMS):
            raise InvalidGrant(_BAD_SIGNATURE, remark=f"no key of {issuer.issuer} verifies it")

    async def _user(self, claims: Claims) -> User:
        """RFC 7523 3, item 2: `sub` is the user's login."""
        storage, login = self.storage, claims.get("sub")
        found = await storage.logins.get(login.lower() if isinstance(login, str) else "")
        user = await usable_user(storage, None if found is None else found.user_id)
        if user is None:
            raise InvalidGrant(
                "The assertion's 'sub' is not a user.",
                remark=f"no user has the login {login!r}, or the user's status forbids it",
            )
        return user

    async def _jti_is_new(self, claims: Claims) -> None:
        """RFC 7523 3, item 7."""
        if claims.get("jti") is None:
            return
        used = UsedId(expires_at=datetime.fromtimestamp(claims["exp"], UTC))
        key = ("assertion", claims["iss"], str(claims["jti"]))
        if not await self.storage.used_ids.add(key, used):
            raise InvalidGrant("The assertion has already been used.")


_BAD_SIGNATURE = "The assertion's signature is invalid."
