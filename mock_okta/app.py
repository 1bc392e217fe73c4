"""The composition root: the only module that names every part."""

import asyncio
from dataclasses import dataclass
from itertools import chain

from aiohttp import web

from mock_okta.authn.endpoints import AuthnEndpoint
from mock_okta.authn.parts import Parts as AuthnParts
from mock_okta.authn.registration import RegistrationEndpoint
from mock_okta.authn.responses import Responses as AuthnResponses
from mock_okta.authn.transitions import operations_in
from mock_okta.authn.user_factors import UserFactorsEndpoint
from mock_okta.authn.welcome import WelcomeEndpoint
from mock_okta.clock import Clock
from mock_okta.config import Config
from mock_okta.control.api import ControlApi
from mock_okta.control.clock import ClockResource
from mock_okta.control.faults import FaultsResource
from mock_okta.control.guard import Guard, is_loopback
from mock_okta.control.health import HealthResource
from mock_okta.control.keys import KeysResource
from mock_okta.control.lifecycle import LifecycleResource
from mock_okta.control.minting import MintingResource
from mock_okta.control.operations import Resource
from mock_okta.control.org import OrgResource
from mock_okta.control.outbox import OutboxResource
from mock_okta.control.push import PushResource
from mock_okta.control.removal import RemovalResource
from mock_okta.control.requests import RequestsResource
from mock_okta.control.revocation import RevocationResource
from mock_okta.control.seed import SeedResource
from mock_okta.control.sessions import SessionsResource
from mock_okta.control.snapshots import SnapshotsResource
from mock_okta.ids import Ids, derived_id
from mock_okta.management.app_links import AppLinksEndpoint
from mock_okta.management.endpoints import OrganizationEndpoint, UsersEndpoint
from mock_okta.management.webfinger import WebFingerEndpoint
from mock_okta.oauth.authorization.consent import Consents
from mock_okta.oauth.authorization.issuing import Issuing
from mock_okta.oauth.authorization.parking import Parking
from mock_okta.oauth.authorization.pushed import PushedAuthorizations
from mock_okta.oauth.authorization.request_object import RequestObjects
from mock_okta.oauth.authorization.step_up import StepUps
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
from mock_okta.oauth.servers import Servers
from mock_okta.services.callers import Callers
from mock_okta.services.credentials import Credentials
from mock_okta.services.external_sign_in import ExternalSignIn
from mock_okta.services.factors import FactorParts, Factors
from mock_okta.services.faults import Faults
from mock_okta.services.key_ring import KeyPool, KeyRing
from mock_okta.services.lifecycle import Lifecycle
from mock_okta.services.minting import Minting
from mock_okta.services.org_state import OrgState
from mock_okta.services.outbox import Outbox
from mock_okta.services.passcodes import Passcodes
from mock_okta.services.password_sign_in import PasswordSignIn
from mock_okta.services.passwords import Passwords
from mock_okta.services.policies import Policies
from mock_okta.services.pushes import Pushes
from mock_okta.services.recovery import Recoveries
from mock_okta.services.registration import Registrations
from mock_okta.services.removal import Removals
from mock_okta.services.requirements import Requirements
from mock_okta.services.revocation import Revocations
from mock_okta.services.seeding import Seeding
from mock_okta.services.sign_in import SignIn
from mock_okta.services.tokens import Tokens
from mock_okta.services.traffic import Traffic
from mock_okta.services.transactions import Transactions
from mock_okta.services.user_revocation import UserRevocations
from mock_okta.sessions.browser import BrowserSessionEndpoint
from mock_okta.sessions.endpoints import SessionsEndpoint
from mock_okta.sessions.identity_providers import IdentityProvidersEndpoint
from mock_okta.sessions.step_up import StepUpEndpoint
from mock_okta.storage import Storage
from mock_okta.web.api_tokens import ApiTokens
from mock_okta.web.cookies import Cookies
from mock_okta.web.destinations import Destinations
from mock_okta.web.middleware.answers import Answers
from mock_okta.web.middleware.cross_origin import CrossOrigin
from mock_okta.web.middleware.errors import rendered_errors
from mock_okta.web.middleware.faults import PlannedFaults
from mock_okta.web.middleware.rate_limits import RateLimits
from mock_okta.web.middleware.recording import Recording
from mock_okta.web.routing import Endpoint, Route, add_routes
from mock_okta.web.site import LOOPBACK_NAMES, Site
from mock_okta.widget.assets import WidgetAssets
from mock_okta.widget.devices import DevicesEndpoint
from mock_okta.widget.hosted import HostedPages
from mock_okta.widget.releases import Releases, default_directory

__all__ = ["build_app"]

