"""Clients that sign who they are: `client_secret_jwt` and `private_key_jwt` (RFC 7523 3, D.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeGuard

import jwt
from jwt.types import Options

from mock_okta.clock import Clock
from mock_okta.domain.records import Client, ClientAuthenticationMethod, UsedId
from mock_okta.oauth.errors import InvalidClient, InvalidRequest, UnknownClient
from mock_okta.oauth.jwks import ClientKeys
from mock_okta.storage import Storage

__all__ = ["ASSERTION_TYPE", "HMAC_ALGORITHMS", "KEY_ALGORITHMS", "ClientAssertions"]

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
HMAC_ALGORITHMS = ("HS256", "HS384", "HS512")
KEY_ALGORITHMS = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512")
_ALGORITHMS: Mapping[ClientAuthenticationMethod, tuple[str, ...]] = {
    ClientAuthenticationMethod.CLIENT_SECRET_JWT: HMAC_ALGORITHMS,
    ClientAuthenticationMethod.PRIVATE_KEY_JWT: KEY_ALGORITHMS,
}
_SHORTEST_SECRET = 32
_LONGEST_LIFE = timedelta(hours=1)
_UNCHECKED: Options = {
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_aud": False,
    "verify_sub": False,
    "verify_jti": False,
}
_NOT_PARSED = "The parsing of the client_assertion failed."
_BAD_SIGNATURE = "The client_assertion signature is invalid."


@dataclass(frozen=True, kw_only=True)
class ClientAssertions:
    """Verifies assertions by the org's clock; one with a `jti` is good once."""

    storage: Storage
    keys: ClientKeys
    clock: Clock

    async def client_of(self, assertion: str, assertion_type: str | None, url: str) -> Client:
        """Return the client that signed `assertion` for the endpoint at `url`."""
        if assertion_type != ASSERTION_TYPE:
            raise InvalidRequest("The client_assertion_type is invalid.")
        claims = unverified_claims(assertion)
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
                remark=f"client {client.client_id} authenticates by '{method}', not by a JWT: "
                "set its token_endpoint_auth_method",
            )
        if method is ClientAuthenticationMethod.CLIENT_SECRET_JWT:
            keys = [_hmac_key(client)]
        else:
            keys = await self.keys.candidates(client, assertion)
        if not any(_verifies(assertion, key, _ALGORITHMS[method]) for key in keys):
            raise InvalidClient(_BAD_SIGNATURE, remark="no key of the client's verifies it")

    def _times_are_right(self, claims: Mapping[str, Any]) -> None:
        """Contract D.2: `exp` at most an hour ahead, `iat` not in the future."""
        now = self.clock.epoch()
        expires, issued = claims.get("exp"), claims.get("iat")
        if not _is_instant(expires) or expires <= now:
            raise InvalidClient("The client_assertion token is expired.")
        if expires > now + int(_LONGEST_LIFE.total_seconds()):
            raise InvalidClient("The client_assertion 'exp' is more than one hour in the future.")
        if issued is not None and (not _is_instant(issued) or issued > now):
            raise InvalidClient("The client_assertion 'iat' is in the future.")

    async def _jti_is_new(self, claims: Mapping[str, Any], client: Client) -> None:
        jti = claims.get("jti")
        if jti is None:
            return
        used = UsedId(expires_at=datetime.fromtimestamp(claims["exp"], UTC))
        if not await self.storage.used_ids.add(f"client_assertion {client.client_id} {jti}", used):
            raise InvalidClient("The client_assertion has already been used.")


def unverified_claims(assertion: str) -> dict[str, Any]:
    """Return the claims, for finding out who is meant to have signed them."""
    try:
        return jwt.decode(assertion, options={**_UNCHECKED, "verify_signature": False})
    except jwt.InvalidTokenError as error:
        raise InvalidClient(_NOT_PARSED, remark=str(error)) from error


def audience_is_the_endpoint(claims: Mapping[str, Any], url: str) -> None:
    """Contract D.2: the full URL of this very endpoint."""
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


def _verifies(assertion: str, key: Any, algorithms: tuple[str, ...]) -> bool:
    try:
        jwt.decode(assertion, key, algorithms=list(algorithms), options=_UNCHECKED)
    except (jwt.InvalidTokenError, jwt.InvalidKeyError, TypeError, ValueError):
        return False
    return True


def _is_instant(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 40
