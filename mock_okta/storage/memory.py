"""The backend in memory, for one event loop and one org."""

from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Generic, TypeAlias, TypeVar

from mock_okta.clock import Clock
from mock_okta.storage.ports import Collection, Counter, Kept, Key, Log, Logged, StoredRecords

__all__ = ["MemoryBackend", "MemoryCollection", "MemoryLog"]

T = TypeVar("T")
_BETWEEN_SWEEPS = timedelta(minutes=1)

_Index: TypeAlias = dict[Key | None, dict[Key, int]]
"""The keys of the records with each value, also None; the numbers give the order of the keys."""


class MemoryCollection(Generic[T]):
    """A dict, and one for each index; it is atomic because no method awaits anything."""

    def __init__(self, kept: Kept, clock: Clock, sweep: Callable[[], None]) -> None:
        self._clock = clock
        self._sweep_all = sweep
        self._can_expire = "expires_at" in kept.record.__struct_fields__
        self._records: dict[Key, T] = {}
        self._added = 0
        self._indexes: dict[str, _Index] = {name: {} for name in kept.indexes}

    async def get(self, key: Key) -> T | None:
        return self._living(key) if self._can_expire else self._records.get(key)

    async def get_many(self, keys: Sequence[Key]) -> Sequence[T | None]:
        return [self._living(key) for key in keys]

    async def put(self, key: Key, record: T) -> None:
        if self._can_expire and self._living(key) is None:
            self._forget(key)
        self._keep(key, record)
        self._sweep_all()

    async def put_many(self, records: Sequence[tuple[Key, T]]) -> None:
        for key, record in records:
            await self.put(key, record)

    async def add(self, key: Key, record: T) -> bool:
        if self._living(key) is not None:
            return False
        self._forget(key)
        self._keep(key, record)
        self._sweep_all()
        return True

    async def take(self, key: Key) -> T | None:
        record = self._living(key)
        self._forget(key)
        return record

    async def update(self, key: Key, change: Callable[[T], T]) -> T | None:
        record = self._living(key)
        if record is None:
            return None
        changed = change(record)
        self._keep(key, changed)
        return changed

    async def upsert(self, key: Key, change: Callable[[T | None], T]) -> T:
        record = self._living(key)
        changed = change(record)
        if record is None:
            self._forget(key)
        self._keep(key, changed)
        if record is None:
            self._sweep_all()
        return changed

    async def values(self) -> Sequence[T]:
        if not self._can_expire:
            return tuple(self._records.values())
        now = self._clock.now()
        return tuple(each for each in self._records.values() if not _has_expired(each, now))

    async def all_by(self, index: str, value: Key) -> Sequence[T]:
        keys = self._indexes[index].get(value)
        if not keys:
            return ()
        found = map(self._living, keys)
        return tuple(each for each in found if each is not None)

    async def one_by(self, index: str, value: Key) -> T | None:
        return next(iter(await self.all_by(index, value)), None)

    async def remove_by(self, index: str, value: Key) -> None:
        for key in tuple(self._indexes[index].get(value, ())):
            self._forget(key)

    async def clear(self) -> None:
        self.restore({})

    def records(self) -> Mapping[Key, T]:
        """Return the records by key, as they are now."""
        if not self._can_expire:
            return self._records.copy()
        now = self._clock.now()
        return {key: each for key, each in self._records.items() if not _has_expired(each, now)}

    def restore(self, records: Mapping[Key, T]) -> None:
        """Replace all records by these."""
        self._records = {}
        for index in self._indexes.values():
            index.clear()
        for key, record in records.items():
            self._keep(key, record)

    def sweep(self, now: datetime) -> None:
        """Remove expired records."""
        if not self._can_expire:
            return
        for key in [key for key, each in self._records.items() if _has_expired(each, now)]:
            self._forget(key)

    def _living(self, key: Key) -> T | None:
        record = self._records.get(key)
        if record is None or (self._can_expire and _has_expired(record, self._clock.now())):
            return None
        return record

    def _keep(self, key: Key, record: T) -> None:
        before = self._records.get(key)
        self._added += before is None
        for name, index in self._indexes.items():
            value, number = getattr(record, name), self._added
            if before is not None:
                earlier = getattr(before, name)
                if earlier == value:
                    continue
                number = _take_out(index, earlier, key)
            _put_in(index, value, key, number)
        self._records[key] = record

    def _forget(self, key: Key) -> None:
        record = self._records.pop(key, None)
        if record is not None:
            for name, index in self._indexes.items():
                _take_out(index, getattr(record, name), key)


