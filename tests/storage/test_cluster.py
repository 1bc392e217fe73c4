"""Redis Cluster with two servers: redirections, a slot that moves, a server that is lost."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from mock_okta.clock import Clock
from mock_okta.storage import Storage, StorageError, opened, place_of
from tests.storage.conforming import of
from tests.storage.redis_server import RedisServer, free_port, redis_server

pytestmark = pytest.mark.process
SLOTS = 16384


@contextmanager
def two_servers(folder: Path, shares: tuple[int, int]) -> Iterator[tuple[RedisServer, RedisServer]]:
    """Two servers that know each other; the first has so many slots, the second the next ones."""
    with ExitStack() as stack:
        ports = (free_port(), free_port())
        first, second = (
            stack.enter_context(
                redis_server(
                    folder / str(bus),
                    *("--cluster-enabled", "yes", "--cluster-port", str(bus), "--save", ""),
                )
            )
            for bus in ports
        )
        start = 0
        for server, share in zip((first, second), shares, strict=True):
            if share:
                told = server.ask("CLUSTER", "ADDSLOTSRANGE", str(start), str(start + share - 1))
                assert told == b"+OK\r\n"
            start += share
        first.ask("CLUSTER", "MEET", "127.0.0.1", str(second.port), str(ports[1]))
        _until(lambda: all(_knows_two(each) for each in (first, second)))
        yield first, second


def _knows_two(server: RedisServer) -> bool:
    info = server.ask("CLUSTER", "INFO")
    return b"cluster_state:ok" in info and b"cluster_known_nodes:2" in info


def _until(is_so: Callable[[], bool]) -> None:
    """Wait for servers, each look is a question to one; pytest's limit ends a wait for ever."""
    while not is_so():
        pass


def _id(server: RedisServer) -> str:
    return server.ask("CLUSTER", "MYID").split()[1].decode()


def _slot(server: RedisServer, org: str) -> int:
    return int(server.ask("CLUSTER", "KEYSLOT", f"mock_okta:{{{org}}}:logins")[1:])


@pytest.fixture(scope="module")
def halves(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[RedisServer, RedisServer]]:
    """Servers that have one half of the slots each."""
    half = SLOTS // 2
    with two_servers(tmp_path_factory.mktemp("halves"), (half, half)) as servers:
        yield servers


def _move(slot: int, source: RedisServer, target: RedisServer) -> None:
    """Move a slot with its keys as an administrator does."""
    ids = _id(source), _id(target)
    target.ask("CLUSTER", "SETSLOT", str(slot), "IMPORTING", ids[0])
    source.ask("CLUSTER", "SETSLOT", str(slot), "MIGRATING", ids[1])
    answer = source.ask("CLUSTER", "GETKEYSINSLOT", str(slot), "1000")
    keys = [key.decode() for key in answer.split(b"\r\n")[2::2]]
    port = str(target.port)
    moved = source.ask("MIGRATE", "127.0.0.1", port, "", "0", "5000", "KEYS", *keys)
    assert moved == b"+OK\r\n"
    for server in (target, source):
        assert server.ask("CLUSTER", "SETSLOT", str(slot), "NODE", ids[1]) == b"+OK\r\n"


async def test_any_server_of_a_cluster_leads_to_an_org(
    halves: tuple[RedisServer, RedisServer],
) -> None:
    orgs = [f"org{number}" for number in range(4)]
    assert len({_slot(halves[0], org) < SLOTS // 2 for org in orgs}) == 2
    for org in orgs:
        ways = [place_of(server.url(org)) for server in halves]
        async with opened(ways[0], Clock()) as one, opened(ways[1], Clock()) as other:
            await one.logins.put("a", of(org))
            await one.logins.put_many([("b", of("b")), ("c", of("c"))])
            assert await other.logins.take("a") == of(org)
            assert await one.logins.update("b", lambda _: of("changed")) == of("changed")
            assert (await other.records())["logins"] == {"b": of("changed"), "c": of("c")}
            await other.restore({})
            await one.refresh()
            assert await one.logins.values() == ()


def _read(storage: Storage) -> Awaitable[object]:
    return storage.logins.get("a")


def _together(storage: Storage) -> Awaitable[object]:
    return asyncio.gather(storage.logins.get("a"), storage.logins.put("b", of("b")))


@pytest.mark.parametrize("first", [_read, _together])
async def test_a_slot_that_moves_is_followed(
    halves: tuple[RedisServer, RedisServer], first: Callable[[Storage], Awaitable[object]]
) -> None:
    org = f"moving{first.__name__}"
    slot = await asyncio.to_thread(_slot, halves[0], org)
    source, target = halves if slot < SLOTS // 2 else halves[::-1]
    async with opened(place_of(source.url(org)), Clock()) as storage:
        await storage.logins.put("a", of("00u1"))
        await asyncio.to_thread(_move, slot, source, target)
        await first(storage)
        assert await storage.logins.take("a") == of("00u1")


def _replicate(primary: RedisServer, replica: RedisServer) -> None:
    _until(lambda: replica.ask("CLUSTER", "REPLICATE", _id(primary)) == b"+OK\r\n")
    _until(lambda: str(replica.port).encode() in primary.ask("CLUSTER", "SLOTS"))
    _until(lambda: b"master_link_status:up" in replica.ask("INFO", "replication"))


def _lose(primary: RedisServer, replica: RedisServer) -> None:
    """Kill the primary once the replica has all that was written, and let it take over."""
    _until(
        lambda: _offset(primary, b"master_repl_offset") == _offset(replica, b"slave_repl_offset")
    )
    primary.kill()
    assert replica.ask("CLUSTER", "FAILOVER", "TAKEOVER") == b"+OK\r\n"


def _offset(server: RedisServer, name: bytes) -> bytes:
    return server.ask("INFO", "replication").partition(name + b":")[2].partition(b"\r\n")[0]


async def test_an_org_goes_on_when_a_replica_takes_over(tmp_path: Path) -> None:
    with two_servers(tmp_path, (SLOTS, 0)) as (primary, replica):
        await asyncio.to_thread(_replicate, primary, replica)
        async with opened(place_of(primary.url("lost")), Clock()) as storage:
            await storage.logins.put("a", of("00u1"))
            await asyncio.to_thread(_lose, primary, replica)
            with pytest.raises(StorageError, match="Connection"):
                await storage.logins.get("a")
            assert await storage.logins.get("a") == of("00u1")
            await storage.logins.put("b", of("b"))
