"""Many who want one thing at the same time, and a storage that would give it to several."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp.abc import AbstractCookieJar

from mock_okta import Config, KeyPool, MockOkta
from mock_okta.storage import MemoryStorage
from mock_okta.storage.memory import MemoryCollection
from tests.visiting import Visitor

CALLERS = 64


class ReadThenDelete(MemoryCollection):  # type: ignore[type-arg] -- of any record
    """What `take` must not be: a read and a delete, with an await between."""

    async def take(self, key: str) -> object:
        record = await self.get(key)
        await asyncio.sleep(0)
        self._records.pop(key, None)
        return record


class LeakyStorage(MemoryStorage):
    """A backend whose one-time records may be had by several callers."""

    def __init__(self, clock: object) -> None:
        super().__init__(clock)  # type: ignore[arg-type] -- whatever the org's clock is
        self.session_tokens = ReadThenDelete(self.session_tokens._clock)
        self.authorization_codes = ReadThenDelete(self.session_tokens._clock)
        self.device_authorizations = ReadThenDelete(self.session_tokens._clock)


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
