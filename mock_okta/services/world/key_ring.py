"""Signing keys: generated in a thread, stored in the org's storage and, on request, in files.

`kid` is derived from the key (RFC 7638), so a new key has a new `kid`, and a client that cached the
old key fetches again (seen in the widget's library).
"""

import asyncio
import json
import os
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, cast

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from mock_okta.clock import Clock
from mock_okta.jose import base64url, base64url_number, thumbprint
from mock_okta.model.directory import ORG_SERVER
from mock_okta.model.org_state import KeyRotation, StoredKey
from mock_okta.storage import Key, Storage, StoredRecords

__all__ = ["KeyFileError", "KeyPool", "KeyRing", "SigningKey"]

_PADDING = padding.PKCS1v15()
_HASH = SHA256()
_ROTATION_PERIOD = timedelta(days=90)
_LONGEST_TOKEN_LIFE = timedelta(days=1)
_INTERNAL = f"{ORG_SERVER}-access-token"
_UNPUBLISHED = "unpublished"


@dataclass(frozen=True)
class SigningKey:
    """An RSA-2048 key that signs tokens (RS256)."""

    private_key: rsa.RSAPrivateKey

    @cached_property
    def jwk(self) -> Mapping[str, str]:
        """Return the public key as Okta's JWKS shows it (facts/oauth B.1; recorded traffic)."""
        numbers = self.private_key.public_key().public_numbers()
        e, n = base64url_number(numbers.e), base64url_number(numbers.n)
        kid = thumbprint({"kty": "RSA", "e": e, "n": n})
        return {"kty": "RSA", "alg": "RS256", "kid": kid, "use": "sig", "e": e, "n": n}

    @classmethod
    def from_pem(cls, pem: str) -> "SigningKey":
        """Return the key in that PEM."""
        key = serialization.load_pem_private_key(pem.encode(), password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError("a signing key is an RSA key")
        return cls(key)

    @cached_property
    def pem(self) -> str:
        """Return the private key, PKCS #8 in PEM, not encrypted."""
        return self.private_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()

    @property
    def kid(self) -> str:
        """Return the key's id: 43 characters."""
        return self.jwk["kid"]

    @cached_property
    def _header(self) -> bytes:
        return self._encoded_header({"kid": self.kid, "alg": "RS256"})

    def sign(
        self, claims: Mapping[str, Any], token_type: str | None = None, kid: str | None = None
    ) -> str:
        """Return `claims` as a signed JWT; `kid`: shown in the header in place of the key's own.

        The header has Okta's form: `kid` before `alg`, and `typ` only if it is given
        (facts/oauth F.1, recorded traffic). PyJWT's `encode` orders the header its own way.
        """
        header = self._header
        if token_type is not None or kid is not None:
            typ = {} if token_type is None else {"typ": token_type}
            header = self._encoded_header({"kid": kid or self.kid, **typ, "alg": "RS256"})
        signing_input = header + b"." + base64url(msgspec.json.encode(claims)).encode()
        signature = self.private_key.sign(signing_input, _PADDING, _HASH)
        return f"{signing_input.decode()}.{base64url(signature)}"

    @staticmethod
    def _encoded_header(header: Mapping[str, str]) -> bytes:
        return base64url(json.dumps(header, separators=(",", ":")).encode()).encode()


class KeyFileError(Exception):
    """A key file cannot be read or written; the message is one line."""


class KeyPool:
    """Generates keys by name and keeps them in memory; with a directory, also in files.

    One pool may serve many orgs, from any thread: a test suite then generates its keys only once.
    An org copies the keys that it uses to its own storage. Until that can be on disk, only the
    directory survives a restart: an org reads its keys and rotations from there, and writes both.
    A key that could not be read or written is not kept: the next caller tries again.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self._directory = directory
        self._keys: dict[str, SigningKey] = {}
        # Removed when done: a future holds the event loop of each caller that waited.
        self._coming: dict[str, Future[SigningKey]] = {}
        self._lock = Lock()
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mock_okta-keys")

    @property
    def persists(self) -> bool:
        """Whether the keys survive a restart."""
        return self._directory is not None

    def key(self, name: str) -> Future[SigningKey]:
        """Return a future of the key with that name; a thread generates it at the first call.

        The future raises KeyFileError.
        """
        with self._lock:
            if name in self._keys:
                there: Future[SigningKey] = Future()
                there.set_result(self._keys[name])
                return there
            if name not in self._coming:
                self._coming[name] = self._threads.submit(self._come, name)
            return self._coming[name]

    def state(self, server_id: str) -> KeyRotation | None:
        """Return the rotation that an earlier process wrote, if any; raise KeyFileError."""
        if self._directory is None:
            return None
        path = self._directory / f"{server_id}.json"
        try:
            state = msgspec.json.decode(path.read_bytes(), type=KeyRotation)
            _ = state.rotated_at + _ROTATION_PERIOD  # raises OverflowError near the year 9999
        except FileNotFoundError:
            return None
        except OSError as error:
            raise KeyFileError(f"{path} cannot be read: {error.strerror}") from error
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError) as error:
            raise KeyFileError(f"{path} cannot be read ({error}): remove it") from error
        return state

    def keep_state(self, server_id: str, state: KeyRotation) -> None:
        """Write the server's rotation for the next process, if there is a directory.

        Raises KeyFileError.
        """
        if self._directory is not None:
            _write(self._directory / f"{server_id}.json", msgspec.json.encode(state))

    def close(self) -> None:
        """End the pool's threads; keys that were requested before are still generated."""
        self._threads.shutdown()

    def _come(self, name: str) -> SigningKey:
        try:
            key = self._find_or_generate(name)
        except BaseException:
            with self._lock:
                del self._coming[name]
            raise
        with self._lock:
            self._keys[name] = key
            del self._coming[name]
        return key

    def _find_or_generate(self, name: str) -> SigningKey:
        path = None if self._directory is None else self._directory / f"{name}.pem"
        if path is not None and path.exists():
            return SigningKey(_read_key(path))
        key = SigningKey(rsa.generate_private_key(public_exponent=65537, key_size=2048))
        if path is not None:
            _write(path, key.pem.encode())
        return key


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
        return self._pool.persists

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
        return (await self._rotation(server_id)).rotated_at + _ROTATION_PERIOD

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
        return _rotations_in(await self._storage.records())

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
            elif rotation.rotated_at + _ROTATION_PERIOD > self._clock.now():
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


def _read_key(path: Path) -> rsa.RSAPrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise KeyFileError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, TypeError) as error:
        raise KeyFileError(f"{path} holds no signing key: remove it to get a new one") from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise KeyFileError(f"{path} holds no RSA key: remove it to get a new one")
    return key


def _write(path: Path, content: bytes) -> None:
    """Write the whole file or nothing, readable only for the owner; raise KeyFileError."""
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise KeyFileError(f"{path} cannot be written: {error.strerror}") from error
