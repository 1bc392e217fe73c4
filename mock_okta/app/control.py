"""Builds the test's own API, `/_mock`."""

from mock_okta.app.parts import Parts
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
from mock_okta.services.factors.pushes import Pushes
from mock_okta.services.seeding.org_state import OrgState
from mock_okta.services.seeding.removal import Removals
from mock_okta.services.testing.minting import Minting
from mock_okta.services.tokens.revocation import Revocations
from mock_okta.services.users.user_revocation import UserRevocations
from mock_okta.web.attribution import Callers

__all__ = ["control_of"]


def control_of(parts: Parts, state: OrgState) -> ControlApi:
    """Return `/_mock`, with all its resources."""
    config = parts.config
    guard = Guard(site=parts.site, token=config.control_token, is_local=is_loopback(config.host))
    return ControlApi(resources=_control_resources(parts, state), guard=guard)


def _control_resources(parts: Parts, state: OrgState) -> tuple[Resource, ...]:
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
