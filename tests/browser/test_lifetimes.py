"""How long sessions last by policy, and whose they are in one browser (facts/oauth I)."""

from datetime import timedelta
from urllib.parse import urlencode

import msgspec
import pytest

from mock_okta import Config, MockOkta, SeedSignOnPolicy, SeedSignOnRule
from mock_okta.clock import wire_instant
from tests.visiting import APP, LOGIN, OTHER_LOGIN, PASSWORD, SEED, USER_ID, Visitor

ME = "/api/v1/sessions/me"
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def config() -> Config:
    rules = (
        SeedSignOnRule(name="Endless", users=(OTHER_LOGIN,), max_session_idle_minutes=10),
        SeedSignOnRule(max_session_idle_minutes=30, max_session_lifetime_minutes=45),
    )
    policies = (SeedSignOnPolicy(rules=rules),)
    return Config(seed=msgspec.structs.replace(SEED, sign_on_policies=policies))


async def _expires_in(visitor: Visitor, method: str = "GET", path: str = ME) -> str:
    expires_at: str = (await visitor.ask(method, path)).json()["expiresAt"]
    return expires_at


async def test_an_idle_session_ends_when_the_policy_says(visitor: Visitor, org: MockOkta) -> None:
    org.clock.freeze()
    await visitor.sign_in()
    org.clock.advance(timedelta(minutes=30) - INSTANT)
    assert await visitor.session_id() is not None
    org.clock.advance(INSTANT)
    assert await visitor.session_id() is None


async def test_looking_at_a_session_does_not_prolong_it(visitor: Visitor, org: MockOkta) -> None:
    org.clock.freeze()
    await visitor.sign_in()
    first = await _expires_in(visitor)
    org.clock.advance(timedelta(minutes=20))
    assert await _expires_in(visitor) == first


async def test_refreshing_never_prolongs_a_session_beyond_its_lifetime(
    visitor: Visitor, org: MockOkta
) -> None:
    org.clock.freeze()
    begun = org.clock.now()
    await visitor.sign_in()
    refresh = f"{ME}/lifecycle/refresh"
    org.clock.advance(timedelta(minutes=10))
    after = begun + timedelta(minutes=40)
    assert await _expires_in(visitor, "POST", refresh) == wire_instant(after)
    org.clock.advance(timedelta(minutes=10))
    end = begun + timedelta(minutes=45)
    assert await _expires_in(visitor, "POST", refresh) == wire_instant(end)
    org.clock.advance(timedelta(minutes=25))
    assert (await visitor.ask("POST", refresh)).status == 404


async def test_a_session_without_a_lifetime_lasts_as_long_as_it_is_refreshed(
    visitor: Visitor, org: MockOkta
) -> None:
    org.clock.freeze()
    session = await visitor.sign_in(OTHER_LOGIN)
    for _ in range(20):
        org.clock.advance(timedelta(minutes=9))
        assert (await visitor.ask("POST", f"{ME}/lifecycle/refresh")).status == 200
    assert await visitor.session_id() == session
    org.clock.advance(timedelta(minutes=10))
    assert await visitor.session_id() is None


async def test_an_idle_time_longer_than_the_lifetime_counts_for_nothing(
    visitor: Visitor, org: MockOkta
) -> None:
    org.clock.freeze()
    rule = {"max_session_idle_minutes": 120, "max_session_lifetime_minutes": 5}
    seed = {"sign_on_policies": [{"rules": [rule]}]}
    seeded = await visitor.ask("PUT", "/_mock/seed", json=seed)
    assert seeded.status == 200, seeded.text
    await visitor.sign_in()
    org.clock.advance(timedelta(minutes=5))
    assert await visitor.session_id() is None


async def test_the_policy_counts_by_whatever_way_a_session_begins(
    visitor: Visitor, org: MockOkta
) -> None:
    org.clock.freeze()
    soon = wire_instant(org.clock.now() + timedelta(minutes=30))
    form = {"username": LOGIN, "password": PASSWORD}
    await visitor.ask("POST", "/login/login.htm", data=form)
    assert await _expires_in(visitor) == soon
    await visitor.authorize({"sessionToken": await visitor.session_token()})
    assert await _expires_in(visitor) == soon
    token = await visitor.session_token()
    body = {"sessionToken": token}
    assert (await visitor.ask("POST", "/api/v1/sessions", json=body)).json()["expiresAt"] == soon


async def test_a_browser_has_one_session_and_it_is_of_who_signed_in_last(visitor: Visitor) -> None:
    first = await visitor.sign_in(LOGIN)
    second = await visitor.sign_in(OTHER_LOGIN)
    third = await visitor.sign_in(LOGIN)
    assert len({first, second, third}) == 3
    assert (await visitor.ask("GET", ME)).json()["userId"] == USER_ID
    sessions = (await visitor.ask("GET", "/_mock/sessions")).json()["sessions"]
    assert [session["id"] for session in sessions] == [third]


async def test_signing_in_as_another_at_the_app_gives_tokens_of_the_other(
    visitor: Visitor,
) -> None:
    await visitor.sign_in(LOGIN)
    token = await visitor.session_token(OTHER_LOGIN)
    tokens = await visitor.tokens({"sessionToken": token, "prompt": "login"})
    userinfo = await visitor.userinfo(tokens["access_token"])
    assert userinfo.json()["preferred_username"] == OTHER_LOGIN
    assert (await visitor.ask("GET", ME)).json()["login"] == OTHER_LOGIN


async def test_signing_out_ends_one_browsers_session_alone(visitor: Visitor, org: MockOkta) -> None:
    await visitor.sign_in()
    query = urlencode({"fromURI": f"{APP}/bye"})
    answer = await visitor.ask("GET", f"/login/signout?{query}")
    assert answer.location == f"{APP}/bye"
    relative = await visitor.ask("GET", "/login/signout?fromURI=/help/login")
    assert relative.location == f"{org.url}/help/login"
