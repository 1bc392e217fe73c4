"""The backend in Redis keeps what storage promises, and what a server adds to it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Thread
from types import MappingProxyType

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis, RedisCluster

from mock_okta import Clock
from mock_okta.model.directory import Login
from mock_okta.model.sessions import SessionToken
from mock_okta.storage import COLLECTIONS, Storage, StorageError, opened, place_of
from mock_okta.storage.rows import LAYOUT
from tests.storage.conformance import StorageConformance
from tests.storage.conforming import exchange, granted, marked, of, one_more, user
from tests.storage.redis_server import RedisServer, free_port, redis_server

pytestmark = pytest.mark.process
_numbers = count()
AT = datetime(2031, 1, 1, tzinfo=UTC)
YEARS = timedelta(days=36500)


class TestRedis(StorageConformance):
    @pytest.fixture
    async def storage(self, clock: Clock, redis: RedisServer) -> AsyncIterator[Storage]:
        async with opened(place_of(redis.url(f"c{next(_numbers)}")), clock) as storage:
            yield storage


@pytest.fixture
def url(redis: RedisServer) -> str:
    """An org that nobody else uses."""
    return redis.url(f"t{next(_numbers)}")


def at(url: str) -> AbstractAsyncContextManager[Storage]:
    return opened(place_of(url), Clock())


async def _refusal(url: str) -> str:
    with pytest.raises(StorageError) as refusal:
        async with at(url):
            pass
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


async def test_what_is_stored_survives_the_process(url: str) -> None:
    async with at(url) as storage:
        await storage.logins.put("a", of("00u1"))
        await storage.recorded_requests.append(exchange("r"), 1)
    async with at(url) as storage:
        assert await storage.logins.get("a") == of("00u1")
        assert [each.id for each in await storage.recorded_requests.values()] == ["r"]


async def test_orgs_of_other_names_share_nothing(redis: RedisServer, url: str) -> None:
    async with at(url) as one, at(redis.url("other")) as other:
        for storage in (one, other):
            await storage.logins.put("a", of("00u1"))
        await one.clear()
        assert list(await one.logins.values()) == []
        assert list(await other.logins.values()) == [of("00u1")]


async def test_storages_of_one_org_see_what_the_other_does(url: str) -> None:
    async with at(url) as one, at(url) as other:
        await one.logins.put("a", of("00u1"))
        assert await other.logins.take("a") == of("00u1")
        assert await one.logins.get("a") is None


async def test_an_upsert_sees_what_another_process_wrote(url: str) -> None:
    async with at(url) as one, at(url) as other:
        for storage in (one, other, other, one):
            await storage.logins.upsert("a", one_more)
        assert await one.logins.get("a") == of("xxxx")
        await other.logins.take("a")
        assert await one.logins.upsert("a", one_more) == of("x")


async def test_changes_of_one_record_in_a_process_wait_and_do_not_try_again(url: str) -> None:
    tried: list[Login] = []

    def change(kept: Login) -> Login:
        tried.append(kept)
        return marked(kept)

    async with at(url) as storage:
        await storage.logins.put("a", of(""))
        await asyncio.gather(*(storage.logins.update("a", change) for _ in range(20)))
        assert await storage.logins.get("a") == of(20 * "x")
    assert len(tried) == 20


async def test_what_came_along_answers_one_question_and_none_after_it(url: str) -> None:
    token = SessionToken(user_id="00u1", amr=("pwd",), authenticated_at=AT, expires_at=AT + YEARS)
    async with at(url) as one, at(url) as other:
        await one.session_tokens.put("a", token)
        for number, between in enumerate((None, lambda: one.logins.get("a"))):
            await other.users.put("00u1", user(f"before {number}"))
            async with one.request():
                assert await one.session_tokens.get("a") == token
                if between is not None:
                    await between()
                    await other.users.put("00u1", user(f"after {number}"))
                    assert await one.users.get("00u1") == user(f"after {number}")
                assert await one.users.get("00u1") is not None
                await other.users.put("00u1", user("at last"))
                assert await one.users.get("00u1") == user("at last")


async def test_a_request_ends_with_the_error_of_what_it_could_not_store(tmp_path: Path) -> None:
    with redis_server(tmp_path / "redis", "--save", "") as server:
        async with at(server.url()) as storage:
            await storage.logins.put("a", of("00u1"))
            server.ask("CONFIG", "SET", "maxmemory", "1")
            request = storage.request()
            await request.__aenter__()
            await storage.logins.put("a", of("00u2"))
            with pytest.raises(StorageError):
                await request.__aexit__(None, None, None)
            server.ask("CONFIG", "SET", "maxmemory", "0")
            assert await storage.logins.get("a") == of("00u1")


async def test_what_waits_together_goes_out_together(redis: RedisServer, url: str) -> None:
    async with at(url) as storage:
        await storage.logins.get("a")
        async with Redis.from_url(redis.url().partition("?")[0]) as watching:
            before = (await watching.info("stats"))["total_reads_processed"]
            await asyncio.gather(*(storage.logins.upsert(str(n), one_more) for n in range(20)))
            after = (await watching.info("stats"))["total_reads_processed"]
    assert after - before <= 4  # one of them is the question itself


async def test_a_server_that_forgot_the_scripts_gets_them_again(
    redis: RedisServer, url: str
) -> None:
    async with at(url) as storage:
        await storage.logins.put("a", of("00u1"))
        redis.ask("SCRIPT", "FLUSH")
        await asyncio.gather(*(storage.logins.upsert(key, one_more) for key in "bcd"))
        assert len(await storage.logins.values()) == 4


async def test_a_server_that_comes_back_is_used_again(tmp_path: Path) -> None:
    with redis_server(
        tmp_path / "redis", "--appendonly", "yes", "--appendfsync", "always"
    ) as server:
        async with at(server.url()) as storage:
            await storage.logins.put("a", of("00u1"))
            server.kill()
            with pytest.raises(StorageError):
                await storage.logins.get("a")
            server.start()
            assert await storage.logins.get("a") == of("00u1")
            assert await storage.logins.upsert("a", one_more) == of("00u1x")


async def test_data_of_another_version_is_refused(redis: RedisServer, url: str) -> None:
    async with at(url):
        pass
    redis.ask("SET", f"mock_okta:{{{place_of(url).org}}}:#layout", str(LAYOUT + 1))
    assert f"layout {LAYOUT + 1}, here {LAYOUT}" in await _refusal(url)


async def test_records_get_indexes_that_an_earlier_version_did_not_have(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, earlier = COLLECTIONS["refresh_tokens"], ("server_id", "user_id")
    old = MappingProxyType({**COLLECTIONS, "refresh_tokens": replace(now, indexes=earlier)})
    with monkeypatch.context() as patch:
        patch.setattr("mock_okta.storage.collections.COLLECTIONS", old)
        async with at(url) as storage:
            for family in ("b", "a"):
                await storage.refresh_tokens.put(family, granted(family, at=Clock().now()))
            await storage.logins.put("a", of("00u1"))
    async with at(url) as storage:
        for index, value in (("client_id", "0oa1"), ("user_id", "00u1"), ("server_id", "default")):
            found = await storage.refresh_tokens.all_by(index, value)
            assert [each.family for each in found] == ["b", "a"]
        await storage.refresh_tokens.remove_by("client_id", "0oa1")
        assert await storage.refresh_tokens.one_by("user_id", "00u1") is None
        assert await storage.logins.get("a") == of("00u1")


async def test_an_update_after_a_read_sees_what_another_process_did_meanwhile(url: str) -> None:
    async with at(url) as one, at(url) as other:
        await one.logins.put("a", of(""))
        assert await one.logins.get("a") == of("")
        await other.logins.update("a", one_more)
        assert await one.logins.update("a", one_more) == of("xx")
        await other.logins.take("a")
        assert await one.logins.update("a", one_more) is None


async def test_a_server_that_is_not_there_is_reported() -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        told = await _refusal(f"redis://user:hidden@127.0.0.1:{taken.getsockname()[1]}/0")
    assert told.startswith("redis://127.0.0.1:")
    assert "connecting to 127.0.0.1" in told
    assert "hidden" not in told


@pytest.mark.parametrize(
    ("policy", "warns"), [("allkeys-lru", True), ("volatile-lru", False), ("noeviction", False)]
)
async def test_a_server_that_may_drop_records_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, policy: str, *, warns: bool
) -> None:
    options = ("--save", "", "--maxmemory", "100mb", "--maxmemory-policy", policy)
    with redis_server(tmp_path / "redis", *options) as server:
        async with at(server.url()):
            pass
    assert [policy in each for each in caplog.messages] == warns * [True]


@pytest.mark.parametrize("option", ["nonsense=1", "socket_timeout=soon"])
async def test_an_option_that_redis_py_does_not_take_is_reported(url: str, option: str) -> None:
    told = await _refusal(f"{url}&{option}")
    assert "an option after the ? is wrong" in told
    assert option.partition("=")[0] in told


@contextmanager
def answering(*answers: bytes) -> Iterator[int]:
    """A server that gives these answers to one caller, whatever it says; its port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def serve() -> None:
            with closing(listening.accept()[0]) as connection:
                for answer in answers:
                    connection.recv(65536)
                    connection.sendall(answer)
                connection.recv(65536)

        thread = Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


