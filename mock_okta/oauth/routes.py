"""The routes of the authorization servers, at one of the org's names."""

from collections.abc import Awaitable, Callable, Mapping
from itertools import chain

from msgspec import Struct

from mock_okta.oauth.authorization.deciding import Tools
from mock_okta.oauth.authorization.detours import Detours
from mock_okta.oauth.authorization.issuing import Issuing
from mock_okta.oauth.authorization.parking import Parking
from mock_okta.oauth.authorization.pushed import PushedAuthorizations
from mock_okta.oauth.authorization.request_object import RequestObjects
from mock_okta.oauth.client_assertion import ClientAssertions
from mock_okta.oauth.client_authentication import ClientAuthentication
from mock_okta.oauth.dpop import DpopProofs
from mock_okta.oauth.dpop_nonces import DpopNonces
from mock_okta.oauth.endpoints.activate import ActivateEndpoint
from mock_okta.oauth.endpoints.authorize import AuthorizeEndpoint
from mock_okta.oauth.endpoints.device import DeviceEndpoint
from mock_okta.oauth.endpoints.discovery import DiscoveryEndpoint
from mock_okta.oauth.endpoints.global_token_revocation import GlobalTokenRevocationEndpoint
from mock_okta.oauth.endpoints.interact import InteractEndpoint
from mock_okta.oauth.endpoints.introspect import IntrospectEndpoint
from mock_okta.oauth.endpoints.keys import KeysEndpoint
from mock_okta.oauth.endpoints.logout import LogoutEndpoint
from mock_okta.oauth.endpoints.par import ParEndpoint
from mock_okta.oauth.endpoints.revoke import RevokeEndpoint
from mock_okta.oauth.endpoints.token import TokenEndpoint
from mock_okta.oauth.endpoints.userinfo import UserinfoEndpoint
from mock_okta.oauth.grants import Grant, grants_of
from mock_okta.oauth.jwks import ClientKeys
from mock_okta.oauth.servers import Servers
from mock_okta.services.services import Services
from mock_okta.services.sign_in.devices import Devices
from mock_okta.services.sign_in.engine import Engine
from mock_okta.web.api_tokens import ApiTokens
from mock_okta.web.cookies import Cookies
from mock_okta.web.hosted_pages import HostedWidget
from mock_okta.web.routing import Endpoint, Route

__all__ = ["routes"]


class _Shared(Struct, frozen=True, kw_only=True):
    """What several endpoints are made of."""

    services: Services
    cookies: Cookies
    servers: Servers
    client_authentication: ClientAuthentication
    dpop: DpopProofs
    devices: Devices
    pushed: PushedAuthorizations
    request_objects: RequestObjects


def routes(
    services: Services,
    cookies: Cookies,
    engine: Engine,
    installed_widget: Callable[[], Awaitable[HostedWidget | None]],
) -> tuple[Route, ...]:
    """Return the routes of the authorization servers, which discovery names.

    `installed_widget`: gives the release on the org's own pages; None while it is not installed.
    """
    client_keys = ClientKeys()
    shared, grants = _shared(services, cookies, client_keys), grants_of(services, client_keys)
    # The router tries the paths below one prefix in this order: first what is asked for most.
    endpoints = (
        *_for_clients(shared, grants),
        _authorize(shared, engine, installed_widget),
        *_for_tokens(shared),
        *_for_browsers(shared, engine, installed_widget),
    )
    served = tuple(chain.from_iterable(each.routes() for each in endpoints))
    discovery = DiscoveryEndpoint(
        storage=services.storage,
        servers=shared.servers,
        keys=services.keys,
        clock=services.clock,
        advertised=served,
        grant_types=tuple(grants),
    )
    return (*served, *discovery.routes())


def _shared(services: Services, cookies: Cookies, client_keys: ClientKeys) -> _Shared:
    storage, clock, ids, url = services.storage, services.clock, services.ids, cookies.site.url
    return _Shared(
        services=services,
        cookies=cookies,
        servers=Servers(storage, services.issuers),
        client_authentication=ClientAuthentication(
            storage=storage,
            assertions=ClientAssertions(storage=storage, keys=client_keys, clock=clock),
            url=url,
        ),
        dpop=DpopProofs(
            storage=storage,
            clock=clock,
            nonces=DpopNonces(storage=storage, clock=clock, ids=ids),
            url=url,
        ),
        devices=services.devices,
        pushed=PushedAuthorizations(storage=storage, clock=clock, ids=ids),
        request_objects=RequestObjects(storage=storage, keys=client_keys, clock=clock),
    )