_LARGEST_BODY = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """What the endpoints are made of."""

    config: Config
    releases: Releases
    site: Site
    storage: Storage
    clock: Clock
    ids: Ids
    org_id: str
    keys: KeyRing
    outbox: Outbox
    sign_in: SignIn
    policies: Policies
    credentials: Credentials
    recoveries: Recoveries
    lifecycle: Lifecycle
    requirements: Requirements
    transactions: Transactions
    password_sign_in: PasswordSignIn
    external: ExternalSignIn
    tokens: Tokens
    cookies: Cookies
    servers: Servers
    traffic: Traffic
    faults: Faults

    async def installed_widget(self) -> str | None:
        """Return the version on the org's own pages; None while it is not installed."""
        version = self.config.widget_version
        found = await asyncio.to_thread(self.releases.find, version)
        return None if found is None else version


def build_app(
    config: Config, url: str, storage: Storage, clock: Clock, pool: KeyPool
) -> web.Application:
    """Return the org at `url` as an aiohttp application; it is filled when it starts."""
    parts = _parts(config, url, storage, clock, pool)
    state = OrgState(
        storage=storage,
        clock=clock,
        keys=parts.keys,
        seeding=Seeding(storage=storage, clock=clock, url=url),
        seed=config.seed,
        forgets=(parts.traffic.clear, parts.faults.clear),
    )
    routes = [*_oauth_routes(parts), *_user_routes(parts)]
    if config.control:
        routes.extend(_control(parts, state).routes())
    recording = Recording(traffic=parts.traffic, clock=clock)
    planned_faults = PlannedFaults(
        faults=parts.faults,
        callers=Callers(storage, parts.cookies.session_name),
        keys=parts.keys,
        clock=clock,
    )
    app = web.Application(
        client_max_size=_LARGEST_BODY,
        middlewares=[
            Answers(ids=parts.ids, clock=clock).middleware(),
            *([recording.middleware()] if config.control else []),
            CrossOrigin(storage=storage, site=parts.site).middleware(),
            *([planned_faults.middleware()] if config.control else []),
            RateLimits(storage=storage, clock=clock).middleware(),
            rendered_errors,
        ],
    )
    app.on_shutdown.append(planned_faults.end)
    app.on_response_prepare.append(Answers.bare)
    add_routes(app, routes)

    async def fill(_: web.Application) -> None:
        await state.start()

    app.on_startup.append(fill)
    return app


def _parts(config: Config, url: str, storage: Storage, clock: Clock, pool: KeyPool) -> _Parts:
    ids, keys = Ids(config.id_seed), KeyRing(pool, clock)
    names = LOOPBACK_NAMES | {config.hostname, config.host, *config.tls_names}
    site = Site(url=url, names=frozenset(names))
    org_id = derived_id("00o", config.seed.org.name)
    outbox = Outbox(storage=storage, clock=clock, ids=ids)
    sign_in = SignIn(
        storage=storage,
        clock=clock,
        ids=ids,
        outbox=outbox,
        new_sign_on_emails=config.seed.org.new_sign_on_emails,
    )
    policies = Policies(storage=storage)
    credentials = Credentials(storage=storage, clock=clock, policies=policies)
    recoveries = Recoveries(
        storage=storage,
        clock=clock,
        ids=ids,
        policies=policies,
        credentials=credentials,
        outbox=outbox,
        url=url,
    )
    requirements = Requirements(storage=storage, clock=clock, policies=policies)
    transactions = Transactions(storage=storage, clock=clock, ids=ids)
    return _Parts(
        config=config,
        releases=Releases(config.widget_dir or default_directory()),
        site=site,
        storage=storage,
        clock=clock,
        ids=ids,
        org_id=org_id,
        keys=keys,
        outbox=outbox,
        sign_in=sign_in,
        policies=policies,
        credentials=credentials,
        recoveries=recoveries,
        lifecycle=_lifecycle(storage, clock, ids, credentials, recoveries),
        requirements=requirements,
        transactions=transactions,
        password_sign_in=PasswordSignIn(
            credentials=credentials, requirements=requirements, transactions=transactions
        ),
        external=ExternalSignIn(storage=storage, clock=clock, ids=ids, credentials=credentials),
        tokens=Tokens(storage=storage, keys=keys, clock=clock, ids=ids, org_id=org_id),
        cookies=Cookies(site=site, ids=ids, sign_in=sign_in, suffix=config.cookie_suffix),
        servers=Servers(storage),
        traffic=Traffic(),
        faults=Faults(ids),
    )


def _lifecycle(
    storage: Storage, clock: Clock, ids: Ids, credentials: Credentials, recoveries: Recoveries
) -> Lifecycle:
    revocations = Revocations(storage=storage, clock=clock, ids=ids)
    return Lifecycle(
        storage=storage,
        clock=clock,
        credentials=credentials,
        recoveries=recoveries,
        revocations=UserRevocations(storage=storage, revocations=revocations),
    )


