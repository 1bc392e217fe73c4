"""Builds the authorization servers' endpoints."""

from itertools import chain

from mock_okta.app.parts import Parts
from mock_okta.oauth.authorization.consent import Consents
from mock_okta.oauth.authorization.deciding import Tools
from mock_okta.oauth.authorization.detours import Detours
from mock_okta.oauth.authorization.issuing import Issuing
from mock_okta.oauth.authorization.parking import Parking
from mock_okta.oauth.authorization.pushed import PushedAuthorizations
from mock_okta.oauth.authorization.request_object import RequestObjects
from mock_okta.oauth.client_assertion import ClientAssertions
from mock_okta.oauth.client_authentication import ClientAuthentication
from mock_okta.oauth.devices import Devices
from mock_okta.oauth.dpop import DpopProofs
from mock_okta.oauth.dpop_nonces import DpopNonces
from mock_okta.oauth.endpoints.activate import ActivateEndpoint
from mock_okta.oauth.endpoints.authorize import AuthorizeEndpoint
from mock_okta.oauth.endpoints.device import DeviceEndpoint
from mock_okta.oauth.endpoints.discovery import DiscoveryEndpoint
from mock_okta.oauth.endpoints.global_token_revocation import GlobalTokenRevocationEndpoint
from mock_okta.oauth.endpoints.introspect import IntrospectEndpoint
from mock_okta.oauth.endpoints.keys import KeysEndpoint
from mock_okta.oauth.endpoints.logout import LogoutEndpoint
from mock_okta.oauth.endpoints.par import ParEndpoint
from mock_okta.oauth.endpoints.revoke import RevokeEndpoint
from mock_okta.oauth.endpoints.token import TokenEndpoint
from mock_okta.oauth.endpoints.userinfo import UserinfoEndpoint
from mock_okta.oauth.grants import GRANTS, GrantParts
from mock_okta.oauth.jwks import ClientKeys
from mock_okta.services.testing.faults import planned_oauth_error
from mock_okta.services.tokens.revocation import Revocations
from mock_okta.services.users.user_revocation import UserRevocations
from mock_okta.web.api_tokens import ApiTokens
from mock_okta.web.routing import Endpoint, Route

__all__ = ["oauth_routes"]


def oauth_routes(parts: Parts) -> tuple[Route, ...]:
    """Return what the authorization servers serve; discovery names it."""
    served = tuple(chain.from_iterable(e.routes() for e in _oauth_endpoints(parts)))
    discovery = DiscoveryEndpoint(
        storage=parts.storage,
        servers=parts.servers,
        keys=parts.keys,
        clock=parts.clock,
        advertised=served,
    )
    # The router tries those below one prefix in their order: first what is asked for most.
    return (*served, *discovery.routes())


def _oauth_endpoints(parts: Parts) -> tuple[Endpoint, ...]:
    client_authentication = ClientAuthentication(
        storage=parts.storage,
        assertions=ClientAssertions(storage=parts.storage, keys=ClientKeys(), clock=parts.clock),
        url=parts.site.url,
    )
    dpop = DpopProofs(
        storage=parts.storage,
        clock=parts.clock,
        nonces=DpopNonces(clock=parts.clock, secret=parts.ids.opaque()),
        url=parts.site.url,
    )
    return (
        *_token_endpoints(parts, client_authentication, dpop),
        *_authorize_endpoints(parts, client_authentication, dpop),
        *_device_endpoints(parts, client_authentication),
        *_revoking_endpoints(parts, client_authentication),
        KeysEndpoint(servers=parts.servers, keys=parts.keys, clock=parts.clock),
        LogoutEndpoint(
            storage=parts.storage,
            servers=parts.servers,
            sessions=parts.sessions,
            tokens=parts.tokens,
            cookies=parts.cookies,
            site=parts.site,
        ),
    )


def _token_endpoints(
    parts: Parts, client_authentication: ClientAuthentication, dpop: DpopProofs
) -> tuple[Endpoint, ...]:
    """Return where tokens are issued, and where they are shown for claims."""
    grant_parts = GrantParts(
        storage=parts.storage,
        clock=parts.clock,
        ids=parts.ids,
        tokens=parts.tokens,
        password_sign_in=parts.password_sign_in,
        keys=ClientKeys(),
    )
    token = TokenEndpoint(
        servers=parts.servers,
        client_authentication=client_authentication,
        grants={name: grant(grant_parts) for name, grant in GRANTS.items()},
        dpop=dpop,
        site=parts.site,
    )
    userinfo = UserinfoEndpoint(
        storage=parts.storage,
        servers=parts.servers,
        tokens=parts.tokens,
        dpop=dpop,
        site=parts.site,
    )
    return token, userinfo


def _revoking_endpoints(
    parts: Parts, client_authentication: ClientAuthentication
) -> tuple[Endpoint, ...]:
    """Return where tokens are asked about and ended."""
    storage, servers, tokens = parts.storage, parts.servers, parts.tokens
    revocations = Revocations(storage=storage, clock=parts.clock, ids=parts.ids)
    return (
        IntrospectEndpoint(
            storage=storage,
            servers=servers,
            client_authentication=client_authentication,
            tokens=tokens,
        ),
        RevokeEndpoint(
            storage=storage,
            servers=servers,
            client_authentication=client_authentication,
            tokens=tokens,
        ),
        GlobalTokenRevocationEndpoint(
            storage=storage,
            api_tokens=ApiTokens(storage),
            issuers=parts.issuers,
            revocations=UserRevocations(storage=storage, revocations=revocations),
        ),
    )


def _authorize_endpoints(
    parts: Parts, client_authentication: ClientAuthentication, dpop: DpopProofs
) -> tuple[Endpoint, ...]:
    """Return the authorization endpoint and the one that its requests are pushed to."""
    storage, clock, ids = parts.storage, parts.clock, parts.ids
    pushed = PushedAuthorizations(storage=storage, clock=clock, ids=ids)
    request_objects = RequestObjects(storage=storage, keys=ClientKeys(), clock=clock)
    parking = Parking(storage=storage, clock=clock, ids=ids)
    tools = Tools(
        clock=clock,
        sessions=parts.sessions,
        requirements=parts.requirements,
        issuing=Issuing(storage=storage, tokens=parts.tokens, clock=clock, ids=ids),
        consents=Consents(storage=storage),
    )
    authorize = AuthorizeEndpoint(
        storage=storage,
        servers=parts.servers,
        cookies=parts.cookies,
        site=parts.site,
        pushed=pushed,
        request_objects=request_objects,
        parking=parking,
        tools=tools,
        detours=Detours(storage=storage, parking=parking, engine=parts.engine),
        installed_widget=parts.installed_widget,
        planned_error=planned_oauth_error,
    )
    par = ParEndpoint(
        servers=parts.servers,
        client_authentication=client_authentication,
        request_objects=request_objects,
        pushed=pushed,
        dpop=dpop,
    )
    return authorize, par


def _device_endpoints(
    parts: Parts, client_authentication: ClientAuthentication
) -> tuple[Endpoint, ...]:
    """Return where a device asks, and where a person allows it."""
    devices = Devices(storage=parts.storage, clock=parts.clock, ids=parts.ids)
    device = DeviceEndpoint(
        servers=parts.servers,
        client_authentication=client_authentication,
        devices=devices,
        site=parts.site,
    )
    activate = ActivateEndpoint(
        storage=parts.storage,
        devices=devices,
        sessions=parts.sessions,
        cookies=parts.cookies,
        site=parts.site,
    )
    return device, activate
