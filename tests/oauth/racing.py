"""Many who want one thing at the same time, and a storage that would give it to several."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp.abc import AbstractCookieJar

from mock_okta import Config, KeyPool, MockOkta
from mock_okta.clock import Clock
from mock_okta.storage import Collection, Kept, Key, Storage
from mock_okta.storage.memory import MemoryBackend, MemoryCollection
from tests.visiting import Visitor

CALLERS = 64
_ONE_TIME = {"session_tokens", "authorization_codes", "device_authorizations", "interaction_codes"}


class ReadThenWrite(MemoryCollection):  # type: ignore[type-arg] -- of any record
    """What `take` and `update` must not be: two steps, with an await between."""

    async def take(self, key: Key) -> object:
        record = await self.get(key)
        await asyncio.sleep(0)
        self._records.pop(key, None)
        return record

    async def update(self, key: Key, change: Callable[[Any], Any]) -> Any:
        record = await self.get(key)
        if record is None:
            return None
        changed = change(record)
        await asyncio.sleep(0)
        self._keep(key, changed)
        return changed


class LeakyBackend(MemoryBackend):
    """A backend whose one-time records may be had by several callers."""

    def open(self, name: str, kept: Kept) -> Collection[Any]:
        opened = super().open(name, kept)
        if name in _ONE_TIME:
            opened.__class__ = ReadThenWrite
        return opened


def leaky_storage(clock: Clock) -> Storage:
    """What an org gets in place of a storage that keeps its promises."""
    return Storage(LeakyBackend(clock))


@asynccontextmanager
async def racing(
    config: Config, pool: KeyPool, cookie_jar: AbstractCookieJar
) -> AsyncIterator[Visitor]:
    """A visitor of a new org whose every request has a connection of its own."""
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    async with (
        MockOkta(config, key_pool=pool) as org,
        aiohttp.ClientSession(connector=connector, cookie_jar=cookie_jar) as http,
    ):
        yield Visitor(org, http)
