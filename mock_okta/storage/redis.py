"""The backend in Redis or Valkey: for any number of processes on any number of machines."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from itertools import islice
from typing import Any

import msgspec
from msgspec import structs

from mock_okta.clock import Clock
from mock_okta.storage.ports import (
    Collection,
    Counter,
    Kept,
    Key,
    Log,
    Logged,
    StorageError,
    StoredRecords,
)
from mock_okta.storage.redis_collections import RedisCollection, RedisOrg
from mock_okta.storage.redis_generations import Generations
from mock_okta.storage.redis_link import Link
from mock_okta.storage.redis_logs import RedisCounter, RedisLog
from mock_okta.storage.redis_scripts import COPY
from mock_okta.storage.rows import LAYOUT
from mock_okta.storage.together import Together

__all__ = ["RedisBackend"]

_AT_ONCE = 1000
_COPY_STAYS = 600  # seconds, if its process dies
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
        self._generation = ""
        self._generations = Generations(self._org, self._hashes)

    def open(self, name: str, kept: Kept) -> Collection[Any]:
        collection = self._collections[name] = RedisCollection[Any](name, kept, self._org)
        if collection.rows.can_expire:
            self._org.expiring.append(collection)
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
            await self.setup_version()
            await self._bring_up()
            self._generations.remove_old()
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
        now = {name: each.kept.indexes for name, each in self._collections.items()}
        found = await self._link.ask("GET", self._org.key("#indexes"))
        before = {} if found is None else _indexes.decode(found)
        if before == now:
            return
        for name, each in self._collections.items():
            if before.get(name, now[name]) != now[name]:
                await each.index_anew()
        await self._link.ask("SET", self._org.key("#indexes"), msgspec.json.encode(now))

    async def setup_version(self) -> int:
        version, generation = await self._link.ask(
            "HMGET", self._org.state_key, "version", "generation"
        )
        self._be_in("" if generation is None else generation.decode())
        return int(version or 0)

    async def close(self) -> None:
        await self._generations.close()
        await self._link.close()

    async def records(self, *names: str) -> StoredRecords:
        kept = self._forgetful()
        asked = {name: kept[name] for name in names} if names else kept
        found = await self._copied([each.hash for each in asked.values()])
        both = zip(asked.items(), found, strict=True)
        return {name: collection.unpacked(values) for (name, collection), values in both}

    async def _copied(self, hashes: Sequence[str]) -> Sequence[Mapping[bytes, bytes]]:
        """Return what is in these hashes at one time: a copy is made there, and read in parts."""
        number = await self._link.ask("HINCRBY", self._org.state_key, "copies", 1)
        prefix = self._org.key(f"#copy:{number}:")
        there = await self._link.run(COPY, hashes, prefix, _COPY_STAYS)
        copies = [f"{prefix}{each}" for each in there]
        found = await asyncio.gather(*map(self._link.all_in, copies))
        if copies and await self._link.ask("UNLINK", *copies) != len(copies):
            raise StorageError(f"{self._shown}: to read the org's records took too long")
        by_number = dict(zip(there, found, strict=True))
        return [by_number.get(each, {}) for each in range(1, len(hashes) + 1)]

    async def restore(self, records: StoredRecords) -> None:
        """Write a new generation of records, many at a time, and let it be valid when it is whole.

        Until then everybody reads and changes the one before; it stays for the requests that have
        begun with it, and is then removed. One that was not finished is removed too.
        """
        kept = self._forgetful()
        async with self._generations.next(self._unsaved) as draft:
            for name, rows in records.items():
                given = structs.replace(kept[name].kept, is_setup=False)
                collection = RedisCollection[Any](name, given, self._org, draft.name)
                for some in _parts(rows):
                    await asyncio.gather(draft.renew(), collection.put_many(some))
        self._be_in(draft.name)

    def _be_in(self, generation: str) -> None:
        """Read and write this generation."""
        if generation == self._generation:
            return
        self._generation = generation
        for each in self._forgetful().values():
            each.be_in(generation)

    def _hashes(self, generation: str) -> Sequence[str]:
        """Return the keys of what a reset changes, in this generation."""
        return [self._org.key(name, generation) for name in self._forgetful()]

    def _forgetful(self) -> Mapping[str, RedisCollection[Any]]:
        """Return the collections that a reset changes."""
        return {n: each for n, each in self._collections.items() if n not in self._lasting}


def _parts(rows: Mapping[Key, object]) -> Iterator[Sequence[tuple[Key, object]]]:
    rest = iter(rows.items())
    while some := list(islice(rest, _AT_ONCE)):
        yield some
