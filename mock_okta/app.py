"""The composition root: the only module that names every part."""

from dataclasses import dataclass
from itertools import chain

from aiohttp import web

from mock_okta.authn.endpoints import AuthnEndpoint
from mock_okta.clock import Clock
from mock_okta.config import Config
from mock_okta.control.endpoints import ControlEndpoint
from mock_okta.domain.directory import ORG_SERVER
from mock_okta.ids import Ids, derived_id
from mock_okta.management.app_links import AppLinksEndpoint
from mock_okta.management.endpoints import OrganizationEndpoint, UsersEndpoint
from mock_okta.management.webfinger import WebFingerEndpoint
from mock_okta.oauth.authorization.consent import Consents
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
from mock_okta.oauth.servers import Servers
from mock_okta.services.key_ring import KeyPool, KeyRing
from mock_okta.services.outbox import Outbox
from mock_okta.services.seeding import Seeding
from mock_okta.services.sign_in import SignIn
from mock_okta.services.tokens import Tokens
from mock_okta.services.user_revocation import UserRevocations
from mock_okta.sessions.browser import BrowserSessionEndpoint
from mock_okta.sessions.endpoints import SessionsEndpoint
from mock_okta.storage import Storage
from mock_okta.web.api_tokens import ApiTokens
from mock_okta.web.cookies import Cookies
from mock_okta.web.middleware.answers import Answers
from mock_okta.web.middleware.cross_origin import CrossOrigin
from mock_okta.web.middleware.errors import rendered_errors
from mock_okta.web.middleware.rate_limits import RateLimits
from mock_okta.web.routing import Endpoint, Route, add_routes
from mock_okta.web.site import LOOPBACK_NAMES, Site
from mock_okta.widget.assets import WidgetAssets
from mock_okta.widget.hosted import HostedPages
from mock_okta.widget.releases import Releases, default_directory

__all__ = ["build_app"]

_LARGEST_BODY = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """What the endpoints are made of."""

    config: Config
    site: Site
    storage: Storage
    clock: Clock
    ids: Ids
    org_id: str
    keys: KeyRing
    outbox: Outbox
    sign_in: SignIn
    tokens: Tokens
    cookies: Cookies
    servers: Servers


def build_app(
    config: Config, url: str, storage: Storage, clock: Clock, pool: KeyPool
) -> web.Application:
    """Return the org at `url` as an aiohttp application; it is filled when it starts."""
    parts = _parts(config, url, storage, clock, pool)
    seeding = Seeding(storage=storage, clock=clock, url=url)
    routes = [*_oauth_routes(parts), *_user_routes(parts)]
    if config.control:
        routes.extend(_control(parts, seeding).routes())
    app = web.Application(
        client_max_size=_LARGEST_BODY,
        middlewares=[
            Answers(ids=parts.ids, clock=clock).middleware(),
            CrossOrigin(storage=storage, site=parts.site).middleware(),
            RateLimits(storage=storage, clock=clock).middleware(),
            rendered_errors,
        ],
    )
    app.on_response_prepare.append(Answers.bare)
    add_routes(app, routes)

    async def fill(_: web.Application) -> None:
        # The first token is asked of a custom server as a rule: its key is generated first.
        for server_id in (*(s.id for s in config.seed.authorization_servers), ORG_SERVER):
            parts.keys.prepare(server_id)
            await parts.keys.check(server_id)
        await seeding.start(config.seed)

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
    return _Parts(
        config=config,
        site=site,
        storage=storage,
        clock=clock,
        ids=ids,
        org_id=org_id,
        keys=keys,
        outbox=outbox,
        sign_in=sign_in,
        tokens=Tokens(storage=storage, keys=keys, clock=clock, ids=ids, org_id=org_id),
        cookies=Cookies(site=site, ids=ids, sign_in=sign_in),
        servers=Servers(storage),
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
    return (*discovery.routes(), *served)


def _oauth_endpoints(parts: _Parts) -> tuple[Endpoint, ...]:
    client_authentication = ClientAuthentication(
        storage=parts.storage,
        assertions=ClientAssertions(storage=parts.storage, keys=ClientKeys(), clock=parts.clock),
        url=parts.site.url,
    )
    return (
        *_authorize_endpoints(parts, client_authentication),
        *_device_endpoints(parts, client_authentication),
        *_token_endpoints(parts, client_authentication),
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
        sign_in=parts.sign_in,
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
    revocations = UserRevocations(storage=storage, clock=parts.clock, ids=parts.ids)
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
            storage=storage, api_tokens=ApiTokens(storage), revocations=revocations
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
        consents=Consents(storage),
        issuing=Issuing(storage=storage, tokens=parts.tokens, clock=clock, ids=ids),
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
    releases = Releases(parts.config.widget_dir or default_directory())
    pages = HostedPages(
        sign_in=sign_in,
        cookies=cookies,
        site=site,
        releases=releases,
        widget_version=parts.config.widget_version,
        org_name=parts.config.seed.org.name,
    )
    browser = BrowserSessionEndpoint(
        storage=parts.storage, sign_in=sign_in, cookies=cookies, site=site
    )
    sessions = SessionsEndpoint(sign_in=sign_in, cookies=cookies, site=site, org_id=parts.org_id)
    app_links = AppLinksEndpoint(storage=parts.storage, sign_in=sign_in, cookies=cookies, site=site)
    webfinger = WebFingerEndpoint(
        site=site, org_id=parts.org_id, org_name=parts.config.seed.org.name
    )
    users = UsersEndpoint(sign_in=sign_in, cookies=cookies, site=site, org_id=parts.org_id)
    return (
        *AuthnEndpoint(sign_in=sign_in).routes(),
        *sessions.routes(),
        *browser.routes(),
        *users.routes(),
        *app_links.routes(),
        *webfinger.routes(),
        *OrganizationEndpoint(site=site, org_id=parts.org_id).routes(),
        *pages.routes(),
        *WidgetAssets(releases=releases).routes(),
    )


def _control(parts: _Parts, seeding: Seeding) -> ControlEndpoint:
    return ControlEndpoint(
        storage=parts.storage,
        seeding=seeding,
        seed=parts.config.seed,
        clock=parts.clock,
        outbox=parts.outbox,
        site=parts.site,
        keys=parts.keys,
    )
