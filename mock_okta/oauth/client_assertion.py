"""Client authentication with a JWT: `client_secret_jwt`, `private_key_jwt` (RFC 7523 3)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.model.clients import Client, ClientAuthenticationMethod
from mock_okta.model.grants import UsedId
from mock_okta.oauth.errors import InvalidClient, InvalidRequest, UnknownClient
from mock_okta.oauth.jwks import ClientKeys
from mock_okta.oauth.jwt_checks import (
    CLOCK_SKEW,
    HMAC_ALGORITHMS,
    KEY_ALGORITHMS,
    is_instant,
    signed_by,
    unverified_claims,
)
from mock_okta.storage import Storage

__all__ = ["ASSERTION_TYPE", "ClientAssertions"]

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ALGORITHMS: Mapping[ClientAuthenticationMethod, tuple[str, ...]] = {
    ClientAuthenticationMethod.CLIENT_SECRET_JWT: HMAC_ALGORITHMS,
    ClientAuthenticationMethod.PRIVATE_KEY_JWT: KEY_ALGORITHMS,
}
_SHORTEST_SECRET = 32
_LONGEST_LIFE = int(timedelta(hours=1).total_seconds())
_NOT_PARSED = "The parsing of the client_assertion failed."
_BAD_SIGNATURE = "The client_assertion signature is invalid."


class ClientAssertions(Struct, frozen=True, kw_only=True):
    """Verifies assertions with the org's clock; one with a `jti` works once."""

    storage: Storage
    keys: ClientKeys
    clock: Clock

    async def client_of(self, assertion: str, assertion_type: str | None, url: str) -> Client:
        """Return the client that signed `assertion` for the endpoint at `url`."""
        if assertion_type != ASSERTION_TYPE:
            raise InvalidRequest("The client_assertion_type is invalid.")
        claims = unverified_claims(assertion)
        if claims is None:
            raise InvalidClient(_NOT_PARSED, remark="the client_assertion is not a JWT")
        client = await self._named_client(claims)
        await self._signature_is_the_clients(assertion, client)
        audience_is_the_endpoint(claims, url)
        self._times_are_right(claims)
        await self._jti_is_new(claims, client)
        return client

    async def _named_client(self, claims: Mapping[str, Any]) -> Client:
        """RFC 7523 3: `iss` and `sub` are both the client's id."""
        client_id = claims.get("sub")
        if not isinstance(client_id, str) or claims.get("iss") != client_id:
            raise InvalidClient(_NOT_PARSED, remark="'iss' and 'sub' must both be the client_id")
        client = await self.storage.clients.get(client_id)
        if client is None:
            raise UnknownClient(client_id)
        return client

    async def _signature_is_the_clients(self, assertion: str, client: Client) -> None:
        method = client.authentication_method
        if method not in _ALGORITHMS:
            raise InvalidClient(
                _BAD_SIGNATURE,
                remark=f"client {client.client_id} authenticates with '{method}', not with a JWT: "
                "send no client_assertion, or make it a client of type web or service with the "
                "token_endpoint_auth_method 'private_key_jwt' and jwks",
            )
        if method is ClientAuthenticationMethod.CLIENT_SECRET_JWT:
            keys = [_hmac_key(client)]
        else:
            keys = await self.keys.candidates(client, assertion)
        if not signed_by(assertion, keys, _ALGORITHMS[method]):
            raise InvalidClient(_BAD_SIGNATURE, remark="no key of the client's verifies it")

    def _times_are_right(self, claims: Mapping[str, Any]) -> None:
        """facts/oauth D.2: `exp` at most an hour ahead, `iat` not in the future.

        Okta allows no clock skew for `exp` (okta-sdk-python issue 382), but some for `iat`.
        """
        now = self.clock.epoch()
        expires, issued = claims.get("exp"), claims.get("iat")
        if not is_instant(expires) or expires <= now:
            raise InvalidClient("The client_assertion token is expired.")
        if int(expires) > now + _LONGEST_LIFE:
            raise InvalidClient(
                "The client_assertion token has an expiration too far into the future.",
                remark="its 'exp' is more than one hour ahead",
            )
        if issued is not None and (not is_instant(issued) or issued > now + CLOCK_SKEW):
            raise InvalidClient("The client_assertion 'iat' is in the future.")

    async def _jti_is_new(self, claims: Mapping[str, Any], client: Client) -> None:
        jti = claims.get("jti")
        if jti is None:
            return
        used = UsedId(expires_at=datetime.fromtimestamp(claims["exp"], UTC))
        if not await self.storage.used_ids.add(
            ("client_assertion", client.client_id, str(jti)), used
        ):
            raise InvalidClient("The client_assertion token has already been used.")


def audience_is_the_endpoint(claims: Mapping[str, Any], url: str) -> None:
    """facts/oauth D.2: the full URL of this endpoint."""
    audience = claims.get("aud")
    if url not in (audience if isinstance(audience, list) else [audience]):
        raise InvalidClient(
            "The audience claim for client_assertion must be the endpoint invoked for the request.",
            remark=f"'aud' is {audience!r}, the endpoint is {url}",
        )


def _hmac_key(client: Client) -> bytes:
    secret = client.client_secret or ""
    if len(secret) < _SHORTEST_SECRET:
        raise InvalidClient("The client secret is too short to verify a JWT HMAC.")
    return secret.encode()
