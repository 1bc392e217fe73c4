"""Sessions begin by one call, or by a session token, and are the same either way."""

from datetime import timedelta

import msgspec
import pytest

from mock_okta import Clock, KeyPool
from mock_okta.model.directory import User, UserStatus
from mock_okta.model.failures import NotSignable
from mock_okta.model.seed import GivenSeed, Seed, SeedSignOnPolicy, SeedSignOnRule, SeedUser
from mock_okta.services.services import Services
from mock_okta.services.sign_in.sessions import Sessions
from mock_okta.services.world import world_of
from mock_okta.storage import in_memory
from mock_okta.web.hosted_pages import path_to_recover

RULE = SeedSignOnRule(name="Short", max_session_idle_minutes=7, max_session_lifetime_minutes=30)
SEED = Seed(
    users=(SeedUser(login="tester@example.com", password="x", id="00u1"),),
    sign_on_policies=(SeedSignOnPolicy(name="Short sessions", rules=(RULE,)),),
)


@pytest.fixture
async def sessions(shared_pool: KeyPool) -> Sessions:
    """An org whose sign-on rule has sessions of its own length."""
    clock = Clock()
    clock.freeze()
    services = Services(
        world_of(in_memory(clock), clock, shared_pool), GivenSeed(SEED), path_to_recover
    )
    await services.seeding.start(SEED)
    return services.sessions


async def _user(sessions: Sessions) -> User:
    user = await sessions.world.storage.users.get("00u1")
    assert user is not None
    return user


async def test_the_rule_says_how_long_a_session_lasts_whichever_way_it_begins(
    sessions: Sessions,
) -> None:
    user, amr = await _user(sessions), ("mfa", "otp", "pwd")
    begun = await sessions.begin(user, amr=amr, idp_id="0oa1", fingerprint="f")
    value, _ = await sessions.make_session_token(user, amr=amr, idp_id="0oa1", fingerprint="f")
    spent, whose = await sessions.spend(value)
    assert whose.id == user.id
    assert msgspec.structs.replace(begun, id=spent.id) == spent
    assert begun.idle == timedelta(minutes=7)
    assert begun.ends_at == begun.created_at + timedelta(minutes=30)
    assert begun.factor_verified_at == begun.created_at


async def test_a_session_that_begins_at_once_leaves_no_session_token(sessions: Sessions) -> None:
    session = await sessions.begin(await _user(sessions), amr=("pwd",))
    assert await sessions.world.storage.session_tokens.values() == ()
    assert await sessions.live(session.id) == session


async def test_no_session_begins_for_a_user_who_may_not_sign_in(sessions: Sessions) -> None:
    suspended = msgspec.structs.replace(await _user(sessions), status=UserStatus.SUSPENDED)
    with pytest.raises(NotSignable, match="SUSPENDED"):
        await sessions.begin(suspended, amr=("pwd",))
    assert await sessions.world.storage.sessions.values() == ()
