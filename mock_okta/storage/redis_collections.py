"""Collections of one org in Redis."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import islice
from typing import Any, Generic, TypeVar

from mock_okta.clock import Clock
from mock_okta.storage.ports import Kept, Key
from mock_okta.storage.redis_link import Link
from mock_okta.storage.redis_scripts import (
    BY,
    CLEAR,
    FETCH,
    NEVER,
    REMOVE_BY,
    SWEEP,
    TAKE,
    WRITE,
    WRITE_MANY,
)
from mock_okta.storage.rows import Rows, instant, key_of, stored_key
from mock_okta.storage.together import current, stored_by_the_end

__all__ = ["RedisCollection", "RedisOrg"]

T = TypeVar("T")
_BETWEEN_SWEEPS = timedelta(minutes=1)
_HEAD = struct.Struct(">dddI")
_ROW = struct.Struct(">dI")
_SIZE = struct.Struct(">I")
_ORDER = 8  # bytes of a value that are its order; as bytes they sort as the numbers do
_MOST_REMEMBERED = 1000
_ROWS_AT_ONCE = 500


class RedisOrg:
    """What the collections of an org share: the connection, the clock, and names of keys.

    All keys begin with `mock_okta:{NAME}:`, so in a cluster they are on one node. Records that a
    reset replaces are in a generation, which is part of their keys: see `RedisBackend.restore`.
    """

    def __init__(self, name: str, link: Link, clock: Clock) -> None:
        self.link = link
        self.clock = clock
        self._prefix = f"mock_okta:{{{name}}}:"
        self.counter_key = self.key("#order")
        self.state_key = self.key("#state")
        self.expiring: list[RedisCollection[Any]] = []
        self._swept_at = clock.now()

    def key(self, name: str, generation: str = "") -> str:
        """Return the key in Redis for something of this org; the first generation has no name."""
        return f"{self._prefix}{generation}:{name}" if generation else self._prefix + name

    async def sweep(self) -> None:
        """Remove expired records, if that was last done a minute ago."""
        now = self.clock.now()
        if timedelta() <= now - self._swept_at < _BETWEEN_SWEEPS:
            return
        self._swept_at = now
        while await self.link.run(SWEEP, [each.hash for each in self.expiring], instant(now)):
            pass


class RedisCollection(Generic[T]):
    """A hash, with sorted sets for its indexes and for what expires."""

    def __init__(self, name: str, kept: Kept, org: RedisOrg, generation: str = "") -> None:
        self.name = name
        self.kept = kept
        self.rows = Rows[T](name, kept)
        self._org = org
        self._link = org.link
        self._clock = org.clock
        self._setup = [org.state_key] if kept.is_setup else []
        self._remembered: dict[bytes, tuple[int, T]] = {}
        self._changing: dict[bytes, asyncio.Future[None]] = {}
        self.be_in(generation)

    def be_in(self, generation: str) -> None:
        """Read and write the records of this generation from now on."""
        self.hash = self._org.key(self.name, generation)
        self._indexes = {index: f"{self.hash}:{index}:".encode() for index in self.kept.indexes}
        way = self.kept.leads_to
        self._leads_to = None if way is None else self._way(*way, generation)

    async def get(self, key: Key) -> T | None:
        name = stored_key(key)
        value = self._fetched_before(name)
        if value is None:
            value = await self._fetched(name, takes=False)
        return self._seen(name, value)

    async def get_many(self, keys: Sequence[Key]) -> Sequence[T | None]:
        if not keys:
            return []
        found = await self._link.ask("HMGET", self.hash, *map(stored_key, keys))
        return [self._living(value) for value in found]

    async def put(self, key: Key, record: T) -> None:
        written = self._written("", stored_key(key), record)
        await (written if self._setup else stored_by_the_end(written))
        await self._org.sweep()

    async def put_many(self, records: Sequence[tuple[Key, T]]) -> None:
        keys = [self.hash, self._org.counter_key, *self._setup]
        now = instant(self._clock.now())
        for rows in _joined(self._packed(key, record) for key, record in records):
            await self._link.run(WRITE_MANY, keys, now, rows)
        await self._org.sweep()

    async def add(self, key: Key, record: T) -> bool:
        answer = await self._written(0, stored_key(key), record)
        await self._org.sweep()
        return isinstance(answer, int)

    async def take(self, key: Key) -> T | None:
        return self._living(await self._fetched(stored_key(key), takes=True))

    async def update(self, key: Key, change: Callable[[T], T]) -> T | None:
        async with self._turn(name := stored_key(key)):
            return await self._updated(name, change)

    async def _updated(self, name: bytes, change: Callable[[T], T]) -> T | None:
        revision, record = self._remembered_as(name)
        if record is None:
            value = await self._link.ask("HGET", self.hash, name)
            revision, record = _revision(value), self._living(value)
        while record is not None:
            changed = change(record)
            answer = await self._written(revision, name, changed)
            if isinstance(answer, int):
                self._remember(name, answer, changed)
                return changed
            revision, record = _revision(answer), self._living(answer)
        return None

    async def upsert(self, key: Key, change: Callable[[T | None], T]) -> T:
        async with self._turn(name := stored_key(key)):
            changed = await self._upserted(name, change)
        await self._org.sweep()
        return changed

    async def _upserted(self, name: bytes, change: Callable[[T | None], T]) -> T:
        revision, record = self._remembered_as(name)
        while True:
            changed = change(record)
            answer = await self._written(revision, name, changed)
            if isinstance(answer, int):
                self._remember(name, answer, changed)
                return changed
            revision, record = _revision(answer), self._living(answer)

    @asynccontextmanager
    async def _turn(self, name: bytes) -> AsyncIterator[None]:
        """Let the changes of one record follow one another: at once, all but one try again."""
        while (before := self._changing.get(name)) is not None:
            await asyncio.wait((before,))
        self._changing[name] = ended = asyncio.get_running_loop().create_future()
        try:
            yield
        finally:
            del self._changing[name]
            ended.set_result(None)

    async def values(self) -> Sequence[T]:
        found = await self._link.all_in(self.hash)
        return self._all_living(sorted(found.values(), key=_order))

    async def index_anew(self) -> None:
        """Store all records again, as an earlier version had other indexes."""
        names = list(await self._link.all_in(self.hash))
        for start in range(0, len(names), _ROWS_AT_ONCE):
            some = names[start : start + _ROWS_AT_ONCE]
            await asyncio.gather(*[self._updated(name, lambda kept: kept) for name in some])

    async def all_by(self, index: str, value: Key) -> Sequence[T]:
        return self._all_living(await self._by(index, value, most=-1))

    async def one_by(self, index: str, value: Key) -> T | None:
        found = self._all_living(await self._by(index, value, most=1))
        return found[0] if found else None

    async def remove_by(self, index: str, value: Key) -> None:
        keys = [self.hash, self._index(index, value), *self._setup]
        while await self._link.run(REMOVE_BY, keys):
            pass

    async def clear(self) -> None:
        keys, place = [self.hash, *self._setup], b"0"
        while (place := await self._link.run(CLEAR, keys, place)) != b"0":
            pass

    def _packed(self, key: Key, record: Any) -> bytes:
        """Return a record as WRITE_MANY reads it."""
        data, expires_at, indexes = self._row(record)
        parts = (self.hash.encode(), stored_key(key), data, *indexes)
        sized = b"".join(_SIZE.pack(len(part)) + part for part in parts)
        return _ROW.pack(expires_at, len(indexes)) + sized

    def unpacked(self, values: Mapping[bytes, bytes]) -> dict[Key, object]:
        """Return the living records of these values, in order."""
        records = (
            (key_of(key), self._living(value))
            for key, value in sorted(values.items(), key=lambda pair: _order(pair[1]))
        )
        return {key: record for key, record in records if record is not None}

    def _way(self, index: str, other: str, generation: str) -> tuple[str, int, int]:
        """Return the other collection, which index is its key, and where that begins in it."""
        number = self.kept.indexes.index(index) + 1
        return self._org.key(other, generation), number, len(self._indexes[index]) + 1

    async def _fetched(self, name: bytes, *, takes: bool) -> bytes | None:
        """Return a value, or nothing; a request gets that which it needs next with it."""
        value: bytes | None
        block = current()
        if block is not None and self._leads_to is not None:
            other, *place = self._leads_to
            keys = [self.hash, other]
            found = await self._link.run(FETCH, keys, name, *place, int(takes))
            value, *fetched = found
            block.fetched = other, *fetched
        elif takes:
            value = await self._link.run(TAKE, [self.hash, *self._setup], name)
        else:
            value = await self._link.ask("HGET", self.hash, name)
        return value

    def _fetched_before(self, name: bytes) -> bytes | None:
        """Return the value that came with the answer to the request's last question."""
        block = current()
        if block is None or block.fetched is None:
            return None
        (hash_, name_, value), block.fetched = block.fetched, None
        return value if (hash_, name_) == (self.hash, name) else None

    async def _by(self, index: str, value: Key, *, most: int) -> Sequence[bytes]:
        keys, now = [self.hash, self._index(index, value)], instant(self._clock.now())
        found: list[bytes] = []
        after = b"-inf"
        while after:
            after, some = await self._link.run(BY, keys, now, most, after)
            found += some
        return found

    def _index(self, index: str, value: Key) -> bytes:
        return self._indexes[index] + stored_key(value)

    def _written(self, condition: int | str, key: bytes, record: T) -> asyncio.Future[Any]:
        """Write the record; the answer is its revision, or the value that is there instead."""
        data, expires_at, indexes = self._row(record)
        keys = [self.hash, self._org.counter_key, *self._setup]
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

    def _seen(self, name: bytes, value: bytes | None) -> T | None:
        record = self._living(value)
        if value and record is not None:
            self._remember(name, _revision(value), record)
        return record

    def _remember(self, name: bytes, revision: int, record: T) -> None:
        """Keep what a change can begin with: it saves a read if nobody changed the record since."""
        self._remembered[name] = revision, record
        if len(self._remembered) > _MOST_REMEMBERED:
            del self._remembered[next(iter(self._remembered))]

    def _remembered_as(self, name: bytes) -> tuple[int, T | None]:
        """Return revision and record as this process last saw them, or 0 and None."""
        revision, record = self._remembered.pop(name, (0, None))
        if record is None or self.rows.has_expired(record, self._clock.now()):
            return 0, None
        return revision, record

    def _living(self, value: bytes | None) -> T | None:
        return self.rows.living(_record(value), self._clock.now()) if value else None

    def _all_living(self, values: Iterable[bytes]) -> Sequence[T]:
        found = [self._living(value) for value in values]
        return tuple([each for each in found if each is not None])


def _joined(rows: Iterable[bytes]) -> Iterator[bytes]:
    """Return packed records joined, in order: many for each script, but not so many that all wait.

    A script is one step: while it runs, Redis answers nobody.
    """
    rest = iter(rows)
    while some := b"".join(islice(rest, _ROWS_AT_ONCE)):
        yield some


def _revision(value: bytes | None) -> int:
    """Return the revision of a value, or 0 of none."""
    return int(_HEAD.unpack_from(value)[2]) if value else 0


def _order(value: bytes) -> bytes:
    return value[:_ORDER]


def _record(value: bytes) -> bytes:
    size: int = _HEAD.unpack_from(value)[3]
    return value[_HEAD.size + size :]