def _oauth_routes(parts: _Parts) -> tuple[Route, ...]:
    served = tuple(chain.from_iterable(e.routes() for e in _oauth_endpoints(parts)))
    discovery = DiscoveryEndpoint(
        storage=parts.storage,
        servers=parts.servers,
        keys=parts.keys,
        clock=parts.clock,
        url=parts.site.url,
        advertised=served,
    )
    # The router tries those below one prefix in their order: first what is asked for most.
    return (*served, *discovery.routes())


def _oauth_endpoints(parts: _Parts) -> tuple[Endpoint, ...]:
    client_authentication = ClientAuthentication(
        storage=parts.storage,
        assertions=ClientAssertions(storage=parts.storage, keys=ClientKeys(), clock=parts.clock),
        url=parts.site.url,
    )
    return (
        *_token_endpoints(parts, client_authentication),
        *_authorize_endpoints(parts, client_authentication),
        *_device_endpoints(parts, client_authentication),
        *_revoking_endpoints(parts, client_authentication),
        KeysEndpoint(servers=parts.servers, keys=parts.keys, clock=parts.clock),
        LogoutEndpoint(
            storage=parts.storage,
            servers=parts.servers,
            sign_in=parts.sign_in,
            tokens=parts.tokens,
            cookies=parts.cookies,
            site=parts.site,
        ),
    )


def _token_endpoints(
    parts: _Parts, client_authentication: ClientAuthentication
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
    dpop = DpopProofs(
        storage=parts.storage,
        clock=parts.clock,
        nonces=DpopNonces(clock=parts.clock, secret=parts.ids.opaque()),
        url=parts.site.url,
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
    parts: _Parts, client_authentication: ClientAuthentication
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
            revocations=UserRevocations(storage=storage, revocations=revocations),
        ),
    )


def _authorize_endpoints(
    parts: _Parts, client_authentication: ClientAuthentication
) -> tuple[Endpoint, ...]:
    """Return the authorization endpoint and the one that its requests are pushed to."""
    storage, clock, ids = parts.storage, parts.clock, parts.ids
    pushed = PushedAuthorizations(storage=storage, clock=clock, ids=ids)
    request_objects = RequestObjects(storage=storage, keys=ClientKeys(), clock=clock)
    authorize = AuthorizeEndpoint(
        storage=storage,
        servers=parts.servers,
        sign_in=parts.sign_in,
        cookies=parts.cookies,
        site=parts.site,
        clock=clock,
        pushed=pushed,
        request_objects=request_objects,
        parking=Parking(storage=storage, clock=clock, ids=ids),
        step_ups=StepUps(requirements=parts.requirements, transactions=parts.transactions),
        consents=Consents(storage=storage, transactions=parts.transactions),
        issuing=Issuing(storage=storage, tokens=parts.tokens, clock=clock, ids=ids),
        installed_widget=parts.installed_widget,
    )
    par = ParEndpoint(
        servers=parts.servers,
        client_authentication=client_authentication,
        request_objects=request_objects,
        pushed=pushed,
    )
    return authorize, par


def _device_endpoints(
    parts: _Parts, client_authentication: ClientAuthentication
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
        sign_in=parts.sign_in,
        cookies=parts.cookies,
        site=parts.site,
    )
    return device, activate


def _user_routes(parts: _Parts) -> tuple[Route, ...]:
    """Return what a browser meets beside the authorization servers."""
    sign_in, cookies, site = parts.sign_in, parts.cookies, parts.site
    releases = parts.releases
    pages = HostedPages(
        storage=parts.storage,
        sign_in=sign_in,
        policies=parts.policies,
        password_sign_in=parts.password_sign_in,
        cookies=cookies,
        site=site,
        releases=releases,
        widget_version=parts.config.widget_version,
        org_name=parts.config.seed.org.name,
    )
    sessions = SessionsEndpoint(
        storage=parts.storage, sign_in=sign_in, cookies=cookies, site=site, org_id=parts.org_id
    )
    app_links = AppLinksEndpoint(storage=parts.storage, sign_in=sign_in, cookies=cookies, site=site)
    webfinger = WebFingerEndpoint(
        external=parts.external,
        destinations=Destinations(storage=parts.storage, site=site),
        site=site,
        org_id=parts.org_id,
        org_name=parts.config.seed.org.name,
    )
    users = UsersEndpoint(sign_in=sign_in, cookies=cookies, site=site, org_id=parts.org_id)
    devices = DevicesEndpoint(
        storage=parts.storage, ids=parts.ids, sign_in=sign_in, cookies=cookies, site=site
    )
    return (
        *chain.from_iterable(each.routes() for each in _authn_endpoints(parts)),
        *sessions.routes(),
        *chain.from_iterable(each.routes() for each in _session_endpoints(parts)),
        *users.routes(),
        *app_links.routes(),
        *webfinger.routes(),
        *OrganizationEndpoint(site=site, org_id=parts.org_id).routes(),
        *pages.routes(),
        *devices.routes(),
        *WidgetAssets(releases=releases).routes(),
    )


