"""A full disk under the state directory: reported, not cached, and over once there is space."""

import asyncio
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from mock_okta import Config, MockOkta, StartError
from mock_okta.process.tls import AuthorityError
from tests.process.full_disk import Disk, small_disk
from tests.visiting import SEED, Visitor, header_of

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="by POSIX's file systems"),
    pytest.mark.process,  # which mounts the small disk
]
QUARTER = timedelta(days=91)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with small_disk(tmp_path / "disk") as disk:
        yield disk


async def _kids(visitor: Visitor, server: str = "default") -> list[str]:
    answer = await visitor.ask("GET", visitor.url("keys", server))
    assert answer.status == 200
    return [key["kid"] for key in answer.json()["keys"]]


async def _fails(visitor: Visitor, method: str, path: str, **body: object) -> None:
    answer = await visitor.ask(method, path, json=body or None)
    assert (answer.status, answer.json()["errorCode"]) == (500, "E0000009")


@pytest.mark.parametrize("tls", [False, True])
async def test_an_org_that_cannot_keep_its_keys_says_so_in_one_line(
    disk: Disk, *, tls: bool
) -> None:
    disk.fill()
    config = Config(seed=SEED, state_dir=disk.folder, storage="memory", tls=tls)
    with pytest.raises((StartError, AuthorityError), match=disk.why) as refusal:
        async with MockOkta(config):
            pass
    assert "\n" not in str(refusal.value)
    disk.make_room()
    async with MockOkta(config) as org:
        assert org.url


async def test_an_org_whose_keys_are_there_starts_on_a_full_disk(disk: Disk) -> None:
    config = Config(seed=SEED, state_dir=disk.folder, storage="memory")
    async with MockOkta(config) as org, aiohttp.ClientSession() as http:
        kids = await _kids(Visitor(org, http))
    disk.fill()
    async with MockOkta(config) as org, aiohttp.ClientSession() as http:
        assert await _kids(Visitor(org, http)) == kids
    disk.make_room()


async def test_keys_that_could_not_be_kept_come_when_there_is_room(
    disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "mock_okta")
    server = {"id": "late", "audiences": ["api://late"], "scopes": [{"name": "notes"}]}
    config = Config(seed=SEED, state_dir=disk.folder, storage="memory")
    async with MockOkta(config) as org, aiohttp.ClientSession() as http:
        visitor = Visitor(org, http)
        disk.fill()
        seed = {"authorization_servers": [server]}
        for _ in range(2):
            await _fails(visitor, "PUT", "/_mock/seed", **seed)
        told = [record for record in caplog.records if record.levelname == "WARNING"]
        assert len(told) == 2
        assert all(disk.why in record.getMessage() for record in told)
        assert [record for record in caplog.records if record.exc_info] == []
        assert (await visitor.ask("GET", visitor.url("keys", "late"))).status == 404
        disk.make_room()
        assert (await visitor.ask("PUT", "/_mock/seed", json=seed)).status == 200
        kids = await _kids(visitor, "late")
    async with MockOkta(config) as org, aiohttp.ClientSession() as http:
        visitor = Visitor(org, http)
        assert (await visitor.ask("PUT", "/_mock/seed", json=seed)).status == 200
        assert await _kids(visitor, "late") == kids
    names = await asyncio.to_thread(lambda: [each.name for each in disk.folder.rglob("*.tmp")])
    assert names == []


@pytest.mark.parametrize("by", ["request", "time"])
async def test_a_rotation_that_could_not_be_kept_happens_when_there_is_room(
    disk: Disk, by: str
) -> None:
    config = Config(seed=SEED, state_dir=disk.folder, storage="memory")
    async with MockOkta(config) as org, aiohttp.ClientSession() as http:
        visitor = Visitor(org, http)
        before = await _kids(visitor)
        disk.fill()
        if by == "request":
            body = {"authorization_server": "default"}
            await _fails(visitor, "POST", "/_mock/keys/rotate", **body)
            assert await _kids(visitor) == before
        else:
            org.clock.advance(QUARTER)
            await _fails(visitor, "GET", visitor.url("keys"))
        disk.make_room()
        if by == "request":
            await visitor.ask("POST", "/_mock/keys/rotate", json=body)
        after = await _kids(visitor)
        assert after[0] == before[1]
        token = (await visitor.tokens())["access_token"]
        assert header_of(token)["kid"] == after[0]
    async with MockOkta(config) as org, aiohttp.ClientSession() as http:
        assert (await _kids(Visitor(org, http)))[0] == after[0]


@pytest.mark.parametrize("back", ["/_mock/reset", "/_mock/snapshots/early/restore"])
async def test_an_org_that_cannot_go_back_stays_what_it_is(disk: Disk, back: str) -> None:
    config = Config(seed=SEED, state_dir=disk.folder, storage="memory")
    async with MockOkta(config) as org, aiohttp.ClientSession() as http:
        visitor = Visitor(org, http)
        assert (await visitor.ask("PUT", "/_mock/snapshots/early")).status == 200
        await visitor.sign_in()
        org.clock.advance(timedelta(minutes=5))
        disk.fill()
        before = org.clock.now()
        await _fails(visitor, "POST", back)
        assert org.clock.now() >= before
        assert (await visitor.ask("GET", "/api/v1/sessions/me")).status == 200
        disk.make_room()
        assert (await visitor.ask("POST", back)).status < 300
        assert (await visitor.ask("GET", "/api/v1/sessions/me")).status == 404
