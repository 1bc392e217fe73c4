"""A storage as a network away: between two operations, other requests get their turn."""

import asyncio
from collections.abc import Callable
from typing import Any

from mock_okta.storage import Collection, Kept, Key
from mock_okta.storage.memory import MemoryBackend, MemoryCollection

__all__ = ["Distant", "DistantBackend"]


class Distant(MemoryCollection):  # type: ignore[type-arg] -- of any record
    """As a backend behind a network: others get their turn before and after each operation."""

    async def get(self, key: Key) -> object:
        await asyncio.sleep(0)
        return await super().get(key)

    async def put(self, key: Key, record: object) -> None:
        await asyncio.sleep(0)
        await super().put(key, record)

    async def add(self, key: Key, record: object) -> bool:
        await asyncio.sleep(0)
        return await super().add(key, record)

    async def take(self, key: Key) -> object:
        await asyncio.sleep(0)
        taken = await super().take(key)
        await asyncio.sleep(0)
        return taken

    async def update(self, key: Key, change: Callable[[object], object]) -> object:
        await asyncio.sleep(0)
        changed = await super().update(key, change)
        await asyncio.sleep(0)
        return changed


class DistantBackend(MemoryBackend):
    """All that the org keeps is far away."""

    kind: type[Distant] = Distant

    def open(self, name: str, kept: Kept) -> Collection[Any]:
        opened = super().open(name, kept)
        opened.__class__ = self.kind
        return opened
