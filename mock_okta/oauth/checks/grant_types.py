"""Rules about which client may use which grant, and where (RFC 6749 5.2; facts/oauth A.1, D.4)."""

from mock_okta.model.authorization_servers import AuthorizationServer
from mock_okta.model.clients import Client
from mock_okta.model.seed.grant_types import types_with
from mock_okta.oauth.errors import UnauthorizedClient, UnsupportedGrantType

__all__ = ["grant_type_is_allowed", "server_is_custom"]


def grant_type_is_allowed(client: Client, grant_type: str) -> None:
    """RFC 6749 5.2."""
    if grant_type not in client.grant_types:
        raise UnauthorizedClient(
            "The client is not authorized to use the provided grant type. "
            f"Configured grant types: [{', '.join(sorted(client.grant_types))}].",
            remark=_remedy(client, grant_type),
        )


def _remedy(client: Client, grant_type: str) -> str:
    """Return what to change for the grant type: some types of client cannot have it."""
    kinds = types_with(grant_type)
    if client.type.name.lower() not in kinds:
        return (
            f"client {client.client_id} cannot have the grant type {grant_type!r}, for its type: "
            f"use one of type {', '.join(kinds[:-1])} or {kinds[-1]}"
        )
    if client.is_public and grant_type == "client_credentials":
        return (
            f"add {grant_type!r} to the grant_types of client {client.client_id}, and let it "
            "authenticate with token_endpoint_auth_method 'client_secret_basic'"
        )
    return f"add {grant_type!r} to the grant_types of client {client.client_id}"


def server_is_custom(server: AuthorizationServer, grant_type: str) -> None:
    """facts/oauth A.1, D.10, D.11: only custom authorization servers have these grants."""
    if server.is_org:
        raise UnsupportedGrantType(
            "The authorization grant type is not supported by the authorization server.",
            remark=f"{grant_type!r} only works at custom authorization servers: use one, "
            "such as 'default'",
        )
