"""The grants of /token: one module for each `grant_type`."""

from collections.abc import Mapping

from mock_okta.oauth.access import Access
from mock_okta.oauth.grants.authorization_code import AuthorizationCodeGrant
from mock_okta.oauth.grants.client_credentials import ClientCredentialsGrant
from mock_okta.oauth.grants.device_code import DEVICE_CODE, DeviceCodeGrant
from mock_okta.oauth.grants.grant import Grant
from mock_okta.oauth.grants.interaction_code import INTERACTION_CODE, InteractionCodeGrant
from mock_okta.oauth.grants.jwt_bearer import JWT_BEARER, JwtBearerGrant
from mock_okta.oauth.grants.password import PasswordGrant
from mock_okta.oauth.grants.refresh_token import RefreshTokenGrant
from mock_okta.oauth.grants.token_exchange import TOKEN_EXCHANGE, TokenExchangeGrant
from mock_okta.oauth.jwks import ClientKeys
from mock_okta.services.services import Services

__all__ = ["UNADVERTISED_GRANTS", "Grant", "grants_of"]

UNADVERTISED_GRANTS = (TOKEN_EXCHANGE, JWT_BEARER, INTERACTION_CODE)
"""What works, though Okta's discovery leaves it out."""


def grants_of(services: Services, keys: ClientKeys) -> Mapping[str, Grant]:
    """Return all grants by `grant_type`, in the order of Okta's discovery."""
    storage, clock, tokens = services.storage, services.clock, services.tokens
    access = Access(storage)
    return {
        "authorization_code": AuthorizationCodeGrant(storage=storage, clock=clock, tokens=tokens),
        "refresh_token": RefreshTokenGrant(access=access, tokens=tokens),
        "password": PasswordGrant(
            access=access, clock=clock, tokens=tokens, password_sign_in=services.password_sign_in
        ),
        "client_credentials": ClientCredentialsGrant(access=access, tokens=tokens),
        DEVICE_CODE: DeviceCodeGrant(
            storage=storage,
            clock=clock,
            devices=services.devices,
            tokens=tokens,
        ),
        TOKEN_EXCHANGE: TokenExchangeGrant(access=access, storage=storage, tokens=tokens),
        JWT_BEARER: JwtBearerGrant(
            access=access, storage=storage, clock=clock, tokens=tokens, keys=keys
        ),
        INTERACTION_CODE: InteractionCodeGrant(
            access=access, storage=storage, clock=clock, tokens=tokens
        ),
    }
