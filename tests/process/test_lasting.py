"""Whole orgs on each storage: what they do, and what survives a restart."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest

from mock_okta import Config, KeyPool, MockOkta
from mock_okta_harness.running import org_in_a_thread
from tests.visiting import LOGIN, OTHER_LOGIN, PASSWORD, SEED, Visitor, header_of

_numbers = count()


@pytest.fixture(params=["sqlite", pytest.param("redis", marks=pytest.mark.process)])
def config(request: pytest.FixtureRequest, tmp_path: Path) -> Config:
    """An org whose state lasts."""
    if request.param == "sqlite":
        return Config(seed=SEED, state_dir=tmp_path / "state")
    server = request.getfixturevalue("redis")
    return Config(seed=SEED, storage=server.url(f"p{next(_numbers)}"))


@asynccontextmanager
async def running(
    config: Config, pool: KeyPool | None = None, *, cookies: aiohttp.CookieJar | None = None
) -> AsyncIterator[Visitor]:
    """The org, with somebody who visits it; their cookies may be from before."""
    jar = aiohttp.CookieJar(unsafe=True) if cookies is None else cookies
    async with (
        MockOkta(config, key_pool=pool) as org,
        aiohttp.ClientSession(cookie_jar=jar) as http,
    ):
        yield Visitor(org, http)


async def kids(visitor: Visitor) -> list[str]:
    answer = await visitor.ask("GET", visitor.url("keys"))
    return [key["kid"] for key in answer.json()["keys"]]


async def test_a_code_flow_ends_with_tokens_that_the_org_knows(
    config: Config, shared_pool: KeyPool
) -> None:
    async with running(config, shared_pool) as visitor:
        tokens = await visitor.tokens()
        assert (await visitor.introspect(tokens["access_token"]))["active"] is True
        refreshed = await visitor.refresh(tokens["refresh_token"])
        assert refreshed.status == 200
        recorded = await visitor.ask("GET", "/_mock/requests")
        assert recorded.json()["requests"][-1]["path"].endswith("/v1/token")


async def test_sessions_tokens_and_keys_survive_a_restart(config: Config) -> None:
    jar = aiohttp.CookieJar(unsafe=True)
    async with running(config, cookies=jar) as visitor:
        session = await visitor.sign_in()
        tokens, before = await visitor.tokens(), await kids(visitor)
        port = visitor.org.url.rpartition(":")[2]
        session = await visitor.session_id() or session
    config = Config(seed=SEED, state_dir=config.state_dir, storage=config.storage, port=int(port))
    async with running(config, cookies=jar) as visitor:
        assert await visitor.session_id() == session
        assert await kids(visitor) == before
        assert (await visitor.introspect(tokens["access_token"]))["active"] is True
        refreshed = await visitor.refresh(tokens["refresh_token"])
        assert header_of(refreshed.json()["access_token"])["kid"] == before[0]


async def test_the_clock_survives_a_restart(config: Config, shared_pool: KeyPool) -> None:
    async with running(config, shared_pool) as visitor:
        await visitor.ask("POST", "/_mock/clock/advance", json={"seconds": 86400 * 400})
        before = visitor.org.clock.now()
    async with running(config, shared_pool) as visitor:
        now = visitor.org.clock.now()
        assert before < now < before + timedelta(days=1)
        await visitor.ask("PUT", "/_mock/clock", json={"frozen": True})
        frozen = visitor.org.clock.now()
    async with running(config, shared_pool) as visitor:
        assert visitor.org.clock.now() == frozen


async def test_what_was_changed_is_not_filled_again(config: Config, shared_pool: KeyPool) -> None:
    login = {"username": OTHER_LOGIN, "password": PASSWORD}
    async with running(config, shared_pool) as visitor:
        path = f"/_mock/users/{quote(OTHER_LOGIN)}/lifecycle/suspend"
        assert (await visitor.ask("POST", path)).status == 200
    async with running(config, shared_pool) as visitor:
        assert (await visitor.ask("POST", "/api/v1/authn", json=login)).status == 401


async def test_a_reset_returns_to_the_seed(config: Config, shared_pool: KeyPool) -> None:
    async with running(config, shared_pool) as visitor:
        await visitor.sign_in()
        before = await kids(visitor)
        assert (await visitor.ask("POST", "/_mock/reset")).status == 204
        assert await visitor.session_id() is None
        assert (await kids(visitor))[0] == before[0]
        assert await visitor.session_token(LOGIN)


async def test_a_snapshot_survives_a_restart_and_brings_the_session_back(
    config: Config, shared_pool: KeyPool
) -> None:
    jar = aiohttp.CookieJar(unsafe=True)
    async with running(config, shared_pool, cookies=jar) as visitor:
        session = await visitor.sign_in()
        assert (await visitor.ask("PUT", "/_mock/snapshots/in")).status == 200
        await visitor.ask("DELETE", "/api/v1/sessions/me")
        assert (await visitor.ask("POST", "/_mock/reset")).status == 204
    async with running(config, shared_pool) as visitor:
        assert (await visitor.ask("POST", "/_mock/snapshots/in/restore")).status < 300
        cookie = {"Cookie": f"idx={session}"}
        answer = await visitor.ask("GET", "/api/v1/sessions/me", headers=cookie)
        assert answer.json()["id"] == session


async def test_a_planned_fault_survives_a_restart_and_is_met_as_often_as_planned(
    config: Config, shared_pool: KeyPool
) -> None:
    fault = {"kind": "status", "status": 503, "path": "*/v1/keys", "times": 2}
    async with running(config, shared_pool) as visitor:
        assert (await visitor.ask("POST", "/_mock/faults", json=fault)).status < 300
        assert (await visitor.ask("GET", visitor.url("keys"))).status == 503
    async with running(config, shared_pool) as visitor:
        statuses = [(await visitor.ask("GET", visitor.url("keys"))).status for _ in range(2)]
    assert statuses == [503, 200]


async def test_keys_rotate_and_stay_rotated(config: Config) -> None:
    async with running(config) as visitor:
        before = await kids(visitor)
        body = {"authorization_server": "default"}
        assert (await visitor.ask("POST", "/_mock/keys/rotate", json=body)).status < 300
        rotated = await kids(visitor)
        assert rotated[0] == before[1]  # it was published ahead
        assert before[0] in rotated
    async with running(config) as visitor:
        assert await kids(visitor) == rotated
        token = (await visitor.tokens())["access_token"]
        assert header_of(token)["kid"] == rotated[0]


async def test_two_servers_serve_one_org(config: Config) -> None:
    fault = {"kind": "status", "status": 503, "path": "*/v1/keys"}
    async with running(config) as one, running(config) as other:
        assert await kids(one) == await kids(other)
        token = await one.session_token()
        answer = await other.authorize({"sessionToken": token})
        redeemed = await one.redeem(answer.returned["code"])
        assert redeemed.status == 200
        again = await other.redeem(answer.returned["code"])
        assert again.status == 400
        await one.ask("POST", "/_mock/clock/advance", json={"seconds": 7200})
        introspected = await other.introspect(redeemed.json()["access_token"])
        assert introspected["active"] is False
        await other.ask("POST", "/_mock/faults", json=fault)
        asked = [await each.ask("GET", each.url("keys")) for each in (one, other)]
        assert [each.status for each in asked] == [503, 200]
        recorded = (await other.ask("GET", "/_mock/requests")).json()["requests"]
        assert {each["path"] for each in recorded} >= {"/api/v1/authn", "/oauth2/default/v1/token"}


@pytest.mark.parametrize("storage", [None, "sqlite"])
def test_an_org_for_tests_is_in_memory_unless_its_settings_name_a_storage(
    tmp_path: Path, shared_pool: KeyPool, storage: str | None
) -> None:
    path = tmp_path / "org.sqlite"
    named = None if storage is None else f"{storage}:{path}"
    with org_in_a_thread(Config(state_dir=tmp_path, storage=named), shared_pool):
        assert path.exists() is (storage is not None)
