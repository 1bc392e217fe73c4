"""Logs and counters of one org in Redis."""

import asyncio
from collections.abc import Sequence
from typing import Generic, TypeVar

import msgspec

from mock_okta.storage.ports import Logged
from mock_okta.storage.redis_collections import RedisOrg
from mock_okta.storage.redis_scripts import APPEND, COUNT
from mock_okta.storage.rows import stored

__all__ = ["RedisCounter", "RedisLog"]

T = TypeVar("T")


class RedisLog(Generic[T]):
    """A stream that is trimmed with each new record."""

    def __init__(self, name: str, logged: Logged, org: RedisOrg) -> None:
        self.stream = org.key(name)
        self._logged = logged
        self._link = org.link
        self._decoder: msgspec.msgpack.Decoder[T] = msgspec.msgpack.Decoder(logged.record)

    async def append(self, record: T, size: int) -> None:
        most = self._logged.most, self._logged.most_bytes
        await self._link.run(APPEND, [self.stream], stored(record), size, *most)

    async def values(self) -> Sequence[T]:
        entries = await self._link.ask("XRANGE", self.stream, "-", "+")
        return [self._decoder.decode(dict(fields)[b"record"]) for _, fields in entries]

    async def newest(self) -> T | None:
        entries = await self._link.ask("XREVRANGE", self.stream, "+", "-", "COUNT", 1)
        found = [self._decoder.decode(dict(fields)[b"record"]) for _, fields in entries]
        return found[0] if found else None

    async def clear(self) -> None:
        await self._link.ask("DEL", self.stream, f"{self.stream}:bytes")


class RedisCounter:
    """A hash of the counts of one window."""

    def __init__(self, name: str, org: RedisOrg) -> None:
        self.hash = org.key(name)
        self._link = org.link

    def count(self, name: str, window: int) -> asyncio.Future[int]:
        return self._link.run(COUNT, [self.hash], name, window)
