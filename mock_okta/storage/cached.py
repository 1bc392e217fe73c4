"""Set-up collections of a shared backend, remembered in the process until their version changes.

What this process changes, its next read sees. What another process changes, the next request sees:
each asks for the version once (`refresh`).
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Generic, TypeVar

from mock_okta.storage.ports import (
    Collection,
    Counter,
    Kept,
    Key,
    Log,
    Logged,
    SharedBackend,
    StoredRecords,
)

__all__ = ["CachedBackend"]

T = TypeVar("T")
R = TypeVar("R")
_MOST_REMEMBERED = 10_000
_ALL = ("values", "", "")


class CachedCollection(Generic[T]):
    """Remembers the answer to each question that was asked; forgets all with each change."""

    def __init__(self, collection: Collection[T]) -> None:
        self._collection = collection
        self._records: dict[Key, T | None] = {}
        self._found: dict[tuple[str, str, Key], Sequence[T]] = {}

    def forget(self) -> None:
        """Ask the storage again from now on; answers that are on their way are not kept either."""
        self._records, self._found = {}, {}

    async def get(self, key: Key) -> T | None:
        records = self._records
        if key in records:
            return records[key]
        record = await self._collection.get(key)
        _remember(records, key, record)
        return record

    async def get_many(self, keys: Sequence[Key]) -> Sequence[T | None]:
        records = self._records
        missing = [key for key in dict.fromkeys(keys) if key not in records]
        if not missing:
            return [records[key] for key in keys]
        found = dict(zip(missing, await self._collection.get_many(missing), strict=True))
        answer = [found[key] if key in found else records[key] for key in keys]
        for key, record in found.items():
            _remember(records, key, record)
        return answer

    async def values(self) -> Sequence[T]:
        return await self._asked(_ALL, self._collection.values)

    async def all_by(self, index: str, value: Key) -> Sequence[T]:
        return await self._asked(
            ("all", index, value), lambda: self._collection.all_by(index, value)
        )

    async def one_by(self, index: str, value: Key) -> T | None:
        found = await self._asked(("one", index, value), lambda: self._first(index, value))
        return found[0] if found else None

    async def put(self, key: Key, record: T) -> None:
        await self._changed(self._collection.put(key, record))

    async def put_many(self, records: Sequence[tuple[Key, T]]) -> None:
        await self._changed(self._collection.put_many(records))

    async def add(self, key: Key, record: T) -> bool:
        return await self._changed(self._collection.add(key, record))

    async def take(self, key: Key) -> T | None:
        return await self._changed(self._collection.take(key))

    async def update(self, key: Key, change: Callable[[T], T]) -> T | None:
        return await self._changed(self._collection.update(key, change))

    async def upsert(self, key: Key, change: Callable[[T | None], T]) -> T:
        return await self._changed(self._collection.upsert(key, change))

    async def remove_by(self, index: str, value: Key) -> None:
        await self._changed(self._collection.remove_by(index, value))

    async def clear(self) -> None:
        await self._changed(self._collection.clear())

    async def _first(self, index: str, value: Key) -> Sequence[T]:
        record = await self._collection.one_by(index, value)
        return () if record is None else (record,)

    async def _asked(
        self, question: tuple[str, str, Key], ask: Callable[[], Awaitable[Sequence[T]]]
    ) -> Sequence[T]:
        found = self._found
        if question in found:
            return found[question]
        answer = await ask()
        _remember(found, question, answer)
        return answer

    async def _changed(self, change: Awaitable[R]) -> R:
        try:
            return await change
        finally:  # also after an error: it may have been changed
            self.forget()


def _remember(answers: dict[Any, Any], question: Any, answer: object) -> None:
    if len(answers) < _MOST_REMEMBERED:
        answers[question] = answer


class CachedBackend:
    """A shared backend whose set-up collections are remembered."""

    def __init__(self, backend: SharedBackend) -> None:
        self._backend = backend
        self._version: int | None = None
        self._cached: list[CachedCollection[Any]] = []

    def open(self, name: str, kept: Kept) -> Collection[Any]:
        collection = self._backend.open(name, kept)
        if not kept.is_setup:
            return collection
        cached = CachedCollection[Any](collection)
        self._cached.append(cached)
        return cached

    def open_log(self, name: str, logged: Logged) -> Log[Any]:
        return self._backend.open_log(name, logged)

    def open_counter(self, name: str) -> Counter:
        return self._backend.open_counter(name)

    @asynccontextmanager
    async def request(self) -> AsyncIterator[None]:
        async with self._backend.together():
            await self.refresh()
            yield

    async def refresh(self) -> None:
        version = await self._backend.setup_version()
        if version != self._version:
            self._version = version
            self._forget()

    async def records(self, *names: str) -> StoredRecords:
        return await self._backend.records(*names)

    async def restore(self, records: StoredRecords) -> None:
        try:
            await self._backend.restore(records)
        finally:
            self._forget()

    def _forget(self) -> None:
        for cached in self._cached:
            cached.forget()
