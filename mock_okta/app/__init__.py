"""The composition root: the only module that knows every feature."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aiohttp import web
from msgspec import Struct

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
from mock_okta.console.routes import Console
from mock_okta.control import routes as control
from mock_okta.control.about import AboutResource
from mock_okta.control.events import EventsResource, Looks
from mock_okta.management import routes as management
from mock_okta.model.seed import GivenSeed
from mock_okta.oauth import routes as oauth
from mock_okta.services.services import Services
from mock_okta.services.world import World
from mock_okta.storage import Storage
from mock_okta.web.attribution import Callers
from mock_okta.web.connections import REFUSALS, Refusals
from mock_okta.web.cookies import Cookies
from mock_okta.web.forwarding import Proxies
from mock_okta.web.guard import Guard, is_loopback
from mock_okta.web.hosted_pages import path_to_recover
from mock_okta.web.middleware.console_links import linked_to_console
from mock_okta.web.middleware.cross_origin import CrossOrigin
from mock_okta.web.middleware.errors import rendered_errors
from mock_okta.web.middleware.faults import PlannedFaults
from mock_okta.web.middleware.framing import Framing
from mock_okta.web.middleware.rate_limits import RateLimits
from mock_okta.web.middleware.recording import Recording
from mock_okta.web.middleware.request_log import Answers
from mock_okta.web.routing import Middleware, Route, add_routes
from mock_okta.web.site import LOOPBACK_NAMES, Site, Sites

if TYPE_CHECKING:
    from mock_okta.idx.engine import IdentityEngine

__all__ = ["build_app"]

_LARGEST_BODY = 1024 * 1024


def build_app(config: Config, world: World, given: GivenSeed) -> web.Application:
    """Return the org of that world as an aiohttp application; it is filled when it starts."""
    storage, url = world.storage, world.issuers.urls[0]
    services = Services(world, given, path_to_recover)
    site = _site_of(config, url)
    own_release = _own_release(config)
    about = _about(storage, own_release)
    features = _Features(
        services=services, own_release=own_release, cookie_suffix=config.cookie_suffix
    )
    cookies = features.cookies(services, site)
    events = EventsResource(looks=Looks(storage))
    routes, sites = routes_and_sites(site, features.routes_at)
    if config.control:
        guard = Guard(site=site, token=config.control_token, is_local=is_loopback(config.host))
        routes = [*routes, *control.routes(services, cookies, guard, events, about)]
        routes += Console(guard=guard).routes()
    planned_faults = PlannedFaults(
        faults=services.faults,
        callers=Callers(storage, cookies.session_name),
        keys=services.keys,
        clock=world.clock,
    )
    app = web.Application(client_max_size=_LARGEST_BODY)
    app[REFUSALS] = Refusals(ids=world.ids)
    app.on_shutdown.append(planned_faults.end)
    app.on_shutdown.append(events.end)
    app.on_response_prepare.append(Answers.bare)
    proxies = Proxies.of(config.trusted_proxies)
    faults = planned_faults if config.control else None
    add_routes(app, routes, _middlewares(services, sites, faults, proxies))

    async def fill(_: web.Application) -> None:
        await services.org_state.start()

    app.on_startup.append(fill)
    return app


def _own_release(config: Config) -> OwnRelease:
    return OwnRelease(
        releases=Releases(config.widget_dir or default_directory()),
        version=config.widget_version,
        generation=config.widget_generation,
    )


def _about(storage: Storage, own: OwnRelease) -> AboutResource:
    return AboutResource(
        storage=storage, releases=own.releases.installed, hosted_release=own.version
    )


class _Features(Struct, frozen=True, kw_only=True):
    """What the org serves at each of its names: all features but `/_mock`.

    `services`: those of the org's first name.
    """

    services: Services
    own_release: OwnRelease
    cookie_suffix: str

    def routes_at(self, number: int, site: Site) -> Sequence[Route]:
        """Return what is served at the name with that number."""
        here = self.services
        if number:
            here = Services(here.world.at(number), here.given, here.recovery_path)
        cookies = self.cookies(here, site)
        identity_engine, identity_routes = _identity(here, cookies)
        hosted_by = speaks_identity_engine(self.own_release.version)
        engine = identity_engine if hosted_by and identity_engine else classic_engine(here)
        return (
            *oauth.routes(here, cookies, engine, self.own_release.installed),
            *authn.routes(here, cookies, engine),
            *identity_routes,
            *browser.routes(here, cookies, engine, self.own_release, identity_engine),
            *management.routes(here, cookies),
        )

    def cookies(self, services: Services, site: Site) -> Cookies:
        """Return the cookies of a name."""
        return Cookies(
            site=site,
            ids=services.ids,
            sessions=services.sessions,
            engine=services.engine,
            suffix=self.cookie_suffix,
        )


def _identity(
    services: Services, cookies: Cookies
) -> tuple["IdentityEngine | None", Sequence[Route]]:
    """Return the Identity Engine and its routes; None, and no routes, if the org has Classic."""
    if services.engine != "identity":
        return None, ()
    from mock_okta.idx import routes as idx  # noqa: PLC0415 -- 50 modules that Classic never needs

    return idx.identity_engine(services), idx.routes(services, cookies)


def _middlewares(
    services: Services, sites: Sites, planned_faults: PlannedFaults | None, proxies: Proxies
) -> list[Middleware]:
    """Return the middlewares, the outermost first.

    `planned_faults`: None without `/_mock`; then requests are not recorded either.
    """
    storage, clock = services.storage, services.clock
    answers = Answers(
        ids=services.ids,
        clock=clock,
        storage=storage,
        org_clock=services.org_clock,
        proxies=proxies,
    )
    recording = Recording(storage=storage, clock=clock)
    return [
        answers.middleware(),
        *([recording.middleware()] if planned_faults else []),
        answers.headers(),
        *([linked_to_console] if planned_faults else []),
        CrossOrigin(storage=storage, sites=sites).middleware(),
        Framing(storage=storage).middleware(),
        *([planned_faults.middleware()] if planned_faults else []),
        RateLimits(storage=storage, clock=clock).middleware(),
        rendered_errors,
    ]


def _site_of(config: Config, url: str) -> Site:
    named = {config.first_name, config.hostname, config.host, *config.domains, *config.tls_names}
    allowed = {name.lower() for name in config.allowed_hosts}
    return Site(url=url, names=LOOPBACK_NAMES | named | allowed, urls=config.urls(url))
