"""How often a process waits for Redis in a sign-in: each wait is a round trip.

Redis counts how often it reads from a connection. What was sent together is one read.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import count

import aiohttp
import pytest
from redis.asyncio import Redis

from mock_okta import Config, KeyPool, MockOkta, Seed, SeedUser
from tests.idx.conftest import identity
from tests.idx.following import Following
from tests.storage.redis_server import RedisServer
from tests.visiting import LOGIN, PASSWORD, SECRET, SEED, SERVICE, Visitor

pytestmark = pytest.mark.process
_numbers = count()


async def round_trips(redis: RedisServer, act: Callable[[], Awaitable[object]]) -> int:
    """Count them in the second time: the first fills what the process remembers of set-up."""
    await act()
    async with Redis.from_url(redis.url().partition("?")[0]) as watching:
        before = (await watching.info("stats"))["total_reads_processed"]
        await act()
        after = (await watching.info("stats"))["total_reads_processed"]
    return int(after - before) - 1  # without the second question


@pytest.fixture
async def newcomer(
    request: pytest.FixtureRequest, redis: RedisServer, shared_pool: KeyPool
) -> AsyncIterator[Visitor]:
    """A browser at an org in Redis, with the engine that the test names."""
    seed = identity() if getattr(request, "param", "classic") == "identity" else SEED
    config = Config(seed=seed, storage=redis.url(f"trips{next(_numbers)}"))
    async with (
        MockOkta(config, key_pool=shared_pool) as org,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http,
    ):
        yield Visitor(org, http)


async def test_a_code_flow_takes_twelve_round_trips_at_most(
    newcomer: Visitor, redis: RedisServer
) -> None:
    """Sign-in, /authorize with the session token, /token: four, three and four."""

    async def flow() -> None:
        newcomer.http.cookie_jar.clear()
        answer = await newcomer.authorize({"sessionToken": await newcomer.session_token()})
        assert (await newcomer.redeem(answer.returned["code"])).status == 200

    assert await round_trips(redis, flow) <= 12


async def test_a_code_flow_with_a_session_takes_eight(
    newcomer: Visitor, redis: RedisServer
) -> None:
    await newcomer.sign_in()

    async def flow() -> None:
        answer = await newcomer.authorize()
        assert (await newcomer.redeem(answer.returned["code"])).status == 200

    assert await round_trips(redis, flow) <= 8


async def test_a_sign_in_by_classic_engine_takes_four(
    newcomer: Visitor, redis: RedisServer
) -> None:
    assert await round_trips(redis, newcomer.session_token) <= 4


async def test_a_token_for_a_client_takes_three(newcomer: Visitor, redis: RedisServer) -> None:
    form = {"client_id": SERVICE, "client_secret": SECRET, "scope": "messages.read"}

    async def ask() -> None:
        grant = {"grant_type": "client_credentials"}
        assert (await newcomer.post("token", form | grant)).status == 200

    assert await round_trips(redis, ask) <= 3


@pytest.mark.parametrize("newcomer", ["identity"], indirect=True)
async def test_a_sign_in_by_the_identity_engine_takes_twenty_four(
    newcomer: Visitor, redis: RedisServer
) -> None:
    """Interact, introspect, identify, and the code redeemed for tokens."""

    async def sign_in() -> None:
        following = Following(newcomer)
        await following.begin()
        await following.sign_in(LOGIN, PASSWORD)
        await following.tokens()

    assert await round_trips(redis, sign_in) <= 24


async def test_a_thousand_users_of_a_seed_take_eight_commands(
    redis: RedisServer, shared_pool: KeyPool
) -> None:
    """So they take no more round trips, whatever their records weigh."""
    sent = []
    for thousands in (1, 3):
        logins = [f"user{number}@example.com" for number in range(thousands * 1000)]
        seed = Seed(users=tuple(SeedUser(login=login, password=PASSWORD) for login in logins))
        storage = redis.url(f"filled{thousands}")
        async with Redis.from_url(redis.url().partition("?")[0]) as watching:
            before = await _commands(watching)
            async with MockOkta(Config(seed=seed, storage=storage), key_pool=shared_pool):
                sent.append(await _commands(watching) - before)
    assert sent[1] - sent[0] <= 2 * 8


async def _commands(watching: Redis) -> int:
    """Return how many commands clients have sent; those within scripts do not count."""
    counts = await watching.info("commandstats")
    sent = ("cmdstat_evalsha", "cmdstat_hmget")
    return sum(counts.get(name, {"calls": 0})["calls"] for name in sent)
