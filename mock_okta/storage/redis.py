"""The backend in Redis or Valkey: for any number of processes on any number of machines."""

import asyncio
import struct
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any, Generic, TypeVar

import msgspec

from mock_okta.clock import Clock
from mock_okta.storage.ports import Collection, Kept, Key, Log, Logged, StorageError, StoredRecords
from mock_okta.storage.redis_link import Link
from mock_okta.storage.redis_scripts import (
    APPEND,
    BY,
    CLEAR,
    NEVER,
    RECORDS,
    REMOVE_BY,
    RESTORE,
    SWEEP,
    TAKE,
    WRITE,
)
from mock_okta.storage.rows import LAYOUT, Rows, instant, key_of, stored, stored_key

__all__ = ["RedisBackend", "RedisCollection"]

T = TypeVar("T")
_BETWEEN_SWEEPS = timedelta(minutes=1)
_HEAD = struct.Struct(">dddI")
_ROW = struct.Struct(">dI")
_SIZE = struct.Struct(">I")
_ORDER = 8  # bytes of a value that are its order; as bytes they sort as the numbers do
_ROWS_AT_ONCE = 500
_MOST_REMEMBERED = 1000


class RedisCollection(Generic[T]):
    """A hash, with sorted sets for its indexes and for what expires."""

    def __init__(self, name: str, kept: Kept, backend: "RedisBackend") -> None:
        self.hash = backend.key(name)
        self.rows = Rows[T](name, kept)
        self._backend = backend
        self._link = backend.link
        self._clock = backend.clock
        self._setup = [backend.setup_key] if kept.is_setup else []
        self._indexes = {index: f"{self.hash}:{index}:".encode() for index in kept.indexes}
        self._remembered: dict[bytes, tuple[int, T]] = {}

    async def get(self, key: Key) -> T | None:
        return self._living(await self._link.ask("HGET", self.hash, stored_key(key)))

    async def get_many(self, keys: Sequence[Key]) -> Sequence[T | None]:
        if not keys:
            return []
        found = await self._link.ask("HMGET", self.hash, *map(stored_key, keys))
        return [self._living(value) for value in found]

    async def put(self, key: Key, record: T) -> None:
        await self._written("", stored_key(key), record)
        await self._backend.sweep()

    async def add(self, key: Key, record: T) -> bool:
        answer = await self._written(0, stored_key(key), record)
        await self._backend.sweep()
        return isinstance(answer, int)

    async def take(self, key: Key) -> T | None:
        keys = [self.hash, *self._setup]
        return self._living(await self._link.run(TAKE, keys, stored_key(key)))

    async def update(self, key: Key, change: Callable[[T], T]) -> T | None:
        name = stored_key(key)
        value = await self._link.ask("HGET", self.hash, name)
        while (record := self._living(value)) is not None:
            changed = change(record)
            answer = await self._written(_revision(value), name, changed)
            if isinstance(answer, int):
                return changed
            value = answer
        return None

    async def upsert(self, key: Key, change: Callable[[T | None], T]) -> T:
        """Guess the record: nobody but this process may have changed it since the last time."""
        name = stored_key(key)
        revision, record = self._remembered.pop(name, (0, None))
        if record is not None and self.rows.has_expired(record, self._clock.now()):
            revision, record = 0, None
        while True:
            changed = change(record)
            answer = await self._written(revision, name, changed)
            if isinstance(answer, int):
                break
            record = self._living(answer)
            revision = 0 if record is None else _revision(answer)
        if len(self._remembered) < _MOST_REMEMBERED:
            self._remembered[name] = answer, changed
        await self._backend.sweep()
        return changed

    async def values(self) -> Sequence[T]:
        values: list[bytes] = await self._link.ask("HVALS", self.hash)
        return self._all_living(sorted(values, key=_order))

    async def all_by(self, index: str, value: Key) -> Sequence[T]:
        return self._all_living(await self._by(index, value, most=-1))

    async def one_by(self, index: str, value: Key) -> T | None:
        found = self._all_living(await self._by(index, value, most=1))
        return found[0] if found else None

    async def remove_by(self, index: str, value: Key) -> None:
        await self._link.run(REMOVE_BY, [self.hash, self._index(index, value), *self._setup])

    async def clear(self) -> None:
        await self._link.run(CLEAR, [self.hash, *self._setup])

    def packed(self, key: Key, record: Any) -> bytes:
        """Return a record as RESTORE reads it."""
        data, expires_at, indexes = self._row(record)
        parts = (self.hash.encode(), stored_key(key), data, *indexes)
        sized = b"".join(_SIZE.pack(len(part)) + part for part in parts)
        return _ROW.pack(expires_at, len(indexes)) + sized

    def unpacked(self, pairs: Sequence[bytes]) -> dict[Key, object]:
        """Return the living records in keys and values, in order."""
        both = zip(pairs[::2], pairs[1::2], strict=True)
        records = (
            (key_of(key), self._living(value))
            for key, value in sorted(both, key=lambda pair: _order(pair[1]))
        )
        return {key: record for key, record in records if record is not None}

    def _by(self, index: str, value: Key, *, most: int) -> asyncio.Future[list[bytes]]:
        keys = [self.hash, self._index(index, value)]
        return self._link.run(BY, keys, instant(self._clock.now()), most)

    def _index(self, index: str, value: Key) -> bytes:
        return self._indexes[index] + stored_key(value)

    def _written(self, condition: int | str, key: bytes, record: T) -> asyncio.Future[Any]:
        """Write the record; the answer is its revision, or the value that is there instead."""
        data, expires_at, indexes = self._row(record)
        keys = [self.hash, self._backend.counter_key, *self._setup]
        now = instant(self._clock.now())
        return self._link.run(WRITE, keys, condition, now, key, data, expires_at, *indexes)

    def _row(self, record: T) -> tuple[bytes, int, Sequence[bytes]]:
        row = self.rows.row(record)
        prefixes = self._indexes.values()
        indexes = [
            b"" if value is None else prefix + value
            for prefix, value in zip(prefixes, row.indexed, strict=True)
        ]
        return row.record, NEVER if row.expires_at is None else row.expires_at, indexes

    def _living(self, value: bytes | None) -> T | None:
        return self.rows.living(_record(value), self._clock.now()) if value else None

    def _all_living(self, values: Iterable[bytes]) -> Sequence[T]:
        found = [self._living(value) for value in values]
        return tuple([each for each in found if each is not None])