def _put_in(index: _Index, value: Key | None, key: Key, number: int) -> None:
    keys = index.setdefault(value, {})
    is_late = bool(keys) and next(reversed(keys.values())) > number
    keys[key] = number
    if is_late:  # the key is older than its place in this index
        index[value] = dict(sorted(keys.items(), key=itemgetter(1)))


def _take_out(index: _Index, value: Key | None, key: Key) -> int:
    """Remove the key from the index; return its number."""
    keys = index[value]
    number = keys.pop(key)
    if not keys:
        del index[value]
    return number


def _has_expired(record: object, now: datetime) -> bool:
    expires_at: datetime | None = getattr(record, "expires_at", None)
    return expires_at is not None and expires_at <= now


class MemoryLog(Generic[T]):
    """A deque, with the size of each record."""

    def __init__(self, logged: Logged) -> None:
        self._most = logged.most
        self._most_bytes = logged.most_bytes
        self._records: deque[tuple[T, int]] = deque()
        self._bytes = 0

    async def append(self, record: T, size: int) -> None:
        self._records.append((record, size))
        self._bytes += size
        while len(self._records) > self._most or (
            self._bytes > self._most_bytes and len(self._records) > 1
        ):
            self._bytes -= self._records.popleft()[1]

    async def values(self) -> Sequence[T]:
        return tuple(record for record, _ in self._records)

    async def newest(self) -> T | None:
        return self._records[-1][0] if self._records else None

    async def clear(self) -> None:
        self._records.clear()
        self._bytes = 0


class _Count(int):
    """A count that can be awaited: it is known at once."""

    def __await__(self) -> Generator[None, None, int]:
        yield from ()
        return self


class MemoryCounter:
    """A dict of the counts of one window."""

    def __init__(self) -> None:
        self._window = 0
        self._counts: dict[str, int] = {}

    def count(self, name: str, window: int) -> _Count:
        if window != self._window:
            self._window, self._counts = window, {}
        now = self._counts[name] = self._counts.get(name, 0) + 1
        return _Count(now)

    def clear(self) -> None:
        """Begin again."""
        self._counts = {}


class MemoryBackend:
    """Collections in memory, swept together once a minute of the org's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._swept_at = clock.now()
        self._collections: dict[str, MemoryCollection[Any]] = {}
        self._lasting: dict[str, MemoryCollection[Any]] = {}
        self._logs: list[MemoryLog[Any]] = []
        self._counters: list[MemoryCounter] = []
        self._block = nullcontext()

    def open(self, name: str, kept: Kept) -> Collection[Any]:
        collection = MemoryCollection[Any](kept, self._clock, self._sweep)
        (self._lasting if kept.outlives_reset else self._collections)[name] = collection
        return collection

    def open_log(self, name: str, logged: Logged) -> Log[Any]:  # noqa: ARG002 -- the port's
        log = MemoryLog[Any](logged)
        self._logs.append(log)
        return log

    def open_counter(self, name: str) -> Counter:  # noqa: ARG002 -- the port's
        counter = MemoryCounter()
        self._counters.append(counter)
        return counter

    async def refresh(self) -> None:
        """Do nothing: no other process shares it."""

    def request(self) -> AbstractAsyncContextManager[None]:
        return self._block

    async def records(self, *names: str) -> StoredRecords:
        kept = self._collections
        return {name: kept[name].records() for name in names or kept}

    async def restore(self, records: StoredRecords) -> None:
        for name, collection in self._collections.items():
            collection.restore(records.get(name, {}))
        for log in self._logs:
            await log.clear()
        for counter in self._counters:
            counter.clear()

    def _sweep(self) -> None:
        now = self._clock.now()
        if timedelta() <= now - self._swept_at < _BETWEEN_SWEEPS:
            return
        self._swept_at = now
        for collection in (*self._collections.values(), *self._lasting.values()):
            collection.sweep(now)
