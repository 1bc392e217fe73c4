"""Signing keys by name, generated in threads, and their files where keys survive a restart."""

import os
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Lock

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from mock_okta.model.org_state import KeyRotation
from mock_okta.services.world.signing_key import SigningKey

__all__ = ["ROTATION_PERIOD", "KeyFileError", "KeyPool"]

ROTATION_PERIOD = timedelta(days=90)
"""How long a key signs, by the org's clock (facts/oauth B.2)."""


class KeyFileError(Exception):
    """A key file cannot be read or written; the message is one line."""


class KeyPool:
    """Generates keys by name and remembers them; with a directory, they survive a restart.

    One pool may serve many orgs, from any thread: a test suite then generates its keys once. An org
    keeps the keys that it uses in its own storage. While that is only in memory, the directory is
    what survives a restart: an org reads its keys and rotations there, and writes both.
    A key that could not be read or written is not remembered: the next caller tries again.
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
        """Return a future of the key with that name; the first call generates it in a thread.

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
        """Return the server's rotation that an earlier process saved; raise KeyFileError."""
        if self._directory is None:
            return None
        path = self._directory / f"{server_id}.json"
        try:
            state = msgspec.json.decode(path.read_bytes(), type=KeyRotation)
            _ = state.rotated_at + ROTATION_PERIOD  # raises OverflowError near the year 9999
        except FileNotFoundError:
            return None
        except OSError as error:
            raise KeyFileError(f"{path} cannot be read: {error.strerror}") from error
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError) as error:
            raise KeyFileError(f"{path} cannot be read ({error}): remove it") from error
        return state

    def keep_state(self, server_id: str, state: KeyRotation) -> None:
        """Save the server's rotation for the next process, if there is a directory.

        Raises KeyFileError.
        """
        if self._directory is not None:
            _write(self._directory / f"{server_id}.json", msgspec.json.encode(state))

    def close(self) -> None:
        """End the pool's threads; keys that were requested before stay available."""
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
        if path is None:
            return key
        try:
            _write(path, key.pem.encode(), is_new=True)
        except KeyFileError:
            if path.exists():  # another process was first
                return SigningKey(_read_key(path))
            raise
        return key


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


def _write(path: Path, content: bytes, *, is_new: bool = False) -> None:
    """Write a file that only its owner can read, whole or not at all; raise KeyFileError.

    `is_new`: a file that is there stays, and is an error.
    """
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        if is_new:
            os.link(draft, path)
        else:
            draft.replace(path)
    except OSError as error:
        raise KeyFileError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
