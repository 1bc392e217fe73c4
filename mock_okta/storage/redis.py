"""The backend in Redis or Valkey: for any number of processes on any number of machines."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import msgspec

from mock_okta.clock import Clock
from mock_okta.storage.ports import (
    Collection,
    Counter,
    Kept,
    Log,
    Logged,
    StorageError,
    StoredRecords,
)
from mock_okta.storage.redis_collections import (
    RedisCollection,
    RedisCounter,
    RedisLog,
    RedisOrg,
    joined,
)
from mock_okta.storage.redis_link import Link
from mock_okta.storage.redis_scripts import RECORDS, RESTORE
from mock_okta.storage.rows import LAYOUT
from mock_okta.storage.together import Together

__all__ = ["RedisBackend"]

_indexes: msgspec.json.Decoder[dict[str, tuple[str, ...]]] = msgspec.json.Decoder(
    dict[str, tuple[str, ...]]
)


class RedisBackend:
    """Collections of one org on a server that may hold several, each under its name.

    They are swept together once a minute of the org's clock, and not by Redis, which goes by the
    machine's.
    """

    def __init__(self, url: str, org: str, shown: str, clock: Clock) -> None:
        self._link = Link(url, shown)
        self._org = RedisOrg(org, self._link, clock)
        self._shown = shown
        self._collections: dict[str, RedisCollection[Any]] = {}
        self._lasting: set[str] = set()
        self._unsaved: list[str] = []

    def open(self, name: str, kept: Kept) -> Collection[Any]:
        collection = self._collections[name] = RedisCollection[Any](name, kept, self._org)
        if kept.outlives_reset:
            self._lasting.add(name)
        return collection

    def open_log(self, name: str, logged: Logged) -> Log[Any]:
        log = RedisLog[Any](name, logged, self._org)
        self._unsaved.append(log.stream)
        return log

    def open_counter(self, name: str) -> Counter:
        counter = RedisCounter(name, self._org)
        self._unsaved.append(counter.hash)
        return counter

    def together(self) -> AbstractAsyncContextManager[None]:
        return Together()

    async def start(self) -> None:
        await self._link.start()
        try:
            await self._check_layout()
            await self._bring_up()
        except BaseException:
            await self._link.close()
            raise

    async def _check_layout(self) -> None:
        layout = self._org.key("#layout")
        _, found = await asyncio.gather(
            self._link.ask("SET", layout, LAYOUT, "NX"), self._link.ask("GET", layout)
        )
        if found != str(LAYOUT).encode():
            raise StorageError(
                f"{self._shown} was written by another version of mock_okta (layout "
                f"{found.decode()}, here {LAYOUT}): use that version, or another name of the org"
            )

    async def _bring_up(self) -> None:
        """Store the records again whose indexes were others in an earlier version."""
        now = {name: each.indexes for name, each in self._collections.items()}
        found = await self._link.ask("GET", self._org.key("#indexes"))
        before = {} if found is None else _indexes.decode(found)
        if before == now:
            return
        other = {
            name: each
            for name, each in self._collections.items()
            if before.get(name, each.indexes) != each.indexes
        }
        await self._replace(other, (), await self._records(other))
        await self._link.ask("SET", self._org.key("#indexes"), msgspec.json.encode(now))

    async def setup_version(self) -> int:
        return int(await self._link.ask("GET", self._org.setup_key) or 0)

    async def close(self) -> None:
        await self._link.close()

    async def records(self, *names: str) -> StoredRecords:
        kept = self._forgetful()
        return await self._records({name: kept[name] for name in names} if names else kept)

    async def restore(self, records: StoredRecords) -> None:
        await self._replace(self._forgetful(), self._unsaved, records)

    async def _records(self, collections: Mapping[str, RedisCollection[Any]]) -> StoredRecords:
        found = await self._link.run(RECORDS, [each.hash for each in collections.values()])
        both = zip(collections.items(), found, strict=True)
        return {name: collection.unpacked(pairs) for (name, collection), pairs in both}

    async def _replace(
        self,
        collections: Mapping[str, RedisCollection[Any]],
        unsaved: Sequence[str],
        records: StoredRecords,
    ) -> None:
        """Replace the records of these collections in one step, and empty these logs and counts."""
        hashes = [each.hash for each in collections.values()]
        rows = joined(
            collections[name].packed(key, record)
            for name, kept in records.items()
            for key, record in kept.items()
        )
        keys = [self._org.counter_key, self._org.setup_key]
        await self._link.run(RESTORE, keys, len(hashes), *hashes, len(unsaved), *unsaved, *rows)

    def _forgetful(self) -> Mapping[str, RedisCollection[Any]]:
        """Return the collections that a reset changes."""
        return {n: each for n, each in self._collections.items() if n not in self._lasting}