def _session_endpoints(parts: _Parts) -> tuple[Endpoint, ...]:
    """Return the browser's ways into a session and out of it."""
    storage, cookies, site = parts.storage, parts.cookies, parts.site
    destinations = Destinations(storage=storage, site=site)
    return (
        BrowserSessionEndpoint(
            sign_in=parts.sign_in, cookies=cookies, destinations=destinations, site=site
        ),
        StepUpEndpoint(
            storage=storage,
            sign_in=parts.sign_in,
            policies=parts.policies,
            transactions=parts.transactions,
            cookies=cookies,
            site=site,
        ),
        IdentityProvidersEndpoint(
            storage=storage,
            external=parts.external,
            sign_in=parts.sign_in,
            policies=parts.policies,
            requirements=parts.requirements,
            transactions=parts.transactions,
            destinations=destinations,
            cookies=cookies,
            site=site,
        ),
    )


def _authn_endpoints(parts: _Parts) -> tuple[Endpoint, ...]:
    """Return the sign-in state machine, the ways into it, and registration."""
    authn, cookies = _authn_parts(parts), parts.cookies
    registrations = Registrations(
        storage=parts.storage,
        clock=parts.clock,
        ids=parts.ids,
        passwords=authn.passwords,
        recoveries=parts.recoveries,
    )
    return (
        AuthnEndpoint(parts=authn, cookies=cookies, api_tokens=ApiTokens(parts.storage)),
        UserFactorsEndpoint(storage=parts.storage, factors=authn.factors),
        WelcomeEndpoint(parts=authn, cookies=cookies),
        RegistrationEndpoint(
            storage=parts.storage, policies=parts.policies, registrations=registrations
        ),
    )


def _authn_parts(parts: _Parts) -> AuthnParts:
    """Return what the steps of the sign-in state machine are made of."""
    passcodes = Passcodes(clock=parts.clock, ids=parts.ids, outbox=parts.outbox)
    factors = Factors(
        FactorParts(
            storage=parts.storage,
            clock=parts.clock,
            ids=parts.ids,
            outbox=parts.outbox,
            passcodes=passcodes,
            pushes=Pushes(storage=parts.storage, clock=parts.clock),
            credentials=parts.credentials,
            url=parts.site.url,
        )
    )
    return AuthnParts(
        storage=parts.storage,
        clock=parts.clock,
        ids=parts.ids,
        outbox=parts.outbox,
        policies=parts.policies,
        credentials=parts.credentials,
        passwords=Passwords(storage=parts.storage, clock=parts.clock, policies=parts.policies),
        passcodes=passcodes,
        recoveries=parts.recoveries,
        lifecycle=parts.lifecycle,
        requirements=parts.requirements,
        transactions=parts.transactions,
        factors=factors,
        sign_in=parts.sign_in,
        responses=AuthnResponses(
            requirements=parts.requirements,
            factors=factors,
            operations=operations_in,
            url=parts.site.url,
        ),
        url=parts.site.url,
    )


def _control(parts: _Parts, state: OrgState) -> ControlApi:
    config = parts.config
    guard = Guard(site=parts.site, token=config.control_token, is_local=is_loopback(config.host))
    return ControlApi(resources=_control_resources(parts, state), guard=guard)


def _control_resources(parts: _Parts, state: OrgState) -> tuple[Resource, ...]:
    """Return what `/_mock` serves, in the order of its OpenAPI document."""
    storage, clock, keys = parts.storage, parts.clock, parts.keys
    revocations = Revocations(storage=storage, clock=clock, ids=parts.ids)
    removals = Removals(
        storage=storage,
        revocations=revocations,
        user_revocations=UserRevocations(storage=storage, revocations=revocations),
    )
    return (
        HealthResource(state=state),
        OrgResource(storage=storage, site=parts.site),
        SeedResource(state=state, keys=keys),
        RemovalResource(removals=removals, storage=storage),
        LifecycleResource(storage=storage, lifecycle=parts.lifecycle),
        SnapshotsResource(state=state),
        ClockResource(clock=clock),
        SessionsResource(storage=storage, clock=clock),
        RevocationResource(storage=storage, revocations=revocations),
        MintingResource(
            minting=Minting(storage=storage, tokens=parts.tokens, keys=keys, clock=clock)
        ),
        KeysResource(storage=storage, keys=keys),
        OutboxResource(outbox=parts.outbox),
        PushResource(storage=storage, pushes=Pushes(storage=storage, clock=clock)),
        RequestsResource(
            traffic=parts.traffic, callers=Callers(storage, parts.cookies.session_name)
        ),
        FaultsResource(faults=parts.faults),
    )
