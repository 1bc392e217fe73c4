"""The ports: the rules for every backend.

`add`, `take`, `update` and `upsert` are atomic: of several callers at the same time, `add` succeeds
for exactly one, `take` returns the record to exactly one, and `update` and `upsert` apply each
change to the result of the one before. Nothing else is atomic.

A backend may call `change` several times, for example if it watches a key and tries again. So
`change` must have no effect except its result. If it raises, the caller gets the exception and the
record stays unchanged. A backend may also call `change` in another thread.

A record has expired when its `expires_at` is not after the org's time. No method returns an expired
record, and `add` treats its key as free. Backends remove it within a minute of the org's time. Code
that must explain why something is too late keeps the record longer, and has its end in another
field (`ends_at`).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeAlias, TypeVar

from msgspec import Struct

__all__ = [
    "Backend",
    "Collection",
    "Counter",
    "Kept",
    "Key",
    "Log",
    "Logged",
    "SharedBackend",
    "StorageError",
    "StoredRecords",
]

T = TypeVar("T")

Key: TypeAlias = str | tuple[str, ...]
"""One string, or several if a record needs several to name it (user and device)."""

StoredRecords: TypeAlias = Mapping[str, Mapping[Key, object]]
"""The records of an org at one time, by the collection's name, then by key."""


class StorageError(Exception):
    """The storage cannot be used now, or not at all; the message is one line.

    For example: its server does not answer, its file is damaged, its disk is full. After an error
    a change may have been made or not.
    """


class Kept(Struct, frozen=True, kw_only=True):
    """What a collection holds.

    `key`: what the key is, for readers. `indexes`: attributes of the record for lookups and
    removal; None is not in an index. `is_setup`: written by seeds and administrators, and read by
    every request. `outlives_reset`: a reset and a restored snapshot do not change it, and no
    snapshot contains it. `leads_to`: an index, and the collection in which a request reads next
    under the same value; a backend that is far away may fetch both records at once.
    """

    record: type[Any]
    key: str
    indexes: tuple[str, ...] = ()
    is_setup: bool = False
    outlives_reset: bool = False
    leads_to: tuple[str, str] | None = None


class Logged(Struct, frozen=True, kw_only=True):
    """What a log holds: at most `most` records, and at most `most_bytes` in total."""

    record: type[Any]
    most: int
    most_bytes: int


class Collection(Protocol[T]):
    """Records of one type by key, in the order in which the keys were added."""

    async def get(self, key: Key) -> T | None:
        """Return the record, or None."""

    async def get_many(self, keys: Sequence[Key]) -> Sequence[T | None]:
        """Return the result of `get` for each key, in order, at the cost of one call."""

    async def put(self, key: Key, record: T) -> None:
        """Store the record; replace an earlier one."""

    async def put_many(self, records: Sequence[tuple[Key, T]]) -> None:
        """Store each record as `put` does, in order, at the cost of one call."""

    async def add(self, key: Key, record: T) -> bool:
        """Store the record if the key is free; return whether it was."""

    async def take(self, key: Key) -> T | None:
        """Remove the record and return it, to one caller only."""

    async def update(self, key: Key, change: Callable[[T], T]) -> T | None:
        """Replace the record by `change(record)`; return the new one, or None without a record."""

    async def upsert(self, key: Key, change: Callable[[T | None], T]) -> T:
        """Store `change(record)`, or `change(None)` if there is no record; return the new one."""

    async def values(self) -> Sequence[T]:
        """Return all records."""

    async def all_by(self, index: str, value: Key) -> Sequence[T]:
        """Return the records whose attribute `index` is `value`; KeyError for no such index.

        They are in the order of all records.
        """

    async def one_by(self, index: str, value: Key) -> T | None:
        """Return the first of `all_by`, or None."""

    async def remove_by(self, index: str, value: Key) -> None:
        """Remove the records whose attribute `index` is `value`; KeyError for no such index."""

    async def clear(self) -> None:
        """Remove all records."""


class Log(Protocol[T]):
    """The newest records of one type, oldest first; older ones are dropped.

    There is no lookup, no snapshot contains a log, and restoring a snapshot empties it. In memory
    it is a deque; a database would trim a table or a stream.
    """

    async def append(self, record: T, size: int) -> None:
        """Store the record, of `size` bytes; drop the oldest if there are too many.

        The newest stays, however large it is.
        """

    async def values(self) -> Sequence[T]:
        """Return all records, oldest first."""

    async def newest(self) -> T | None:
        """Return the last record, or None; its cost does not grow with the log."""

    async def clear(self) -> None:
        """Remove all records."""


class Counter(Protocol):
    """Counts by name, in one window of time.

    No snapshot contains it, and restoring a snapshot empties it.
    """

    def count(self, name: str, window: int) -> Awaitable[int]:
        """Count one more; the result is how many there are now in this window, atomically.

        All names begin again if the window is not that of the call before. The request is on its
        way when this returns, so that the caller can do something else before it awaits the result.
        """


class _Opens(Protocol):
    """Opens collections, logs and counters; saves and restores all open ones."""

    def open(self, name: str, kept: Kept) -> Collection[Any]:
        """Return the collection of that name; each is opened once."""

    def open_log(self, name: str, logged: Logged) -> Log[Any]:
        """Return the log of that name; each is opened once."""

    def open_counter(self, name: str) -> Counter:
        """Return the counter of that name; each is opened once."""

    async def records(self, *names: str) -> StoredRecords:
        """Return all current records, except in collections that outlive a reset.

        `names`: only of these collections. Later changes do not affect the result.
        """

    async def restore(self, records: StoredRecords) -> None:
        """Replace all records by those that `records` returned, in one step.

        They can be restored again. Everything else is removed, logs and counts too, except what
        outlives a reset.
        """


class Backend(_Opens, Protocol):
    """What an org's storage is made of."""

    async def refresh(self) -> None:
        """Show from now on what other processes have changed in set-up collections, or restored."""

    def request(self) -> AbstractAsyncContextManager[None]:
        """Return the block in which one request is answered; it begins with `refresh`.

        In it, a `put` may return before the record is stored. Everything that this process asks for
        afterwards sees the record, and the block ends when it is stored, or with a StorageError.
        """


class SharedBackend(_Opens, Protocol):
    """A backend that several processes can use at the same time, and that survives them."""

    async def start(self) -> None:
        """Open it, or make it if it is not there; raise StorageError.

        Nothing else is called before.
        """

    async def setup_version(self) -> int:
        """Return a number that is another after each change of a set-up collection, in any process.

        From then on, this process also sees what another one has restored.
        """

    def together(self) -> AbstractAsyncContextManager[None]:
        """Return a block of which `Backend.request` says what `put` may do in it."""

    async def close(self) -> None:
        """Let go of it; nothing else is called after."""