def _for_clients(shared: _Shared, grants: Mapping[str, Grant]) -> tuple[Endpoint, ...]:
    """Return where clients begin and end a grant, most of them by authenticating themselves."""
    services, servers = shared.services, shared.servers
    authentication = shared.client_authentication
    return (
        TokenEndpoint(
            servers=servers,
            client_authentication=authentication,
            grants=grants,
            dpop=shared.dpop,
            site=shared.cookies.site,
        ),
        ParEndpoint(
            servers=servers,
            client_authentication=authentication,
            request_objects=shared.request_objects,
            pushed=shared.pushed,
            dpop=shared.dpop,
        ),
        DeviceEndpoint(
            servers=servers,
            client_authentication=authentication,
            devices=shared.devices,
            site=shared.cookies.site,
        ),
        InteractEndpoint(
            storage=services.storage,
            servers=servers,
            client_authentication=authentication,
            recoveries=services.recoveries,
            clock=services.clock,
            ids=services.ids,
            is_identity_engine=services.engine == "identity",
        ),
    )


def _authorize(
    shared: _Shared,
    engine: Engine,
    installed_widget: Callable[[], Awaitable[HostedWidget | None]],
) -> AuthorizeEndpoint:
    services, storage = shared.services, shared.services.storage
    clock, ids = services.clock, services.ids
    parking = Parking(storage=storage, clock=clock, ids=ids)
    return AuthorizeEndpoint(
        storage=storage,
        servers=shared.servers,
        cookies=shared.cookies,
        site=shared.cookies.site,
        pushed=shared.pushed,
        request_objects=shared.request_objects,
        parking=parking,
        tools=Tools(
            clock=clock,
            sessions=services.sessions,
            requirements=services.requirements,
            policies=services.policies,
            issuing=Issuing(storage=storage, tokens=services.tokens, clock=clock, ids=ids),
            consents=services.consents,
        ),
        detours=Detours(storage=storage, parking=parking, engine=engine),
        installed_widget=installed_widget,
        planned_error=services.faults.planned_oauth_error,
    )


def _for_browsers(
    shared: _Shared,
    engine: Engine,
    installed_widget: Callable[[], Awaitable[HostedWidget | None]],
) -> tuple[Endpoint, ...]:
    """Return what a signed-in user comes to: allowing a device, and signing out."""
    services, cookies = shared.services, shared.cookies
    storage, sessions = services.storage, services.sessions
    return (
        ActivateEndpoint(
            storage=storage,
            engine=engine,
            devices=shared.devices,
            installed_widget=installed_widget,
            sessions=sessions,
            cookies=cookies,
            site=cookies.site,
        ),
        LogoutEndpoint(
            storage=storage,
            servers=shared.servers,
            sessions=sessions,
            tokens=services.tokens,
            cookies=cookies,
            site=cookies.site,
        ),
    )


def _for_tokens(shared: _Shared) -> tuple[Endpoint, ...]:
    """Return what is done with tokens: used, checked, and ended."""
    services, servers = shared.services, shared.servers
    storage, tokens = services.storage, services.tokens
    authentication = shared.client_authentication
    return (
        UserinfoEndpoint(
            storage=storage,
            servers=servers,
            tokens=tokens,
            dpop=shared.dpop,
            site=shared.cookies.site,
        ),
        IntrospectEndpoint(
            storage=storage, servers=servers, client_authentication=authentication, tokens=tokens
        ),
        RevokeEndpoint(
            storage=storage, servers=servers, client_authentication=authentication, tokens=tokens
        ),
        GlobalTokenRevocationEndpoint(
            storage=storage,
            api_tokens=ApiTokens(storage),
            issuers=services.issuers,
            revocations=services.user_revocations,
        ),
        KeysEndpoint(servers=servers, keys=services.keys, clock=services.clock),
    )
