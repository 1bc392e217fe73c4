"""The keys of an org that several processes serve: all that they share is the storage."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from mock_okta import Clock, KeyPool
from mock_okta.services.world.key_ring import KeyRing
from mock_okta.storage import Storage, in_memory

QUARTER = timedelta(days=91)


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.freeze()
    return clock


@pytest.fixture
def storage(clock: Clock) -> Storage:
    return in_memory(clock)


@pytest.fixture
async def rings(storage: Storage, clock: Clock) -> AsyncIterator[tuple[KeyRing, KeyRing]]:
    pools = KeyPool(), KeyPool()
    first, second = (KeyRing(storage, pool, clock) for pool in pools)
    yield first, second
    for pool in pools:
        await asyncio.to_thread(pool.close)


async def _kids(ring: KeyRing, server_id: str = "default") -> list[str]:
    return [key.kid for key in await ring.published(server_id)]


@pytest.mark.parametrize("server_id", ["default", "org"])
async def test_all_sign_with_the_same_keys_even_if_they_begin_at_once(
    rings: tuple[KeyRing, KeyRing], server_id: str
) -> None:
    one, other = await asyncio.gather(*(ring.for_access_tokens(server_id) for ring in rings))
    assert one.kid == other.kid
    assert await _kids(rings[0], server_id) == await _kids(rings[1], server_id)
    assert one.sign({"a": 1}) == other.sign({"a": 1})


async def test_a_rotation_by_one_is_seen_by_the_other(rings: tuple[KeyRing, KeyRing]) -> None:
    one, other = rings
    (before,) = await _kids(one)
    await other.rotate("default")
    after = await _kids(one)
    assert after[1:] == [before]
    assert after == await _kids(other)


async def test_each_of_two_rotations_asked_for_at_once_happens(
    rings: tuple[KeyRing, KeyRing],
) -> None:
    await asyncio.gather(*(ring.rotate("default") for ring in rings))
    assert len(await _kids(rings[0])) == 3


async def test_a_rotation_by_time_happens_once(
    rings: tuple[KeyRing, KeyRing], clock: Clock
) -> None:
    one, other = rings
    (before,) = await _kids(one)
    clock.advance(QUARTER)
    kids = await asyncio.gather(_kids(one), _kids(other))
    assert kids[0] == kids[1]
    assert kids[0][1:] == [before]


async def test_the_storage_is_enough_to_sign_on(storage: Storage, clock: Clock) -> None:
    kids = []
    for _ in range(2):
        pool = KeyPool()
        kids.append(await _kids(KeyRing(storage, pool, clock)))
        await asyncio.to_thread(pool.close)
    assert kids[0] == kids[1]
