"""Opens a backend: the only module that imports one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mock_okta.clock import Clock
from mock_okta.storage.cached import CachedBackend
from mock_okta.storage.collections import Storage
from mock_okta.storage.memory import MemoryBackend
from mock_okta.storage.places import Place
from mock_okta.storage.ports import SharedBackend, StorageError

__all__ = ["in_memory", "opened"]


def in_memory(clock: Clock) -> Storage:
    """Return an empty storage that lives as long as the process."""
    return Storage(MemoryBackend(clock))


@asynccontextmanager
async def opened(place: Place, clock: Clock) -> AsyncIterator[Storage]:
    """Open a storage that lasts, until the block ends; raise StorageError."""
    backend = _sqlite(place, clock) if place.kind == "sqlite" else _redis(place, clock)
    storage = Storage(CachedBackend(backend), lasts=True)
    await backend.start()
    try:
        yield storage
    finally:
        await backend.close()


# Each import waits until it is needed: an org in memory starts without them.


def _sqlite(place: Place, clock: Clock) -> SharedBackend:
    from mock_okta.storage.sqlite import SqliteBackend  # noqa: PLC0415 -- see above

    return SqliteBackend(place.path, clock)


def _redis(place: Place, clock: Clock) -> SharedBackend:
    try:
        from mock_okta.storage.redis import RedisBackend  # noqa: PLC0415 -- see above
    except ModuleNotFoundError as error:
        raise StorageError(
            f"{place.shown} needs a package: pip install 'mock_okta[redis]'"
        ) from error
    return RedisBackend(place.url, place.org, place.shown, clock)