class RedisLog(Generic[T]):
    """A stream that is trimmed with each new record."""

    def __init__(self, name: str, logged: Logged, backend: "RedisBackend") -> None:
        self.stream = backend.key(name)
        self._logged = logged
        self._link = backend.link
        self._decoder: msgspec.msgpack.Decoder[T] = msgspec.msgpack.Decoder(logged.record)

    async def append(self, record: T, size: int) -> None:
        most = self._logged.most, self._logged.most_bytes
        await self._link.run(APPEND, [self.stream], stored(record), size, *most)

    async def values(self) -> Sequence[T]:
        entries = await self._link.ask("XRANGE", self.stream, "-", "+")
        return [self._decoder.decode(dict(fields)[b"record"]) for _, fields in entries]

    async def clear(self) -> None:
        await self._link.ask("DEL", self.stream, f"{self.stream}:bytes")


class RedisBackend:
    """Collections of one org on a server that may hold several, each under its name.

    All keys begin with `mock_okta:{NAME}:`, so in a cluster they are on one node. They are swept
    together once a minute of the org's clock, and not by Redis: it goes by the machine's.
    """

    def __init__(self, url: str, org: str, shown: str, clock: Clock) -> None:
        self.clock = clock
        self.link = Link(url, shown)
        self._shown = shown
        self._prefix = f"mock_okta:{{{org}}}:"
        self.counter_key = self.key("#order")
        self.setup_key = self.key("#setup")
        self._swept_at = clock.now()
        self._collections: dict[str, RedisCollection[Any]] = {}
        self._lasting: set[str] = set()
        self._logs: list[RedisLog[Any]] = []

    def key(self, name: str) -> str:
        """Return the key in Redis for something of this org."""
        return self._prefix + name

    def open(self, name: str, kept: Kept) -> Collection[Any]:
        collection = self._collections[name] = RedisCollection[Any](name, kept, self)
        if kept.outlives_reset:
            self._lasting.add(name)
        return collection

    def open_log(self, name: str, logged: Logged) -> Log[Any]:
        log = RedisLog[Any](name, logged, self)
        self._logs.append(log)
        return log

    async def start(self) -> None:
        await self.link.start()
        layout = self.key("#layout")
        _, found = await asyncio.gather(
            self.link.ask("SET", layout, LAYOUT, "NX"), self.link.ask("GET", layout)
        )
        if found != str(LAYOUT).encode():
            await self.link.close()
            raise StorageError(
                f"{self._shown} was written by another version of mock_okta (layout "
                f"{found.decode()}, here {LAYOUT}): use that version, or another name of the org"
            )

    async def setup_version(self) -> int:
        return int(await self.link.ask("GET", self.setup_key) or 0)

    async def close(self) -> None:
        await self.link.close()

    async def records(self) -> StoredRecords:
        forgetful = self._forgetful()
        found = await self.link.run(RECORDS, [each.hash for each in forgetful.values()])
        both = zip(forgetful.items(), found, strict=True)
        return {name: collection.unpacked(pairs) for (name, collection), pairs in both}

    async def restore(self, records: StoredRecords) -> None:
        forgetful = self._forgetful()
        hashes = [each.hash for each in forgetful.values()]
        logs = [each.stream for each in self._logs]
        rows = [
            forgetful[name].packed(key, record)
            for name, kept in records.items()
            for key, record in kept.items()
        ]
        lists = [
            b"".join(rows[start : start + _ROWS_AT_ONCE])
            for start in range(0, len(rows), _ROWS_AT_ONCE)
        ]
        keys = [self.counter_key, self.setup_key]
        await self.link.run(RESTORE, keys, len(hashes), *hashes, len(logs), *logs, *lists)

    async def sweep(self) -> None:
        """Remove expired records, if that was last done a minute ago."""
        now = self.clock.now()
        if timedelta() <= now - self._swept_at < _BETWEEN_SWEEPS:
            return
        self._swept_at = now
        hashes = [each.hash for each in self._collections.values() if each.rows.can_expire]
        await self.link.run(SWEEP, hashes, instant(now))

    def _forgetful(self) -> dict[str, RedisCollection[Any]]:
        """Return the collections that a reset changes."""
        return {n: each for n, each in self._collections.items() if n not in self._lasting}


def _revision(value: bytes) -> int:
    return int(_HEAD.unpack_from(value)[2])


def _order(value: bytes) -> bytes:
    return value[:_ORDER]


def _record(value: bytes) -> bytes:
    size: int = _HEAD.unpack_from(value)[3]
    return value[_HEAD.size + size :]
