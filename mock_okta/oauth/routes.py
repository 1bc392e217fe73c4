"""What the authorization servers serve, at one of the org's names."""

from collections.abc import Awaitable, Callable
from itertools import chain

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
from mock_okta.oauth.endpoints.interact import InteractEndpoint
from mock_okta.oauth.endpoints.introspect import IntrospectEndpoint
from mock_okta.oauth.endpoints.keys import KeysEndpoint
from mock_okta.oauth.endpoints.logout import LogoutEndpoint
from mock_okta.oauth.endpoints.par import ParEndpoint
from mock_okta.oauth.endpoints.revoke import RevokeEndpoint
from mock_okta.oauth.endpoints.token import TokenEndpoint
from mock_okta.oauth.endpoints.userinfo import UserinfoEndpoint
from mock_okta.oauth.grants import grants_of
from mock_okta.oauth.jwks import ClientKeys
from mock_okta.oauth.servers import Servers
from mock_okta.services.services import Services
from mock_okta.services.sign_in.engine import Engine
from mock_okta.web.api_tokens import ApiTokens
from mock_okta.web.cookies import Cookies
from mock_okta.web.hosted_pages import HostedWidget
from mock_okta.web.routing import Endpoint, Route

__all__ = ["routes"]


def routes(
    services: Services,
    cookies: Cookies,
    engine: Engine,
    installed_widget: Callable[[], Awaitable[HostedWidget | None]],
) -> tuple[Route, ...]:
    """Return what the authorization servers serve; discovery names it.

    `installed_widget`: gives the release on the org's own pages; None while it is not installed.
    """
    storage, clock, ids, keys = services.storage, services.clock, services.ids, services.keys
    site, tokens, sessions = cookies.site, services.tokens, services.sessions
    client_keys, servers = ClientKeys(), Servers(storage, services.issuers)
    client_authentication = ClientAuthentication(
        storage=storage,
        assertions=ClientAssertions(storage=storage, keys=client_keys, clock=clock),
        url=site.url,
    )
    dpop = DpopProofs(
        storage=storage,
        clock=clock,
        nonces=DpopNonces(storage=storage, clock=clock, ids=ids),
        url=site.url,
    )
    devices = Devices(storage=storage, clock=clock, ids=ids)
    parking = Parking(storage=storage, clock=clock, ids=ids)
    pushed = PushedAuthorizations(storage=storage, clock=clock, ids=ids)
    request_objects = RequestObjects(storage=storage, keys=client_keys, clock=clock)
    grants = grants_of(services, client_keys)
    endpoints: tuple[Endpoint, ...] = (
        TokenEndpoint(
            servers=servers,
            client_authentication=client_authentication,
            grants=grants,
            dpop=dpop,
            site=site,
        ),
        UserinfoEndpoint(storage=storage, servers=servers, tokens=tokens, dpop=dpop, site=site),
        AuthorizeEndpoint(
            storage=storage,
            servers=servers,
            cookies=cookies,
            site=site,
            pushed=pushed,
            request_objects=request_objects,
            parking=parking,
            tools=Tools(
                clock=clock,
                sessions=sessions,
                requirements=services.requirements,
                policies=services.policies,
                issuing=Issuing(storage=storage, tokens=tokens, clock=clock, ids=ids),
                consents=services.consents,
            ),
            detours=Detours(storage=storage, parking=parking, engine=engine),
            installed_widget=installed_widget,
            planned_error=services.faults.planned_oauth_error,
        ),
        ParEndpoint(
            servers=servers,
            client_authentication=client_authentication,
            request_objects=request_objects,
            pushed=pushed,
            dpop=dpop,
        ),
        DeviceEndpoint(
            servers=servers,
            client_authentication=client_authentication,
            devices=devices,
            site=site,
        ),
        ActivateEndpoint(
            storage=storage, devices=devices, sessions=sessions, cookies=cookies, site=site
        ),
        InteractEndpoint(
            storage=storage,
            servers=servers,
            client_authentication=client_authentication,
            recoveries=services.recoveries,
            clock=clock,
            ids=ids,
            is_identity_engine=services.engine == "identity",
        ),
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
            issuers=services.issuers,
            revocations=services.user_revocations,
        ),
        KeysEndpoint(servers=servers, keys=keys, clock=clock),
        LogoutEndpoint(
            storage=storage,
            servers=servers,
            sessions=sessions,
            tokens=tokens,
            cookies=cookies,
            site=site,
        ),
    )
    served = tuple(chain.from_iterable(each.routes() for each in endpoints))
    discovery = DiscoveryEndpoint(
        storage=storage,
        servers=servers,
        keys=keys,
        clock=clock,
        advertised=served,
        grant_types=tuple(grants),
    )
    # The router tries those below one prefix in their order: first what is asked for most.
    return (*served, *discovery.routes())
