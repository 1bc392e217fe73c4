"""What `/_mock` serves."""

from mock_okta.control.about import AboutResource
from mock_okta.control.api import ControlApi
from mock_okta.control.clock import ClockResource
from mock_okta.control.directory import UsersResource
from mock_okta.control.events import EventsResource
from mock_okta.control.families import FamiliesResource
from mock_okta.control.faults import FaultsResource
from mock_okta.control.health import HealthResource
from mock_okta.control.keys import KeysResource
from mock_okta.control.org import OrgResource
from mock_okta.control.outbox import OutboxResource
from mock_okta.control.preview import PreviewResource
from mock_okta.control.push import PushResource
from mock_okta.control.removal import RemovalResource
from mock_okta.control.requests import RequestsResource
from mock_okta.control.seed import SeedResource
from mock_okta.control.sessions import SessionsResource
from mock_okta.control.snapshots import SnapshotsResource
from mock_okta.control.tokens import TokensResource
from mock_okta.control.users import LifecycleResource
from mock_okta.services.services import Services
from mock_okta.web.attribution import Callers
from mock_okta.web.cookies import Cookies
from mock_okta.web.guard import Guard
from mock_okta.web.routing import Route

__all__ = ["routes"]


def routes(
    services: Services,
    cookies: Cookies,
    guard: Guard,
    events: EventsResource,
    about: AboutResource,
) -> tuple[Route, ...]:
    """Return the routes of all resources, in the order of the OpenAPI document."""
    storage, clock, keys = services.storage, services.clock, services.keys
    state = services.org_state
    resources = (
        HealthResource(state=state),
        about,
        OrgResource(storage=storage, engine=services.engine, site=cookies.site),
        SeedResource(state=state, keys=keys),
        RemovalResource(removals=services.removals, storage=storage),
        UsersResource(
            storage=storage, changes=services.user_changes, clock=clock, factors=services.factors
        ),
        LifecycleResource(storage=storage, lifecycle=services.lifecycle),
        SnapshotsResource(state=state),
        ClockResource(clock=clock, org_clock=services.org_clock, ends=services.ends),
        SessionsResource(storage=storage, cookies=cookies),
        TokensResource(
            storage=storage,
            minting=services.minting,
            revocations=services.revocations,
            keys=keys,
            decoding=services.decoding,
        ),
        PreviewResource(storage=storage, preview=services.preview),
        FamiliesResource(storage=storage, families=services.families),
        KeysResource(storage=storage, keys=keys),
        OutboxResource(outbox=services.outbox),
        PushResource(storage=storage, pushes=services.pushes),
        RequestsResource(storage=storage, callers=Callers(storage, cookies.session_name)),
        FaultsResource(faults=services.faults),
        events,
    )
    return ControlApi(resources=resources, guard=guard).routes()
