"""Client authentication at /token, /introspect and /revoke (facts/oauth D.2, D.3)."""

import hmac
from collections.abc import Mapping
from types import MappingProxyType

from aiohttp import web
from msgspec import Struct

from mock_okta.model.clients import Client, ClientAuthenticationMethod
from mock_okta.oauth.checks.parameters import each_is_given_once
from mock_okta.oauth.client_assertion import ClientAssertions
from mock_okta.oauth.errors import InvalidClient, InvalidRequest, UnknownClient
from mock_okta.oauth.requests import ClientCredentials, client_credentials
from mock_okta.storage import Storage
from mock_okta.web.requests import Parameters, parameters_of

__all__ = ["CLIENT_AUTHENTICATION_METHODS", "ClientAuthentication"]

CLIENT_AUTHENTICATION_METHODS = tuple(ClientAuthenticationMethod)

_NO_CREDENTIALS = "No client credentials found."
_WRONG_SECRET = "The client secret supplied for a confidential client is invalid."
_SEVERAL = (
    "Cannot supply multiple client credentials. Use one of the following: credentials in the "
    "Authorization header, credentials in the post body, or a client_assertion in the post body."
)
_BY_ASSERTION = (
    ClientAuthenticationMethod.CLIENT_SECRET_JWT,
    ClientAuthenticationMethod.PRIVATE_KEY_JWT,
)
_REMARKS: Mapping[str, str] = MappingProxyType(
    {
        "missing": "the client is confidential: send its secret, the seed's client_secret",
        "unwanted": "the client is public: send no secret, or make it 'web' and give it one",
        "assertion": "the client can only authenticate with a signed client_assertion",
        "wrong": "the client_secret is wrong: send the one in the seed",
    }
)


class ClientAuthentication(Struct, frozen=True, kw_only=True):
    """Finds and authenticates the client; a client for basic may use post, and vice versa."""

    storage: Storage
    assertions: ClientAssertions
    url: str

    async def received(self, request: web.Request, kind: str) -> tuple[Parameters, Client]:
        """Return the parameters, each given once, and the client that sent them.

        `kind`: the name of the request in errors. Raises InvalidRequest, and the errors of
        facts/oauth D.3.
        """
        parameters = await _given_once(request, kind)
        return parameters, await self._client_of(request, parameters, needs_proof=True)

    async def named(self, request: web.Request, kind: str) -> tuple[Parameters, Client]:
        """As `received`, for a client that may name itself alone; a wrong proof is refused."""
        parameters = await _given_once(request, kind)
        return parameters, await self._client_of(request, parameters, needs_proof=False)

    async def _client_of(
        self, request: web.Request, parameters: Parameters, *, needs_proof: bool
    ) -> Client:
        credentials = client_credentials(request, parameters, self.url)
        one_kind_of_credentials_is_given(credentials)
        if credentials.assertion is not None:
            return await self._asserted(credentials)
        client_id = credentials.basic_id or credentials.body_id
        if client_id is None:
            raise InvalidClient(_NO_CREDENTIALS)
        client = await self.storage.clients.get(client_id)
        if client is None:
            raise UnknownClient(client_id)
        secret = credentials.basic_secret or credentials.body_secret
        if needs_proof or secret is not None:
            secret_matches(client, secret)
        return client

    async def _asserted(self, credentials: ClientCredentials) -> Client:
        client = await self.assertions.client_of(
            credentials.assertion or "", credentials.assertion_type, credentials.endpoint
        )
        if credentials.body_id not in (None, client.client_id):
            raise InvalidRequest(_SEVERAL)
        return client


async def _given_once(request: web.Request, kind: str) -> Parameters:
    parameters = await parameters_of(request)
    each_is_given_once(parameters.repeated, kind)
    return parameters


def one_kind_of_credentials_is_given(credentials: ClientCredentials) -> None:
    """RFC 6749 2.3: a request has at most one authentication method."""
    proofs = (credentials.basic_secret, credentials.body_secret, credentials.assertion)
    ids = {credentials.basic_id, credentials.body_id} - {None}
    if sum(proof is not None for proof in proofs) > 1 or len(ids) > 1:
        raise InvalidRequest(_SEVERAL)
    if credentials.assertion is not None and credentials.basic_id is not None:
        raise InvalidRequest(_SEVERAL)


def secret_matches(client: Client, secret: str | None) -> None:
    """RFC 6749 2.3.1; a public client has no secret, and one with keys must sign."""
    if client.authentication_method in _BY_ASSERTION:
        raise InvalidClient(
            _WRONG_SECRET if secret else _NO_CREDENTIALS, remark=_REMARKS["assertion"]
        )
    if client.client_secret is None:
        if secret is not None:
            raise InvalidClient(_WRONG_SECRET, remark=_REMARKS["unwanted"])
        return
    if secret is None:
        raise InvalidClient(_WRONG_SECRET, remark=_REMARKS["missing"])
    if not hmac.compare_digest(client.client_secret.encode(), secret.encode()):
        raise InvalidClient(_WRONG_SECRET, remark=_REMARKS["wrong"])
