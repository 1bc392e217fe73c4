"""The composition root: the only module that names every feature."""

from collections.abc import Sequence

from aiohttp import web

from mock_okta.app.names import routes_and_sites
from mock_okta.app.settings import Config
from mock_okta.authn import routes as authn
from mock_okta.authn.engine import classic_engine
from mock_okta.browser import routes as browser
from mock_okta.browser.widget.releases import (
    OwnRelease,
    Releases,
    default_directory,
    speaks_identity_engine,
)
from mock_okta.clock import Clock
from mock_okta.control import routes as control
from mock_okta.control.guard import Guard, is_loopback
from mock_okta.idx import routes as idx
from mock_okta.management import routes as management
from mock_okta.oauth import routes as oauth
from mock_okta.services.services import Services
from mock_okta.services.world import world_of
from mock_okta.services.world.key_ring import KeyPool
from mock_okta.storage import Storage
from mock_okta.web.attribution import Callers
from mock_okta.web.connections import REFUSALS, Refusals
from mock_okta.web.cookies import Cookies
from mock_okta.web.hosted_pages import path_to_recover
from mock_okta.web.middleware.cross_origin import CrossOrigin
from mock_okta.web.middleware.errors import rendered_errors
from mock_okta.web.middleware.faults import PlannedFaults
from mock_okta.web.middleware.framing import Framing
from mock_okta.web.middleware.rate_limits import RateLimits
from mock_okta.web.middleware.recording import Recording
from mock_okta.web.middleware.request_log import Answers
from mock_okta.web.routing import Route, add_routes
from mock_okta.web.site import LOOPBACK_NAMES, Site

__all__ = ["build_app"]

_LARGEST_BODY = 1024 * 1024


def build_app(
    config: Config, url: str, storage: Storage, clock: Clock, pool: KeyPool
) -> web.Application:
    """Return the org at `url` as an aiohttp application; it is filled when it starts."""
    urls = config.urls(url)
    world = world_of(storage, clock, pool, urls=urls, id_seed=config.id_seed)
    seed = config.filled_seed()
    services, site = Services(world, seed, path_to_recover), _site_of(config, url)
    releases = Releases(config.widget_dir or default_directory())
    own_release = OwnRelease(
        releases=releases, version=config.widget_version, generation=config.widget_generation
    )

    def cookies_of(services: Services, site: Site) -> Cookies:
        return Cookies(
            site=site,
            ids=world.ids,
            sessions=services.sessions,
            engine=services.engine,
            suffix=config.cookie_suffix,
        )

    def routes_at(number: int, site: Site) -> Sequence[Route]:
        here = services if number == 0 else Services(world.at(number), seed, path_to_recover)
        cookies = cookies_of(here, site)
        is_identity = here.engine == "identity"
        hosted_by = is_identity and speaks_identity_engine(config.widget_version)
        identity_engine = idx.identity_engine(here) if is_identity else None
        engine = identity_engine if hosted_by and identity_engine else classic_engine(here)
        return (
            *oauth.routes(here, cookies, engine, own_release.installed),
            *authn.routes(here, cookies),
            *(idx.routes(here, cookies) if is_identity else ()),
            *browser.routes(here, cookies, engine, own_release, identity_engine),
            *management.routes(here, cookies),
        )

    cookies = cookies_of(services, site)
    routes, sites = routes_and_sites(site, routes_at)
    if config.control:
        guard = Guard(site=site, token=config.control_token, is_local=is_loopback(config.host))
        routes = [*routes, *control.routes(services, cookies, guard)]
    recording = Recording(storage=storage, clock=clock)
    planned_faults = PlannedFaults(
        faults=services.faults,
        callers=Callers(storage, cookies.session_name),
        keys=services.keys,
        clock=clock,
    )
    answers = Answers(ids=world.ids, clock=clock, org_clock=services.org_clock)
    middlewares = [
        answers.middleware(),
        *([recording.middleware()] if config.control else []),
        answers.headers(),
        CrossOrigin(storage=storage, sites=sites).middleware(),
        Framing(storage=storage).middleware(),
        *([planned_faults.middleware()] if config.control else []),
        RateLimits(storage=storage, clock=clock).middleware(),
        rendered_errors,
    ]
    app = web.Application(client_max_size=_LARGEST_BODY)
    app[REFUSALS] = Refusals(ids=world.ids)
    app.on_shutdown.append(planned_faults.end)
    app.on_response_prepare.append(Answers.bare)
    add_routes(app, routes, middlewares)

    async def fill(_: web.Application) -> None:
        await services.org_state.start()

    app.on_startup.append(fill)
    return app


def _site_of(config: Config, url: str) -> Site:
    names = LOOPBACK_NAMES | {config.hostname, config.host, *config.domains, *config.tls_names}
    return Site(url=url, names=frozenset(names), urls=config.urls(url))
