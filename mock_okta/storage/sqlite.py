"""The backend in a SQLite file: for one machine, and any number of processes on it."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from mock_okta.clock import Clock
from mock_okta.storage.ports import Collection, Counter, Kept, Key, Log, Logged, StoredRecords
from mock_okta.storage.rows import instant, key_of, stored, stored_key
from mock_okta.storage.sqlite_file import SETUP_VERSION, connected
from mock_okta.storage.sqlite_tables import CounterTable, LogTable, Table
from mock_okta.storage.sqlite_thread import SqliteThread
from mock_okta.storage.together import Together, stored_by_the_end

__all__ = ["SqliteBackend"]

T = TypeVar("T")
R = TypeVar("R")
_Connection = sqlite3.Connection
_BETWEEN_SWEEPS = timedelta(minutes=1)


class SqliteCollection(Generic[T]):
    """A table; each method is one piece of work for the thread."""

    def __init__(self, table: Table[T], kept: Kept, clock: Clock, backend: "SqliteBackend") -> None:
        self._table = table
        self._rows = table.rows
        self._is_setup = kept.is_setup
        self._clock = clock
        self._backend = backend

    async def get(self, key: Key) -> T | None:
        return await self._read(partial(self._found, stored_key(key), self._clock.now()))

    async def get_many(self, keys: Sequence[Key]) -> Sequence[T | None]:
        now, names = self._clock.now(), [stored_key(key) for key in keys]
        return await self._read(lambda db: [self._found(name, now, db) for name in names])

    async def put(self, key: Key, record: T) -> None:
        put = partial(self._put, stored_key(key), record, self._clock.now())
        written = self._write(put, sweeps=True)
        await (written if self._is_setup else stored_by_the_end(written))

    async def put_many(self, records: Sequence[tuple[Key, T]]) -> None:
        rows = [(stored_key(key), self._rows.row(record)) for key, record in records]
        now = self._now(self._clock.now())
        parameters = [[*self._table.parameters(key, row), *now] for key, row in rows]

        def put(db: _Connection) -> None:
            db.executemany(self._table.put, parameters)

        await self._write(put, sweeps=True)

    async def add(self, key: Key, record: T) -> bool:
        parameters = self._table.parameters(stored_key(key), self._rows.row(record))
        parameters += self._now(self._clock.now())

        def added(db: _Connection) -> bool:
            return db.execute(self._table.add, parameters).rowcount == 1

        return await self._write(added, sweeps=True)

    async def take(self, key: Key) -> T | None:
        now, name = self._clock.now(), stored_key(key)

        def taken(db: _Connection) -> T | None:
            record = self._found(name, now, db)
            db.execute(self._table.delete, (name,))
            return record

        return await self._write(taken)

    async def update(self, key: Key, change: Callable[[T], T]) -> T | None:
        now, name = self._clock.now(), stored_key(key)

        def updated(db: _Connection) -> T | None:
            record = self._found(name, now, db)
            return None if record is None else self._put(name, change(record), now, db)

        return await self._write(updated)

    async def upsert(self, key: Key, change: Callable[[T | None], T]) -> T:
        now, name = self._clock.now(), stored_key(key)

        def upserted(db: _Connection) -> T:
            return self._put(name, change(self._found(name, now, db)), now, db)

        return await self._write(upserted, sweeps=True)

    async def values(self) -> Sequence[T]:
        now = self._now(self._clock.now())

        def found(db: _Connection) -> Sequence[T]:
            items = db.execute(self._table.items, now)
            return tuple([self._rows.record(record) for _, record in items])

        return await self._read(found)

    async def all_by(self, index: str, value: Key) -> Sequence[T]:
        return await self._by(f"SELECT record {self._table.by[index]} ORDER BY n", value)

    async def one_by(self, index: str, value: Key) -> T | None:
        found = await self._by(f"SELECT record {self._table.by[index]} ORDER BY n LIMIT 1", value)
        return found[0] if found else None

    async def remove_by(self, index: str, value: Key) -> None:
        await self._write(partial(_done, self._table.remove[index], (stored_key(value),)))

    async def clear(self) -> None:
        await self._write(partial(_done, self._table.clear, ()))

    async def _by(self, statement: str, value: Key) -> Sequence[T]:
        parameters = (stored_key(value), *self._now(self._clock.now()))

        def found(db: _Connection) -> Sequence[T]:
            return tuple([self._rows.record(each) for (each,) in db.execute(statement, parameters)])

        return await self._read(found)

    def _found(self, key: bytes, now: datetime, db: _Connection) -> T | None:
        row = db.execute(self._table.get, (key,)).fetchone()
        return None if row is None else self._rows.living(row[0], now)

    def _put(self, key: bytes, record: T, now: datetime, db: _Connection) -> T:
        parameters = self._table.parameters(key, self._rows.row(record))
        db.execute(self._table.put, [*parameters, *self._now(now)])
        return record

    def _now(self, now: datetime) -> Sequence[int]:
        """Return the parameter of statements that ask for the time."""
        return (instant(now),) if self._rows.can_expire else ()

    async def _read(self, work: Callable[[_Connection], R]) -> R:
        return await self._backend.thread.read(work)

    def _write(
        self, work: Callable[[_Connection], R], *, sweeps: bool = False
    ) -> asyncio.Future[R]:
        swept = self._backend.due_sweep() if sweeps else None
        if not self._is_setup and swept is None:
            return self._backend.thread.write(work)

        def all_of_it(db: _Connection) -> R:
            result = work(db)
            if self._is_setup:
                count_change(db)
            if swept is not None:
                swept(db)
            return result

        return self._backend.thread.write(all_of_it)


class SqliteLog(Generic[T]):
    """A table that is trimmed with each new record."""

    def __init__(self, table: LogTable[T], logged: Logged, backend: "SqliteBackend") -> None:
        self._table = table
        self._decoder: msgspec.msgpack.Decoder[T] = msgspec.msgpack.Decoder(logged.record)
        self._backend = backend

    async def append(self, record: T, size: int) -> None:
        data = stored(record)
        await self._backend.thread.write(lambda db: self._table.append(db, data, size))

    async def values(self) -> Sequence[T]:
        return [
            self._decoder.decode(each)
            for each in await self._backend.thread.read(self._table.values)
        ]

    async def newest(self) -> T | None:
        data = await self._backend.thread.read(self._table.newest)
        return None if data is None else self._decoder.decode(data)

    async def clear(self) -> None:
        await self._backend.thread.write(self._table.clear)


class SqliteCounter:
    """A table of the counts of one window."""

    def __init__(self, table: CounterTable, backend: "SqliteBackend") -> None:
        self._table = table
        self._backend = backend

    def count(self, name: str, window: int) -> asyncio.Future[int]:
        return self._backend.thread.write(partial(self._table.count, name, window))


class SqliteBackend:
    """Collections in one file, swept together once a minute of the org's clock.

    A change that was answered survives the end of the process, however it ends. Writers wait for
    one another, also in other processes: a write that has nothing to wait for takes some 30 µs.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._clock = clock
        self._swept_at = clock.now()
        self._tables: dict[str, Table[Any]] = {}
        self._unsaved: list[LogTable[Any] | CounterTable] = []
        self._lasting: set[str] = set()
        self.thread = SqliteThread(
            lambda: connected(path, [*self._tables.values(), *self._unsaved]), str(path)
        )

    def open(self, name: str, kept: Kept) -> Collection[Any]:
        table = self._tables[name] = Table[Any](name, kept)
        if kept.outlives_reset:
            self._lasting.add(name)
        return SqliteCollection[Any](table, kept, self._clock, self)

    def open_log(self, name: str, logged: Logged) -> Log[Any]:
        table = LogTable[Any](name, logged)
        self._unsaved.append(table)
        return SqliteLog[Any](table, logged, self)

    def open_counter(self, name: str) -> Counter:
        table = CounterTable(name)
        self._unsaved.append(table)
        return SqliteCounter(table, self)

    def together(self) -> AbstractAsyncContextManager[None]:
        return Together()

    async def start(self) -> None:
        await self.thread.start()

    async def setup_version(self) -> int:
        return await self.thread.read(_setup_version)

    async def close(self) -> None:
        await self.thread.close()

    async def records(self, *names: str) -> StoredRecords:
        now = instant(self._clock.now())

        def found(db: _Connection) -> StoredRecords:
            return {
                table.name: {
                    key_of(key): table.rows.record(record)
                    for key, record in db.execute(
                        table.items, (now,) if table.rows.can_expire else ()
                    )
                }
                for table in self._forgetful()
                if not names or table.name in names
            }

        return await self.thread.write(found)  # so that no other process changes something

    async def restore(self, records: StoredRecords) -> None:
        def rows_of(_: _Connection) -> dict[Table[Any], Sequence[Sequence[Any]]]:
            return {
                table: [
                    table.parameters(stored_key(key), table.rows.row(record))
                    for key, record in records.get(table.name, {}).items()
                ]
                for table in self._forgetful()
            }

        rows = await self.thread.read(rows_of)  # many take seconds, which no event loop must wait

        def restored(db: _Connection) -> None:
            for table, parameters in rows.items():
                db.execute(table.clear)
                db.executemany(table.insert, parameters)
            for each in self._unsaved:
                each.clear(db)
            count_change(db)

        await self.thread.write(restored)

    def due_sweep(self) -> Callable[[_Connection], None] | None:
        """Return what removes expired records, if that was last done a minute ago."""
        now = self._clock.now()
        if timedelta() <= now - self._swept_at < _BETWEEN_SWEEPS:
            return None
        self._swept_at = now
        return partial(self._sweep, instant(now))

    def _sweep(self, now: int, db: _Connection) -> None:
        for table in self._tables.values():
            if table.sweep is not None:
                db.execute(table.sweep, (now,))

    def _forgetful(self) -> Sequence[Table[Any]]:
        """Return the tables of what a reset changes."""
        return [each for name, each in self._tables.items() if name not in self._lasting]


def _done(statement: str, parameters: Sequence[Any], db: _Connection) -> None:
    db.execute(statement, parameters)


def count_change(db: _Connection) -> None:
    """Note that a set-up collection changes."""
    db.execute("UPDATE numbers SET value = value + 1 WHERE name = ?", (SETUP_VERSION,))


def _setup_version(db: _Connection) -> int:
    (version,) = db.execute("SELECT value FROM numbers WHERE name = ?", (SETUP_VERSION,)).fetchone()
    return int(version)
