"""What /token gives tokens for: GRANTS maps a `grant_type` to its grant, one module each."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mock_okta.oauth.grants.authorization_code import AuthorizationCodeGrant
from mock_okta.oauth.grants.client_credentials import ClientCredentialsGrant
from mock_okta.oauth.grants.device_code import DEVICE_CODE, DeviceCodeGrant
from mock_okta.oauth.grants.grant import Grant, GrantParts
from mock_okta.oauth.grants.jwt_bearer import JWT_BEARER, JwtBearerGrant
from mock_okta.oauth.grants.password import PasswordGrant
from mock_okta.oauth.grants.refresh_token import RefreshTokenGrant
from mock_okta.oauth.grants.token_exchange import TOKEN_EXCHANGE, TokenExchangeGrant

__all__ = ["GRANTS", "UNADVERTISED_GRANTS", "Grant", "GrantParts"]

GRANTS: Mapping[str, Callable[[GrantParts], Grant]] = MappingProxyType(
    {
        "authorization_code": AuthorizationCodeGrant,
        "refresh_token": RefreshTokenGrant,
        "password": PasswordGrant,
        "client_credentials": ClientCredentialsGrant,
        DEVICE_CODE: DeviceCodeGrant,
        TOKEN_EXCHANGE: TokenExchangeGrant,
        JWT_BEARER: JwtBearerGrant,
    }
)
"""In the order of Okta's discovery."""

UNADVERTISED_GRANTS = (TOKEN_EXCHANGE, JWT_BEARER)
"""What works at custom authorization servers, though Okta's discovery leaves it out."""
