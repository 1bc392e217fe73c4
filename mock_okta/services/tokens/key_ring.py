"""Signing keys: generated in a thread, shared by no two rings, kept where asked.

`kid` is derived from the key (RFC 7638), so a new key never comes under an old name: a client that
cached the old one fetches again (seen in the widget's library).
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
from typing import Annotated, Any

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from msgspec import Meta, Struct

from mock_okta.clock import Clock
from mock_okta.jose import base64url, base64url_number, thumbprint
from mock_okta.model.directory import ORG_SERVER

__all__ = ["KeyFileError", "KeyPool", "KeyRing", "RingState", "SigningKey"]

_PADDING = padding.PKCS1v15()
_HASH = SHA256()
_ROTATION_PERIOD = timedelta(days=90)
_LONGEST_TOKEN_LIFE = timedelta(days=1)
_INTERNAL = f"{ORG_SERVER}-access-token"
_UNPUBLISHED = "unpublished"
_Generation = Annotated[int, Meta(ge=0)]
_Instant = Annotated[datetime, Meta(tz=True)]


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
        """Return `claims` as a signed JWT; `kid` is another key's where that is what to show.

        The header has Okta's form: `kid` before `alg`, and no `typ` but where one is given
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
    """A file that keeps keys cannot be used or written; the message is one line."""


class RingState(Struct, frozen=True, kw_only=True):
    """Where one server's rotation stands.

    `retired`: earlier generations, each published until the last token it signed has expired.
    """

    generation: _Generation
    rotated_at: _Instant
    retired: tuple[tuple[_Generation, _Instant], ...] = ()


class KeyPool:
    """Generates keys by name and remembers them; with a directory, beyond this process.

    One pool may serve many orgs, from any thread: a test suite then generates its keys once.
    A key that could not be read or kept is not remembered: the next caller tries again.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self._directory = directory
        self._keys: dict[str, SigningKey] = {}
        # A future keeps its callbacks, and so the event loop of who waited: only until it is done.
        self._coming: dict[str, Future[SigningKey]] = {}
        self._lock = Lock()
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mock_okta-keys")

    @property
    def persists(self) -> bool:
        """Whether the keys survive this process."""
        return self._directory is not None

    def key(self, name: str) -> Future[SigningKey]:
        """Return the key of that name, soon: it is generated in a thread when first asked for.

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

    def state(self, server_id: str) -> RingState | None:
        """Return where an earlier process left the server's rotation; raise KeyFileError."""
        if self._directory is None:
            return None
        path = self._directory / f"{server_id}.json"
        try:
            state = msgspec.json.decode(path.read_bytes(), type=RingState)
            _ = state.rotated_at + _ROTATION_PERIOD  # not every date has one so much later
        except FileNotFoundError:
            return None
        except OSError as error:
            raise KeyFileError(f"{path} cannot be read: {error.strerror}") from error
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError) as error:
            raise KeyFileError(f"{path} cannot be read ({error}): remove it") from error
        return state

    def keep_state(self, server_id: str, state: RingState) -> None:
        """Remember the server's rotation for the next process, where keys are kept at all.

        Raises KeyFileError.
        """
        if self._directory is not None:
            _write(self._directory / f"{server_id}.json", msgspec.json.encode(state))

    def close(self) -> None:
        """End the pool's threads; keys asked for before are still there."""
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
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        if path is not None:
            _write_key(path, key)
        return SigningKey(key)


