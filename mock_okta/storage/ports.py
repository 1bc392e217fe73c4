"""The ports: what every backend promises.

`add`, `take`, `update` and `upsert` are atomic: of any number of callers at once, `add` lets
exactly one in, `take` gives the record to exactly one, and `update` and `upsert` apply every change
to what the one before it left. Nothing else is atomic.

A backend may call `change` several times, as one that watches a key and tries again does. So
`change` must have no effect but its result. What it raises reaches the caller, and the record
stays as it was.

A record has expired when its `expires_at` is not after the org's clock. An expired record is as
good as none: no method returns it, and `add` finds its key free. Backends forget it within a minute
of that clock. Whoever must explain why something is too late keeps the record longer, with its own
end in another field (`ends_at`).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias, TypeVar

from msgspec import Struct

__all__ = ["Backend", "Collection", "Kept", "Key", "StoredRecords"]

T = TypeVar("T")

Key: TypeAlias = str | tuple[str, ...]
"""One word, or several where it takes several to name a record (user and device)."""

StoredRecords: TypeAlias = Mapping[str, Mapping[Key, object]]
"""All records of an org at one moment: by the collection's name, and there by key."""


class Kept(Struct, frozen=True, kw_only=True):
    """What a collection holds.

    `key`: what the records are kept under, for people. `indexes`: attributes of the record that it
    is looked up or removed by; None is in no index. `is_setup`: written by seeds and
    administrators, and read by every request.
    """

    record: type[Any]
    key: str
    indexes: tuple[str, ...] = ()
    is_setup: bool = False


class Collection(Protocol[T]):
    """Records of one type, each under a key, in the order in which the keys first came."""

    async def get(self, key: Key) -> T | None:
        """Return the record, or None."""

    async def get_many(self, keys: Sequence[Key]) -> Sequence[T | None]:
        """Return what `get` would for each key, in their order, at the cost of one."""

    async def put(self, key: Key, record: T) -> None:
        """Keep the record, in place of an earlier one."""

    async def add(self, key: Key, record: T) -> bool:
        """Keep the record if the key is free, and return whether it was."""

    async def take(self, key: Key) -> T | None:
        """Remove the record and return it: to one caller only."""

    async def update(self, key: Key, change: Callable[[T], T]) -> T | None:
        """Replace the record by `change(record)` and return the new one; None if there is none."""

    async def upsert(self, key: Key, change: Callable[[T | None], T]) -> T:
        """Replace the record, or None if there is none, by `change` of it; return the new one."""

    async def values(self) -> Sequence[T]:
        """Return all records."""

    async def all_by(self, index: str, value: Key) -> Sequence[T]:
        """Return the records whose attribute `index` is `value`; KeyError for no such index."""

    async def one_by(self, index: str, value: Key) -> T | None:
        """Return the first of `all_by`, or None."""

    async def remove_by(self, index: str, value: Key) -> None:
        """Remove the records whose attribute `index` is `value`; KeyError for no such index."""

    async def clear(self) -> None:
        """Remove all records."""


class Backend(Protocol):
    """Opens collections, and saves and restores all that are open."""

    def open(self, name: str, kept: Kept) -> Collection[Any]:
        """Return the collection of that name; each is opened once."""

    async def records(self) -> StoredRecords:
        """Return everything as it is now; nothing that happens later changes what was returned."""

    async def restore(self, records: StoredRecords) -> None:
        """Keep what `records` returned then, and forget all else; it can be restored again."""
