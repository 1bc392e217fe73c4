"""Which keys an org signs with: active, next and retired ones, kept in its storage."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import cast

from mock_okta.clock import Clock
from mock_okta.model.authorization_servers import ORG_SERVER
from mock_okta.model.org_state import KeyRotation, StoredKey
from mock_okta.services.world.key_pool import ROTATION_PERIOD, KeyPool
from mock_okta.services.world.signing_key import SigningKey
from mock_okta.storage import Key, Storage, StoredRecords

__all__ = ["KeyRing"]

_LONGEST_TOKEN_LIFE = timedelta(days=1)
_INTERNAL = f"{ORG_SERVER}-access-token"
_UNPUBLISHED = "unpublished"


class KeyRing:
    """The keys of one org: the active, next and retired keys of each authorization server.

    They rotate every 90 days by the org's clock (facts/oauth B.2), or by `rotate`. The org
    authorization server signs access tokens with a key that is not in its JWKS: only the org itself
    is meant to verify them.

    All of it is in the org's storage: `signing_keys` by name, and `key_rotations`. A name is never
    used for another key: a rotation skips names that exist, also after a return to a snapshot. Only
    parsed keys are cached here.
    """

    def __init__(self, storage: Storage, pool: KeyPool, clock: Clock) -> None:
        self._storage = storage
        self._pool = pool
        self._clock = clock
        self._parsed: dict[str, SigningKey] = {}

    @property
    def persists(self) -> bool:
        """Whether the keys survive a restart; then the next key is published before its use."""
        return self._pool.persists or self._storage.lasts

    async def check(self, server_id: str) -> None:
        """Load persisted keys now, so that a damaged key file fails at start-up."""
        if self.persists:
            await self.verifying(server_id)

    async def prepare(self, server_id: str) -> None:
        """Start to generate the keys of an authorization server."""
        for name in await self._first_names(server_id):
            if not await self._is_known(name):
                self._pool.key(name)

    async def are_there(self, server_id: str) -> bool:
        """Return whether the server's keys exist, so that no request waits for them."""
        for name in await self._first_names(server_id):
            if not await self._is_known(name) and not self._pool.key(name).done():
                return False
        return True

    async def active(self, server_id: str) -> SigningKey:
        """Return the key that signs ID tokens, and a custom server's access tokens."""
        return await self._key(server_id, (await self._rotation(server_id)).generation)

    async def for_access_tokens(self, server_id: str) -> SigningKey:
        """Return the key that signs the server's access tokens."""
        if server_id == ORG_SERVER:
            return await self._named(_INTERNAL)
        return await self.active(server_id)

    async def published(self, server_id: str) -> list[SigningKey]:
        """Return the keys of the JWKS: active, next (if keys persist), and retired ones."""
        rotation = await self._rotation(server_id)
        return [await self._key(server_id, number) for number in self._generations(rotation)]

    async def unpublished(self) -> SigningKey:
        """Return a key that the org does not use."""
        return await self._named(_UNPUBLISHED)

    async def names(self, server_id: str, *, unpublished: bool = False) -> list[str]:
        """Return the pool's names of the keys that the server's tokens and JWKS need."""
        numbers = self._generations(await self._rotation(server_id))
        internal = [_INTERNAL] if server_id == ORG_SERVER else []
        other = [_UNPUBLISHED] if unpublished else []
        return [*(_name(server_id, number) for number in numbers), *internal, *other]

    async def verifying(self, server_id: str) -> list[SigningKey]:
        """Return every key whose signature on this server's tokens is valid."""
        keys = await self.published(server_id)
        return [*keys, await self.for_access_tokens(server_id)]

    async def next_rotation_at(self, server_id: str) -> datetime:
        """Return when the active key will be replaced, unless `rotate` is called before."""
        return (await self._rotation(server_id)).rotated_at + ROTATION_PERIOD

    async def rotate(self, server_id: str) -> None:
        """Replace the active key; the old one stays published while its tokens live.

        If keys persist, browsers cache the JWKS, which has one key ahead. Two rotations within the
        cache's lifetime leave such a browser without the new key, as with Okta. Raises
        KeyFileError.
        """
        while not await self._is_rotated(server_id, await self._rotation(server_id)):
            pass  # another caller's rotation came first: try again

    async def settled(self, at: datetime) -> Mapping[Key, KeyRotation]:
        """Return all rotations as if the active keys were new at that instant: none is retired.

        Writes the files first; raises KeyFileError.
        """
        return self._written(
            {
                server_id: KeyRotation(generation=rotation.generation, rotated_at=at)
                for server_id, rotation in (await self._rotations()).items()
            }
        )

    async def back_at(self, then: StoredRecords) -> Mapping[Key, KeyRotation]:
        """Return the rotations in those records, so that tokens of that time are valid again.

        Servers that were added later keep theirs. Writes the files first; raises KeyFileError.
        """
        return self._written({**await self._rotations(), **_rotations_in(then)})

    async def _rotations(self) -> Mapping[Key, KeyRotation]:
        return _rotations_in(await self._storage.records("key_rotations"))

    def _written(self, rotations: Mapping[Key, KeyRotation]) -> Mapping[Key, KeyRotation]:
        for server_id, rotation in rotations.items():
            self._pool.keep_state(str(server_id), rotation)
        return rotations

    async def _rotation(self, server_id: str) -> KeyRotation:
        """Return the server's current rotation; raise KeyFileError."""
        rotations = self._storage.key_rotations
        while True:
            rotation = await rotations.get(server_id)
            if rotation is None:
                await rotations.add(server_id, self._first(server_id))
            elif rotation.rotated_at + ROTATION_PERIOD > self._clock.now():
                return rotation
            else:
                await self._is_rotated(server_id, rotation)

    def _first(self, server_id: str) -> KeyRotation:
        """Return the rotation that an earlier process wrote, or a new one."""
        kept = self._pool.state(server_id)
        if kept is None:
            kept = KeyRotation(generation=0, rotated_at=self._clock.now())
            self._pool.keep_state(server_id, kept)
        return kept

    async def _is_rotated(self, server_id: str, rotation: KeyRotation) -> bool:
        """Rotate to the next key; return False if the rotation is no longer `rotation`."""
        rotated = await self._rotated(server_id, rotation)
        self._pool.keep_state(server_id, rotated)  # first: it may fail
        kept = await self._storage.key_rotations.update(
            server_id, lambda found: rotated if found == rotation else found
        )
        return kept == rotated

    async def _rotated(self, server_id: str, rotation: KeyRotation) -> KeyRotation:
        """Return the rotation to a key that was never active, not even before a restore.

        If keys persist, it is the key that was published ahead.
        """
        upcoming = rotation.generation + 1
        while not self.persists and await self._is_known(_name(server_id, upcoming)):
            upcoming += 1
        now = self._clock.now()
        alive = tuple((number, until) for number, until in rotation.retired if until > now)
        retired = ((rotation.generation, now + _LONGEST_TOKEN_LIFE), *alive)
        return KeyRotation(generation=upcoming, rotated_at=now, retired=retired)

    def _generations(self, rotation: KeyRotation) -> list[int]:
        """Return the numbers of the server's published keys, the active one first."""
        now = self._clock.now()
        ahead = [rotation.generation + 1] if self.persists else []
        retired = [number for number, until in rotation.retired if until > now]
        return [rotation.generation, *ahead, *retired]

    async def _first_names(self, server_id: str) -> list[str]:
        """Return the names of the keys that sign the server's tokens now."""
        active = _name(server_id, (await self._rotation(server_id)).generation)
        return [active, _INTERNAL] if server_id == ORG_SERVER else [active]

    async def _is_known(self, name: str) -> bool:
        return await self._storage.signing_keys.get(name) is not None

    async def _key(self, server_id: str, generation: int) -> SigningKey:
        return await self._named(_name(server_id, generation))

    async def _named(self, name: str) -> SigningKey:
        key = self._parsed.get(name)
        if key is None:
            key = self._parsed[name] = await self._stored(name)
        return key

    async def _stored(self, name: str) -> SigningKey:
        """Return the stored key of that name; without one, store the pool's."""
        keys, drawn = self._storage.signing_keys, None
        while (kept := await keys.get(name)) is None:
            drawn = await _settled(self._pool.key(name))
            if await keys.add(name, StoredKey(pem=drawn.pem)):
                return drawn
        if drawn is not None and drawn.pem == kept.pem:
            return drawn
        return await asyncio.to_thread(SigningKey.from_pem, kept.pem)


def _rotations_in(records: StoredRecords) -> Mapping[Key, KeyRotation]:
    return cast(Mapping[Key, KeyRotation], records.get("key_rotations", {}))


def _name(server_id: str, generation: int) -> str:
    return f"{server_id}.{generation}"


async def _settled(key: Future[SigningKey]) -> SigningKey:
    return key.result() if key.done() else await asyncio.wrap_future(key)
