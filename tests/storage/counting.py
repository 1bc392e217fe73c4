"""A backend that counts what is asked of it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from mock_okta import Clock
from mock_okta.storage import Collection, Counter, Kept, Log, Logged, Storage, StoredRecords
from mock_okta.storage.memory import MemoryBackend

__all__ = ["CountingBackend", "counting"]


class CountingBackend:
    """The backend in memory; `asked` holds `collection.operation` for each call, in order."""

    def __init__(self, clock: Clock, asked: list[str]) -> None:
        self._backend = MemoryBackend(clock)
        self._asked = asked

    def open(self, name: str, kept: Kept) -> Collection[Any]:
        counted: Any = _Counted(name, self._backend.open(name, kept), self._asked)
        return counted  # type: ignore[no-any-return] -- it has every method of what it wraps

    def open_log(self, name: str, logged: Logged) -> Log[Any]:
        counted: Any = _Counted(name, self._backend.open_log(name, logged), self._asked)
        return counted  # type: ignore[no-any-return] -- it has every method of what it wraps

    def open_counter(self, name: str) -> Counter:
        counted: Any = _Counted(name, self._backend.open_counter(name), self._asked)
        return counted  # type: ignore[no-any-return] -- it has every method of what it wraps

    def request(self) -> AbstractAsyncContextManager[None]:
        return self._backend.request()

    async def refresh(self) -> None:
        await self._backend.refresh()

    async def records(self, *names: str) -> StoredRecords:
        self._asked.append(f"records {' '.join(names)}".rstrip())
        return await self._backend.records(*names)

    async def restore(self, records: StoredRecords) -> None:
        self._asked.append("restore")
        await self._backend.restore(records)


class _Counted:
    """Passes every operation of a collection or a log on, and notes it."""

    def __init__(
        self, name: str, collection: Collection[Any] | Log[Any] | Counter, asked: list[str]
    ) -> None:
        self._name = name
        self._collection = collection
        self._asked = asked

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        passed_on: Callable[..., Any] = getattr(self._collection, operation)

        def noted(*arguments: Any, **options: Any) -> Any:
            self._asked.append(f"{self._name}.{operation}")
            return passed_on(*arguments, **options)

        return noted


def counting(asked: list[str]) -> Callable[[Clock], Storage]:
    """Return what opens a storage that notes each operation in `asked`."""
    return lambda clock: Storage(CountingBackend(clock, asked))
