"""What /token gives tokens for: GRANTS maps a `grant_type` to its grant, one module each."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mock_okta.oauth.grants.authorization_code import AuthorizationCodeGrant
from mock_okta.oauth.grants.client_credentials import ClientCredentialsGrant
from mock_okta.oauth.grants.grant import Grant, GrantParts
from mock_okta.oauth.grants.refresh_token import RefreshTokenGrant

__all__ = ["GRANTS", "Grant", "GrantParts"]

GRANTS: Mapping[str, Callable[[GrantParts], Grant]] = MappingProxyType(
    {
        "authorization_code": AuthorizationCodeGrant,
        "refresh_token": RefreshTokenGrant,
        "client_credentials": ClientCredentialsGrant,
    }
)
