"""/_mock/health and /_mock/ready: for probes, which know no token and no name of the org."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import Future

import aiohttp
import pytest

from mock_okta import Config, KeyPool, MockOkta
from mock_okta.services.world.signing_key import SigningKey
from tests.visiting import SEED, Visitor

FIRST = ["default.0", "rich.0", "org.0", "org-access-token"]
BOTH = ["/_mock/health", "/_mock/ready"]


class StuckPool(KeyPool):
    """A pool whose keys come when they are let go."""

    def __init__(self, names: frozenset[str]) -> None:
        super().__init__()
        self.names = names
        self.stuck: dict[str, Future[SigningKey]] = {}

    def key(self, name: str) -> Future[SigningKey]:
        return self.stuck.setdefault(name, Future()) if name in self.names else super().key(name)

    async def wait_for_the_others(self) -> None:
        await asyncio.gather(*(asyncio.wrap_future(super(StuckPool, self).key(n)) for n in FIRST))

    async def let_go(self) -> None:
        for name, stuck in self.stuck.items():
            stuck.set_result(await asyncio.wrap_future(super().key(name)))


@pytest.fixture(params=FIRST)
async def stuck(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Visitor, StuckPool]]:
    """A visitor of an org one of whose first keys is not there yet."""
    pool = StuckPool(frozenset({request.param}))
    await pool.wait_for_the_others()
    async with (
        MockOkta(Config(seed=SEED), key_pool=pool) as org,
        aiohttp.ClientSession() as http,
    ):
        yield Visitor(org, http), pool
    await asyncio.to_thread(pool.close)


@pytest.mark.parametrize("path", BOTH)
async def test_an_org_with_its_keys_is_ready(visitor: Visitor, path: str) -> None:
    await visitor.tokens()
    await visitor.tokens({"scope": "openid"}, server="org")
    await visitor.ask("GET", "/oauth2/rich/v1/keys")
    answer = await visitor.ask("GET", path)
    assert answer.status == 200
    assert answer.json() == {"ready": True}


async def test_one_that_waits_for_a_key_runs_but_is_not_ready(
    stuck: tuple[Visitor, StuckPool],
) -> None:
    visitor, pool = stuck
    health = await visitor.ask("GET", "/_mock/health")
    assert (health.status, health.json()) == (200, {"ready": False})
    ready = await visitor.ask("GET", "/_mock/ready")
    assert ready.status == 503
    assert "keys" in ready.json()["errorCauses"][0]["errorSummary"]
    await pool.let_go()
    assert (await visitor.ask("GET", "/_mock/health")).json() == {"ready": True}
    assert (await visitor.ask("GET", "/_mock/ready")).status == 200


@pytest.mark.parametrize("path", BOTH)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("config", [Config(seed=SEED, control_token="secret-1")])
async def test_a_probe_needs_no_name_and_no_token(visitor: Visitor, method: str, path: str) -> None:
    await visitor.ask("GET", "/oauth2/rich/v1/keys")
    answer = await visitor.ask(method, path, headers={"Host": "10.1.2.3:8700"})
    assert answer.status == 200
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize("path", BOTH)
@pytest.mark.parametrize("config", [Config(seed=SEED, control=False)])
async def test_without_the_control_api_they_are_not_served(visitor: Visitor, path: str) -> None:
    assert (await visitor.ask("GET", path)).status == 404
