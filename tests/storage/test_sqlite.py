"""The backend in a SQLite file keeps what storage promises, and what a file adds to it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, closing
from pathlib import Path

import pytest

from mock_okta import Clock
from mock_okta.model.directory import Login
from mock_okta.storage import Storage, StorageError, opened, place_of
from mock_okta.storage.rows import LAYOUT
from tests.storage.conformance import StorageConformance
from tests.storage.conforming import exchange, granted, of, one_more


class TestSqlite(StorageConformance):
    @pytest.fixture
    async def storage(self, clock: Clock, tmp_path: Path) -> AsyncIterator[Storage]:
        async with opened(place_of(f"sqlite:{tmp_path}/org.sqlite"), clock) as storage:
            yield storage


def at(path: Path) -> AbstractAsyncContextManager[Storage]:
    """The storage in a file, with the machine's time."""
    return opened(place_of(f"sqlite:{path}"), Clock())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "org.sqlite"


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def read(path: Path) -> bytes:
    return path.read_bytes()


def mode_of(path: Path) -> int:
    return path.stat().st_mode


async def _refusal(path: Path) -> str:
    with pytest.raises(StorageError) as refusal:
        async with at(path):
            pass
    assert "\n" not in str(refusal.value)
    assert str(path) in str(refusal.value)
    return str(refusal.value)


async def test_what_is_stored_survives(path: Path) -> None:
    async with at(path) as storage:
        await storage.logins.put("a", of("00u1"))
        await storage.recorded_requests.append(exchange("r"), 1)
    async with at(path) as storage:
        assert await storage.logins.get("a") == of("00u1")
        assert [each.id for each in await storage.recorded_requests.values()] == ["r"]


async def test_nobody_but_the_owner_can_read_the_file(path: Path) -> None:
    async with at(path):
        assert mode_of(path) & 0o077 == 0


async def test_two_storages_in_one_file_see_what_the_other_does(path: Path) -> None:
    async with at(path) as one, at(path) as other:
        await one.logins.put("a", of("00u1"))
        assert await other.logins.take("a") == of("00u1")
        assert await one.logins.get("a") is None


async def test_storages_that_make_the_file_at_the_same_time_share_it(path: Path) -> None:
    async with AsyncExitStack() as stack:
        storages = await asyncio.gather(*(stack.enter_async_context(at(path)) for _ in range(8)))
        await asyncio.gather(*(each.logins.upsert("a", one_more) for each in storages))
        assert await storages[0].logins.get("a") == of(8 * "x")
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "it is empty"),
        (b"no database " * 1000, "file is not a database"),
    ],
)
async def test_a_file_that_is_no_storage_is_refused_and_stays(
    path: Path, content: bytes, told: str
) -> None:
    write(path, content)
    assert told in await _refusal(path)
    assert read(path) == content


async def test_the_database_of_another_program_is_refused(path: Path) -> None:
    write(path, b"")
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE theirs (a)")
    assert "it has another mark" in await _refusal(path)


async def test_a_file_of_another_version_is_refused(path: Path) -> None:
    async with at(path):
        pass
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version = {LAYOUT + 1}")
    assert f"layout {LAYOUT + 1}, here {LAYOUT}" in await _refusal(path)


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
async def test_a_damaged_file_is_refused(path: Path, part: float) -> None:
    async with at(path) as storage:
        for number in range(500):
            await storage.logins.put(f"{number}@example.com", of("00u1"))
    content = read(path)
    start = int(len(content) * part)
    middle = bytes(byte ^ 0xA5 for byte in content[start : start + 8192])
    write(path, content[:start] + middle + content[start + 8192 :])
    assert "is damaged" in await _refusal(path)


async def test_a_folder_in_the_place_of_the_file_is_refused(path: Path) -> None:
    write(path / "file", b"")
    assert "cannot be used" in await _refusal(path)


async def test_a_record_that_cannot_be_read_is_reported(path: Path) -> None:
    async with at(path) as storage:
        await storage.logins.put("a", of("00u1"))
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("UPDATE logins SET record = x'c1'")
        with pytest.raises(StorageError, match="a record of logins cannot be read"):
            await storage.logins.get("a")


async def test_a_table_gets_indexes_that_an_earlier_version_did_not_have(path: Path) -> None:
    async with at(path) as storage:
        for family in ("b", "a"):
            await storage.refresh_tokens.put(family, granted(family, at=Clock().now()))
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP INDEX refresh_tokens_by_client_id")
        database.execute("ALTER TABLE refresh_tokens DROP COLUMN by_client_id")
    async with at(path) as storage:
        found = await storage.refresh_tokens.all_by("client_id", "0oa1")
    assert [each.family for each in found] == ["b", "a"]


async def test_work_that_fails_spoils_nothing_that_waited_beside_it(path: Path) -> None:
    def refuse(_: Login | None) -> Login:
        raise LookupError

    async with at(path) as storage:
        results = await asyncio.gather(
            storage.logins.put("a", of("00u1")),
            storage.logins.upsert("b", refuse),
            storage.logins.put("c", of("00u3")),
            return_exceptions=True,
        )
        assert [type(each) for each in results] == [type(None), LookupError, type(None)]
        assert list(await storage.logins.values()) == [of("00u1"), of("00u3")]
