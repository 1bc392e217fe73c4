"""What was answered as done is kept, whatever dies; what cannot be done is answered with 503."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from mock_okta import Config, KeyPool, MockOkta, StartError
from tests.process.full_disk import small_disk
from tests.storage.redis_server import RedisServer, free_port, redis_server
from tests.visiting import SEED, Visitor

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="by POSIX's signals and file systems"),
    pytest.mark.process,
]
SIGN_INS = int(os.environ.get("STORAGE_SIGN_INS", "200"))
ROUNDS, AT_ONCE = 4, 8
PATIENCE = 300
EVERY_WRITE = ("--save", "", "--appendonly", "yes", "--appendfsync", "always")
SERVING = Path(__file__).with_name("serving_org.py")


@dataclass(frozen=True)
class Elsewhere:
    """An org of another process, as a visitor needs it."""

    url: str


@dataclass
class Done:
    """What an org has answered as done: codes that were redeemed, and the refresh tokens."""

    codes: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)


@asynccontextmanager
async def visiting(org: Any) -> AsyncIterator[Visitor]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        yield Visitor(org, http)


async def _sign_in(org: Any, done: Done) -> None:
    async with visiting(org) as visitor:
        code = await visitor.code()
        redeemed = await visitor.redeem(code)
        done.tokens.append(redeemed.json()["refresh_token"])
        done.codes.append(code)


async def _sign_ins_until_it_dies(org: Any, done: Done, kill: Callable[[], None]) -> None:
    """Sign in from several browsers at once; kill in the middle, when enough are done."""
    enough, reached = len(done.tokens) + SIGN_INS // ROUNDS, asyncio.Event()

    async def browser() -> None:
        with suppress(aiohttp.ClientError, KeyError, AssertionError, OSError):
            while True:
                await _sign_in(org, done)
                if len(done.tokens) >= enough:
                    reached.set()

    browsers = [asyncio.create_task(browser()) for _ in range(AT_ONCE)]
    await asyncio.wait_for(reached.wait(), PATIENCE)
    kill()
    await asyncio.gather(*browsers)


async def _nothing_is_lost(org: Any, done: Done) -> None:
    async with visiting(org) as visitor:
        for token in done.tokens:
            assert (await visitor.introspect(token))["active"] is True
        for code in done.codes[-3:]:  # each revokes what was issued for it
            assert (await visitor.redeem(code)).status == 400
        assert (await visitor.tokens())["access_token"]


@contextmanager
def served(port: int, storage: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process with the org, until the block ends."""
    command = (sys.executable, str(SERVING), str(port), storage)
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"serves\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture(params=["sqlite", "redis"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:{tmp_path / 'org.sqlite'}"
        return
    with redis_server(tmp_path / "redis") as server:
        yield server.url()


async def test_a_server_that_is_killed_has_lost_nothing_that_it_answered(storage: str) -> None:
    port, done = free_port(), Done()
    org = Elsewhere(f"http://localhost:{port}")
    for _ in range(ROUNDS):
        with served(port, storage) as process:
            await _sign_ins_until_it_dies(org, done, process.kill)
    with served(port, storage):
        await _nothing_is_lost(org, done)


