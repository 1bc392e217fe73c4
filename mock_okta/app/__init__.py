"""The composition root: the only module that names every part."""

from aiohttp import web

from mock_okta.app.control import control_of
from mock_okta.app.names import routes_and_sites
from mock_okta.app.parts import parts_of
from mock_okta.app.settings import Config
from mock_okta.clock import Clock
from mock_okta.services.seeding.org_state import OrgState
from mock_okta.services.seeding.seeding import Seeding
from mock_okta.services.tokens.key_ring import KeyPool
from mock_okta.storage import Storage
from mock_okta.web.attribution import Callers
from mock_okta.web.connections import REFUSALS, Refusals
from mock_okta.web.middleware.cross_origin import CrossOrigin
from mock_okta.web.middleware.errors import rendered_errors
from mock_okta.web.middleware.faults import PlannedFaults
from mock_okta.web.middleware.framing import Framing
from mock_okta.web.middleware.rate_limits import RateLimits
from mock_okta.web.middleware.recording import Recording
from mock_okta.web.middleware.request_log import Answers
from mock_okta.web.routing import add_routes

__all__ = ["build_app"]

_LARGEST_BODY = 1024 * 1024


def build_app(
    config: Config, url: str, storage: Storage, clock: Clock, pool: KeyPool
) -> web.Application:
    """Return the org at `url` as an aiohttp application; it is filled when it starts."""
    parts = parts_of(config, url, storage, clock, pool)
    state = OrgState(
        storage=storage,
        clock=clock,
        keys=parts.keys,
        seeding=Seeding(storage=storage, clock=clock, issuers=parts.issuers),
        seed=config.seed,
        forgets=(parts.traffic.clear, parts.faults.clear),
    )
    routes, sites = routes_and_sites(parts)
    if config.control:
        routes = [*routes, *control_of(parts, state).routes()]
    recording = Recording(traffic=parts.traffic, clock=clock)
    planned_faults = PlannedFaults(
        faults=parts.faults,
        callers=Callers(storage, parts.cookies.session_name),
        keys=parts.keys,
        clock=clock,
    )
    middlewares = [
        Answers(ids=parts.ids, clock=clock).middleware(),
        *([recording.middleware()] if config.control else []),
        CrossOrigin(storage=storage, sites=sites).middleware(),
        Framing(storage=storage).middleware(),
        *([planned_faults.middleware()] if config.control else []),
        RateLimits(storage=storage, clock=clock).middleware(),
        rendered_errors,
    ]
    app = web.Application(client_max_size=_LARGEST_BODY)
    app[REFUSALS] = Refusals(ids=parts.ids)
    app.on_shutdown.append(planned_faults.end)
    app.on_response_prepare.append(Answers.bare)
    add_routes(app, routes, middlewares)

    async def fill(_: web.Application) -> None:
        await state.start()

    app.on_startup.append(fill)
    return app
