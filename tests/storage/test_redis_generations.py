"""Going back in Redis: in parts, and nobody sees an org that is half of it."""

import asyncio
from itertools import count

import pytest
from redis.asyncio import Redis

from mock_okta.model.directory import Group
from mock_okta.storage import Storage, StorageError
from tests.storage.conforming import of
from tests.storage.redis_server import RedisServer
from tests.storage.test_redis import at

pytestmark = pytest.mark.process
_numbers = count()
MANY = [str(number) for number in range(15000)]
EARLIER = {"logins": {key: of("earlier") for key in MANY}}
LATER = {"logins": {key: of("later") for key in MANY}}


class Org:
    """An org that nobody else uses, and what the server has of it."""

    def __init__(self, redis: RedisServer) -> None:
        self._redis = redis
        self.name = f"g{next(_numbers)}"
        self.url = redis.url(self.name)
        self.prefix = f"mock_okta:{{{self.name}}}:"

    def asking(self) -> Redis:
        return Redis.from_url(self.url.partition("?")[0])

    async def names(self) -> set[str]:
        """Return the keys of its records."""
        async with self.asking() as asking:
            keys = [
                key.decode("latin-1")
                async for key in asking.scan_iter(f"{self.prefix}*", count=10000)
            ]
        return {key.removeprefix(self.prefix) for key in keys if "#" not in key}

    async def copies(self) -> list[bytes]:
        """Return the keys of what is copied to be read."""
        async with self.asking() as asking:
            pattern = f"{self.prefix}#copy*"
            return [key async for key in asking.scan_iter(pattern, count=10000)]

    def let_a_minute_pass(self, generation: str) -> None:
        """Let a generation be as old as it is when its process has long been dead."""
        assert self._redis.ask("ZADD", f"{self.prefix}#generations", "XX", "1", generation)

    async def has_only(self, names: set[str]) -> None:
        """Wait until the server has the records under these names alone."""
        async with asyncio.timeout(60):
            while await self.names() != names:
                pass


@pytest.fixture
def org(redis: RedisServer) -> Org:
    return Org(redis)


async def _seen(storage: Storage) -> set[str]:
    """Return what a request sees in the first, a middle and the last record."""
    await storage.refresh()
    found = await storage.logins.get_many([MANY[0], MANY[7500], MANY[-1]])
    return {each.user_id for each in found if each is not None}


async def test_each_script_writes_only_a_part(org: Org) -> None:
    async with at(org.url) as storage, org.asking() as asking:
        await storage.restore(EARLIER)
        before = (await asking.info("commandstats"))["cmdstat_evalsha"]["calls"]
        await storage.restore(LATER)
        after = (await asking.info("commandstats"))["cmdstat_evalsha"]["calls"]
        assert after - before > len(MANY) / 1000
        assert len(await storage.logins.values()) == len(MANY)


async def test_a_snapshot_is_of_one_time_and_is_read_in_parts(org: Org) -> None:
    async with at(org.url) as one, at(org.url) as other, org.asking() as asking:
        await one.restore(EARLIER)
        await other.refresh()
        taking = asyncio.create_task(one.records())
        while not await org.copies():
            assert not taking.done()
        await other.logins.take(MANY[0])
        await other.logins.put(MANY[-1], of("later"))
        assert (await taking)["logins"] == EARLIER["logins"]
        assert await org.copies() == []
        assert (await asking.info("commandstats"))["cmdstat_hscan"]["calls"] >= len(MANY) / 1000


async def test_everybody_sees_the_org_before_or_the_one_after(org: Org) -> None:
    async with at(org.url) as one, at(org.url) as other:
        await one.restore(EARLIER)
        assert await _seen(other) == {"earlier"}
        restoring = asyncio.create_task(one.restore(LATER))
        times = 0
        while not restoring.done():
            seen = await _seen(other)
            assert seen in ({"earlier"}, {"later"})
            times += seen == {"earlier"}
        assert times > 1
        assert await _seen(one) == await _seen(other) == {"later"}


async def test_a_request_that_began_before_goes_on_with_what_was_there(org: Org) -> None:
    async with at(org.url) as one, at(org.url) as other:
        await one.restore(EARLIER)
        async with other.request():
            await one.restore(LATER)
            assert await other.logins.get(MANY[-1]) == of("earlier")
        async with other.request():
            assert await other.logins.get(MANY[-1]) == of("later")


async def test_what_ends_in_the_middle_changes_nothing_and_is_removed(org: Org) -> None:
    async with at(org.url) as one, at(org.url) as other:
        await one.restore(EARLIER)
        org.let_a_minute_pass("")
        restoring = asyncio.create_task(one.restore(LATER))
        while "2:logins" not in await org.names():
            assert not restoring.done()
        restoring.cancel()
        await asyncio.wait((restoring,))
        assert await _seen(one) == await _seen(other) == {"earlier"}
    org.let_a_minute_pass("2")
    async with at(org.url) as storage:
        await org.has_only({"1:logins"})
        assert await _seen(storage) == {"earlier"}


async def test_what_was_there_before_is_removed_with_its_indexes(org: Org) -> None:
    async with at(org.url) as storage:
        await storage.groups.put("00g1", Group(id="00g1", name="Staff"))
        assert len(await org.names()) == 2  # the records, and those of that name
        await storage.restore(EARLIER)
        assert len(await org.names()) == 3
    org.let_a_minute_pass("")
    async with at(org.url):
        await org.has_only({"1:logins"})


async def test_who_was_thought_dead_does_not_bring_a_half_removed_org(org: Org) -> None:
    async with at(org.url) as storage:
        await storage.restore(EARLIER)
        restoring = asyncio.create_task(storage.restore(LATER))
        while "2:logins" not in await org.names():
            assert not restoring.done()
        org.let_a_minute_pass("2")
        with pytest.raises(StorageError, match="too long"):
            await restoring
        assert await _seen(storage) == {"earlier"}