@pytest.fixture
def careful(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis that has each write on the disk before it answers."""
    with redis_server(tmp_path / "redis", *EVERY_WRITE) as server:
        yield server


async def test_a_redis_that_is_killed_has_lost_nothing_that_was_answered(
    careful: RedisServer, shared_pool: KeyPool
) -> None:
    done = Done()
    config = Config(seed=SEED, storage=careful.url())
    async with MockOkta(config, key_pool=shared_pool) as org:
        for _ in range(ROUNDS):
            await _sign_ins_until_it_dies(org, done, careful.kill)
            await _is_unavailable(org)
            await asyncio.to_thread(careful.start)
            await _nothing_is_lost(org, Done(tokens=done.tokens[-20:]))
        await _nothing_is_lost(org, done)


async def _is_unavailable(org: Any) -> None:
    """Every kind of endpoint says so in Okta's form, and the log in one line."""
    async with visiting(org) as visitor:
        body = {"username": "tester@example.com", "password": "any"}
        answers = [
            await visitor.ask("POST", "/api/v1/authn", json=body),
            await visitor.ask("GET", "/api/v1/sessions/me"),
            await visitor.post("token", {"grant_type": "authorization_code"}),
        ]
    for answer in answers:
        assert (answer.status, answer.json()["errorCode"]) == (503, "E0000010")
        assert answer.headers["X-Okta-Request-Id"]


async def test_a_redis_that_is_lost_is_used_again_when_it_is_back(
    careful: RedisServer, shared_pool: KeyPool, caplog: pytest.LogCaptureFixture
) -> None:
    config = Config(seed=SEED, storage=careful.url())
    async with MockOkta(config, key_pool=shared_pool) as org, visiting(org) as visitor:
        session = await visitor.sign_in()
        careful.kill()
        await _is_unavailable(org)
        warned = [each for each in caplog.records if each.levelname == "WARNING"]
        assert warned
        assert all("redis://127.0.0.1" in each.getMessage() for each in warned)
        assert [each for each in caplog.records if each.exc_info] == []
        await asyncio.to_thread(careful.start)
        assert await visitor.session_id() == session
        assert await visitor.tokens()


async def test_a_redis_that_is_too_slow_is_waited_for_only_so_long(
    careful: RedisServer, shared_pool: KeyPool
) -> None:
    config = Config(seed=SEED, storage=f"{careful.url()}&socket_timeout=0.2")
    async with MockOkta(config, key_pool=shared_pool) as org, visiting(org) as visitor:
        session = await visitor.sign_in()
        assert careful.process is not None
        careful.process.send_signal(signal.SIGSTOP)
        try:
            await _is_unavailable(org)
        finally:
            careful.process.send_signal(signal.SIGCONT)
        assert await visitor.session_id() == session
        assert await visitor.tokens()


async def test_an_org_on_a_full_disk_answers_503_and_goes_on_when_there_is_room(
    tmp_path: Path, shared_pool: KeyPool
) -> None:
    with small_disk(tmp_path / "disk", "8m") as disk:
        config = Config(seed=SEED, storage=f"sqlite:{disk.folder / 'org.sqlite'}")
        async with MockOkta(config, key_pool=shared_pool) as org, visiting(org) as visitor:
            session = await visitor.sign_in()
            tokens = await visitor.tokens()
            disk.fill()
            if not disk.is_mounted:
                pytest.skip("only a file system of its own can be full")
            while (await visitor.ask("GET", "/api/v1/sessions/me")).status == 200:
                pass  # the log of changes has some room left
            await _is_unavailable(org)
            disk.make_room()
            assert await visitor.session_id() == session
            assert (await visitor.introspect(tokens["refresh_token"]))["active"] is True
            assert (await visitor.refresh(tokens["refresh_token"])).status == 200
        async with MockOkta(config, key_pool=shared_pool) as org, visiting(org) as visitor:
            assert await visitor.tokens()


async def test_an_org_that_finds_no_room_for_its_storage_says_so_and_leaves_no_file(
    tmp_path: Path, shared_pool: KeyPool
) -> None:
    with small_disk(tmp_path / "disk") as disk:
        disk.fill()
        config = Config(seed=SEED, storage=f"sqlite:{disk.folder / 'org.sqlite'}")
        with pytest.raises(StartError, match=r"full|Permission denied|disk I/O") as refusal:
            async with MockOkta(config, key_pool=shared_pool):
                pass
        assert "\n" not in str(refusal.value)
        disk.make_room()
        assert _names(disk.folder) == []


async def test_a_storage_that_is_damaged_while_it_serves_is_reported_and_not_replaced(
    tmp_path: Path, shared_pool: KeyPool
) -> None:
    path = tmp_path / "org.sqlite"
    config = Config(seed=SEED, storage=f"sqlite:{path}")
    async with MockOkta(config, key_pool=shared_pool):
        pass
    content = _spoilt(path)
    with pytest.raises(StartError, match="is damaged"):
        async with MockOkta(config, key_pool=shared_pool):
            pass
    assert _read(path) == content


def _spoilt(path: Path) -> bytes:
    """Overwrite half of the file; return what it is then."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] + bytes(len(content) - len(content) // 2))
    return path.read_bytes()


def _names(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


def _read(path: Path) -> bytes:
    return path.read_bytes()
