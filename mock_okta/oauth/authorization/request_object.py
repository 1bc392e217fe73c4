"""Signed request objects: the parameter `request` (OIDC Core 6.1; facts/oauth C.2)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.model.authorization_servers import AuthorizationServer
from mock_okta.model.clients import Client
from mock_okta.model.grants import UsedId
from mock_okta.oauth.errors import InvalidClient, InvalidRequestObject
from mock_okta.oauth.jwks import ClientKeys
from mock_okta.oauth.jwt_checks import (
    HMAC_ALGORITHMS,
    KEY_ALGORITHMS,
    is_instant,
    signed_by,
    unverified_claims,
)
from mock_okta.storage import Storage
from mock_okta.web.requests import Parameters

__all__ = ["RequestObjects"]

_REMEMBERED = timedelta(hours=1)  # a `jti` without an `exp`
# Claims of the JWT itself, and parameters that OIDC Core 6.1 forbids in a request object.
_NO_PARAMETERS = frozenset(
    {"iss", "aud", "exp", "iat", "nbf", "jti", "sub", "request", "request_uri"}
)


class RequestObjects(Struct, frozen=True, kw_only=True):
    """Verifies request objects with the org's clock; one with a `jti` works once."""

    storage: Storage
    keys: ClientKeys
    clock: Clock

    async def merged(
        self, parameters: Parameters, server: AuthorizationServer, client: Client
    ) -> Parameters:
        """Return the parameters, with the request object replaced by its parameters, which win.

        Raises InvalidRequestObject.
        """
        token = parameters.get("request")
        if token is None:
            return parameters
        claims = unverified_claims(token)
        if claims is None:
            raise InvalidRequestObject("The request object is not a JWT.")
        await self._is_signed_by(client, token)
        self._claims_are_right(claims, server, client)
        await self._jti_is_new(claims, client)
        inside = {
            name: _text(value) for name, value in claims.items() if name not in _NO_PARAMETERS
        }
        outside = [(n, v) for n, v in parameters.pairs if n != "request" and n not in inside]
        return Parameters([*outside, *((name, value) for name, value in inside.items() if value)])

    async def _is_signed_by(self, client: Client, token: str) -> None:
        secret = client.client_secret
        if secret is not None and signed_by(token, [secret.encode()], HMAC_ALGORITHMS):
            return
        try:
            keys = await self.keys.candidates(client, token)
        except InvalidClient as failure:
            raise InvalidRequestObject(_BAD_SIGNATURE, remark=failure.remark) from failure
        if not signed_by(token, keys, KEY_ALGORITHMS):
            raise InvalidRequestObject(
                _BAD_SIGNATURE,
                remark="neither the client's secret (of as many bits as the hash has, or more) "
                "nor a key of its jwks fits",
            )

    def _claims_are_right(
        self, claims: Mapping[str, Any], server: AuthorizationServer, client: Client
    ) -> None:
        """Claims that are there must be right; missing ones are allowed.

        OIDC Core 6.1 and RFC 9101 4 only recommend `iss` and `aud`; whether Okta refuses a request
        object without them is not known.
        """
        now, expires = self.clock.epoch(), claims.get("exp")
        if claims.get("iss", client.client_id) != client.client_id:
            raise InvalidRequestObject("The request object's 'iss' must be the client_id.")
        audience = claims.get("aud", server.issuer)
        if server.issuer not in (audience if isinstance(audience, list) else [audience]):
            raise InvalidRequestObject("The request object's 'aud' must be the issuer.")
        if expires is not None and (not is_instant(expires) or expires <= now):
            raise InvalidRequestObject("The request object is expired.")
        if claims.get("client_id", client.client_id) != client.client_id:
            raise InvalidRequestObject("The request object is for another client.")

    async def _jti_is_new(self, claims: Mapping[str, Any], client: Client) -> None:
        if claims.get("jti") is None:
            return
        expires, ahead = claims.get("exp"), self.clock.now() + _REMEMBERED
        expires_at = datetime.fromtimestamp(expires, UTC) if is_instant(expires) else ahead
        key = ("request", client.client_id, str(claims["jti"]))
        if not await self.storage.used_ids.add(key, UsedId(expires_at=expires_at)):
            raise InvalidRequestObject("The request object has already been used.")


_BAD_SIGNATURE = "The request object's signature is invalid."


def _text(value: object) -> str:
    """Return a claim as text, like a parameter (`max_age` is a number in JSON).

    JSON can contain half of a surrogate pair, which a URL cannot: it becomes U+FFFD.
    """
    if value is None:
        return ""
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