class KeyRing:
    """The keys of one org: active, next and just retired ones for each authorization server.

    They rotate every 90 days by the org's clock (facts/oauth B.2), or when told. The org
    authorization server signs access tokens with a key that is not in its JWKS: they are not meant
    to be verified by anyone but the org.
    """

    def __init__(self, pool: KeyPool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock
        self._states: dict[str, RingState] = {}
        self._latest: dict[str, int] = {}
        self._settled: dict[str, SigningKey] = {}  # asked without the pool's locks

    @property
    def persists(self) -> bool:
        """Whether a restart keeps the keys; the next key is then published ahead of its use."""
        return self._pool.persists

    async def check(self, server_id: str) -> None:
        """Wait for kept keys, so that a damaged file is told at the start; else do nothing."""
        if self.persists:
            await self.verifying(server_id)

    def prepare(self, server_id: str) -> None:
        """Begin to generate the keys of an authorization server."""
        self._pool.key(_name(server_id, self._state(server_id).generation))
        if server_id == ORG_SERVER:
            self._pool.key(_INTERNAL)

    def are_there(self, server_id: str) -> bool:
        """Tell whether nobody would wait for the server's keys."""
        names = [_name(server_id, self._state(server_id).generation)]
        names += [_INTERNAL] if server_id == ORG_SERVER else []
        return all(self._pool.key(name).done() for name in names)

    async def active(self, server_id: str) -> SigningKey:
        """Return the key that signs ID tokens, and a custom server's access tokens."""
        return await self._key(server_id, self._state(server_id).generation)

    async def for_access_tokens(self, server_id: str) -> SigningKey:
        """Return the key that signs the server's access tokens."""
        if server_id == ORG_SERVER:
            return await self._named(_INTERNAL)
        return await self.active(server_id)

    async def published(self, server_id: str) -> list[SigningKey]:
        """Return the JWKS: the active key, the next one where keys persist, those just retired."""
        state = self._state(server_id)
        generations = [state.generation]
        if self.persists:
            generations.append(state.generation + 1)
        generations += [number for number, until in state.retired if until > self._clock.now()]
        return [await self._key(server_id, generation) for generation in generations]

    async def unpublished(self) -> SigningKey:
        """Return a key that signs nothing here."""
        return await _settled(self._pool.key(_UNPUBLISHED))

    def wait(self, server_id: str, *, unpublished: bool = False) -> None:
        """Block until the server's keys are there: nothing that asks for them then waits."""
        state = self._state(server_id)
        generations = (state.generation, state.generation + 1)[: 2 if self.persists else 1]
        names = [_name(server_id, number) for number in (*generations, *dict(state.retired))]
        names += [_INTERNAL] if server_id == ORG_SERVER else []
        names += [_UNPUBLISHED] if unpublished else []
        for name in names:
            self._pool.key(name).result()

    async def verifying(self, server_id: str) -> list[SigningKey]:
        """Return every key whose signature on this server's tokens still counts."""
        keys = await self.published(server_id)
        return [*keys, await self.for_access_tokens(server_id)]

    def next_rotation_at(self, server_id: str) -> datetime:
        """Return when the active key will be replaced unless somebody does so before."""
        return self._state(server_id).rotated_at + _ROTATION_PERIOD

    def rotate(self, server_id: str) -> None:
        """Replace the active key; the old one stays published while its tokens live.

        Where keys persist, browsers keep the JWKS, and know one key ahead: twice in that time is
        once too often for a browser that kept the first, as it is with Okta.
        """
        self._keep(server_id, self._rotated(server_id, self._state(server_id)))

    def settle(self) -> None:
        """Go on with the active keys as if they had just come, without retired ones."""
        now = self._clock.now()
        for server_id, state in tuple(self._states.items()):
            self._keep(server_id, RingState(generation=state.generation, rotated_at=now))

    def states(self) -> Mapping[str, RingState]:
        """Return where each server's rotation stands."""
        return dict(self._states)

    def restore(self, states: Mapping[str, RingState]) -> None:
        """Sign with the keys of then again: tokens of that time are worth what they were."""
        for server_id, state in states.items():
            self._keep(server_id, state)

    def _state(self, server_id: str) -> RingState:
        state = self._states.get(server_id)
        if state is None:
            state = self._pool.state(server_id)
            if state is None:
                state = RingState(generation=0, rotated_at=self._clock.now())
                self._keep(server_id, state)
            self._remember(server_id, state)
        if state.rotated_at + _ROTATION_PERIOD <= self._clock.now():
            state = self._rotated(server_id, state)
            self._keep(server_id, state)
        return state

    def _rotated(self, server_id: str, state: RingState) -> RingState:
        """Return the ring with a key that was never active before, not even ahead of a restore.

        Where keys persist, though, it is the one that was published ahead.
        """
        before = state.generation if self.persists else self._latest[server_id]
        now = self._clock.now()
        alive = tuple((number, until) for number, until in state.retired if until > now)
        retired = ((state.generation, now + _LONGEST_TOKEN_LIFE), *alive)
        return RingState(generation=before + 1, rotated_at=now, retired=retired)

    def _keep(self, server_id: str, state: RingState) -> None:
        self._pool.keep_state(server_id, state)  # first: it may fail
        self._remember(server_id, state)

    def _remember(self, server_id: str, state: RingState) -> None:
        self._states[server_id] = state
        self._latest[server_id] = max(state.generation, self._latest.get(server_id, 0))

    async def _key(self, server_id: str, generation: int) -> SigningKey:
        return await self._named(_name(server_id, generation))

    async def _named(self, name: str) -> SigningKey:
        key = self._settled.get(name)
        if key is None:
            key = self._settled[name] = await _settled(self._pool.key(name))
        return key


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


def _write_key(path: Path, key: rsa.RSAPrivateKey) -> None:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    _write(path, pem)


def _write(path: Path, content: bytes) -> None:
    """Write for the owner alone, whole or not at all; raise KeyFileError."""
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
