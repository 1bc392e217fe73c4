"""Who the client is: its authentication at /token, /introspect and /revoke (contract D.2, D.3)."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mock_okta.domain.records import Client
from mock_okta.oauth.errors import InvalidClient, InvalidRequest, UnknownClient
from mock_okta.oauth.requests import ClientCredentials
from mock_okta.storage import Storage

__all__ = ["CLIENT_AUTHENTICATION_METHODS", "ClientAuthentication"]

CLIENT_AUTHENTICATION_METHODS = ("client_secret_basic", "client_secret_post", "none")

_NO_CREDENTIALS = "No client credentials found."
_WRONG_SECRET = "The client secret supplied for a confidential client is invalid."  # noqa: S105 -- a text
_SEVERAL = (
    "Cannot supply multiple client credentials. Use one of the following: credentials in the "
    "Authorization header, credentials in the post body, or a client_assertion in the post body."
)
_REMARKS: Mapping[str, str] = MappingProxyType(
    {
        "missing": "the client is confidential: send its secret, or make it 'spa' or 'native'",
        "unwanted": "the client is public: it has no secret; make it 'web' to give it one",
        "wrong": "the client_secret is not the seed's",
    }
)


@dataclass(frozen=True)
class ClientAuthentication:
    """Finds the client and checks its secret; basic and post are taken either way."""

    storage: Storage

    async def authenticate(self, credentials: ClientCredentials) -> Client:
        """Return the client; raise UnknownClient, InvalidClient or InvalidRequest."""
        client_id_is_given_once(credentials)
        client_id = credentials.basic_id or credentials.body_id
        if client_id is None:
            raise InvalidClient(_NO_CREDENTIALS)
        client = await self.storage.clients.get(client_id)
        if client is None:
            raise UnknownClient(client_id)
        secret_matches(client, credentials.basic_secret or credentials.body_secret)
        return client


def client_id_is_given_once(credentials: ClientCredentials) -> None:
    """RFC 6749 2.3: no more than one authentication method in a request."""
    if credentials.basic_secret is not None and credentials.body_secret is not None:
        raise InvalidRequest(_SEVERAL)
    ids = {credentials.basic_id, credentials.body_id} - {None}
    if len(ids) > 1:
        raise InvalidRequest(_SEVERAL)


def secret_matches(client: Client, secret: str | None) -> None:
    """RFC 6749 2.3.1; a public client has none to show."""
    if client.client_secret is None:
        if secret is not None:
            raise InvalidClient(_WRONG_SECRET, remark=_REMARKS["unwanted"])
        return
    if secret is None:
        raise InvalidClient(_WRONG_SECRET, remark=_REMARKS["missing"])
    if not hmac.compare_digest(client.client_secret.encode(), secret.encode()):
        raise InvalidClient(_WRONG_SECRET, remark=_REMARKS["wrong"])