async def test_a_server_that_is_too_old_is_reported() -> None:
    info = b"redis_version:5.0.14\r\nredis_mode:standalone\r\n"
    with answering(b"$%d\r\n%s\r\n" % (len(info), info)) as port:
        told = await _refusal(f"redis://127.0.0.1:{port}")
    assert told.endswith("is Redis 5.0.14, but 6.2 or newer is needed")


async def test_a_server_of_another_kind_is_reported() -> None:
    with answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        assert (await _refusal(f"redis://127.0.0.1:{port}")).startswith("redis://127.0.0.1:")


async def test_a_password_is_needed_and_never_shown(tmp_path: Path) -> None:
    with redis_server(tmp_path / "redis", "--save", "") as server:
        server.ask("CONFIG", "SET", "requirepass", "correct-horse")
        place = f"127.0.0.1:{server.port}/0"
        async with at(f"redis://:correct-horse@{place}") as storage:
            await storage.logins.put("a", of("00u1"))
        for user in ("", ":hidden-word@"):
            told = await _refusal(f"redis://{user}{place}")
            assert place in told
            assert "hidden-word" not in told


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A cluster of one server, which has all slots."""
    folder = tmp_path_factory.mktemp("cluster")
    bus = ("--cluster-port", str(free_port()))
    with redis_server(folder, "--cluster-enabled", "yes", *bus, "--save", "") as server:
        assert server.ask("CLUSTER", "ADDSLOTSRANGE", "0", "16383") == b"+OK\r\n"
        while b"cluster_state:ok" not in server.ask("CLUSTER", "INFO"):
            assert server.process is not None
            assert server.process.poll() is None
        yield server


class TestCluster(StorageConformance):
    @pytest.fixture
    async def storage(self, clock: Clock, cluster: RedisServer) -> AsyncIterator[Storage]:
        async with opened(place_of(cluster.url(f"c{next(_numbers)}")), clock) as storage:
            yield storage


async def test_all_keys_of_an_org_are_in_one_slot(cluster: RedisServer) -> None:
    url, clock = cluster.url("slots"), Clock()
    async with at(url) as storage, RedisCluster.from_url(url.partition("?")[0]) as asking:
        token = granted("family", at=clock.now())
        await storage.refresh_tokens.put("a", token)
        await storage.logins.put("a", of("00u1"))
        await storage.clients.clear()
        await storage.recorded_requests.append(exchange("r"), 1)
        keys = [key async for key in asking.scan_iter("*slots*")]
        slots = {await asking.cluster_keyslot(key.decode("latin-1")) for key in keys}
    names = {key.partition(b"}:")[2].partition(b":")[0] for key in keys}
    assert {b"refresh_tokens", b"logins", b"recorded_requests", b"#state", b"#layout"} <= names
    assert len(keys) > 9
    assert len(slots) == 1
