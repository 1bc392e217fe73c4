"""What the services of one org are made of: storage, clock, ids, keys and issuers."""

import msgspec
from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.ids import Ids
from mock_okta.services.world.issuers import Issuers
from mock_okta.services.world.key_pool import KeyPool
from mock_okta.services.world.key_ring import KeyRing
from mock_okta.storage import Storage

__all__ = ["World", "world_of"]


class World(Struct, frozen=True, kw_only=True):
    """An org's records, time, randomness and keys, and the name that a request used."""

    storage: Storage
    clock: Clock
    ids: Ids
    keys: KeyRing
    issuers: Issuers

    @property
    def url(self) -> str:
        """The base URL of the requested name, no trailing slash."""
        return self.issuers.urls[self.issuers.asked]

    def at(self, order: int) -> "World":
        """Return the same world for requests to another of the org's names."""
        return msgspec.structs.replace(self, issuers=Issuers(self.issuers.urls, order))


def world_of(
    storage: Storage,
    clock: Clock,
    pool: KeyPool,
    *,
    urls: tuple[str, ...] = ("http://localhost:8700",),
    id_seed: int | None = None,
) -> World:
    """Return the world of the org at `urls`: the base URLs of all its names, no trailing slash."""
    return World(
        storage=storage,
        clock=clock,
        ids=Ids(id_seed),
        keys=KeyRing(storage, pool, clock),
        issuers=Issuers(urls),
    )
