"""Apps of a seed as records."""

from mock_okta.ids import derived_secret
from mock_okta.model.authorization_servers import IssuerMode
from mock_okta.model.clients import (
    AppUris,
    Client,
    ClientAuthenticationMethod,
    ClientSettings,
    ClientType,
    RefreshTokenSettings,
)
from mock_okta.model.seed import SeedClient, client_id_of

__all__ = ["client_of"]

_CLIENT_TYPES = {
    "spa": ClientType.SPA,
    "web": ClientType.WEB,
    "native": ClientType.NATIVE,
    "service": ClientType.SERVICE,
}


def client_of(seed: SeedClient) -> Client:
    """Return the client that the seed describes, id and secret filled in."""
    client_id = client_id_of(seed)
    method = ClientAuthenticationMethod(seed.authentication_method)
    has_secret = seed.authentication_method.startswith("client_secret")
    secret = seed.client_secret or derived_secret(client_id)
    # The console's choice for public clients is ROTATE, for the others STATIC.
    is_public = method is ClientAuthenticationMethod.NONE
    rotation = RefreshTokenSettings(rotation_type="ROTATE" if is_public else "STATIC")
    settings = {name: getattr(seed, name) for name in ClientSettings.__struct_fields__}
    return Client(
        **settings,
        client_id=client_id,
        type=_CLIENT_TYPES[seed.type],
        authentication_method=method,
        client_secret=secret if has_secret else None,
        grant_types=frozenset(seed.allowed_grant_types),
        requires_consent=seed.consent_method == "REQUIRED",
        granular_consent=seed.granular_consent,
        is_for_everybody=not seed.assigned_users and not seed.assigned_groups,
        okta_scopes=frozenset(seed.okta_scopes),
        refresh_token=seed.refresh_token or rotation,
        requires_pkce=is_public or bool(seed.pkce_required),
        has_wildcards=seed.wildcard_redirect == "SUBDOMAIN",
        uris=AppUris(
            logo=seed.logo_uri,
            home=seed.client_uri,
            terms=seed.tos_uri,
            privacy=seed.policy_uri,
        ),
        issuer_mode=IssuerMode(seed.issuer_mode),
    )
