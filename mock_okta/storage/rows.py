"""Records as rows of bytes and numbers, for backends outside of the process."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct

from mock_okta.storage.ports import Kept, Key, StorageError

__all__ = ["LAYOUT", "Row", "Rows", "instant", "key_of", "stored", "stored_key"]

LAYOUT = 1
"""The version of stored data. Raise it if records that were stored before cannot be read."""

T = TypeVar("T")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_keys: msgspec.msgpack.Decoder[str | tuple[str, ...]] = msgspec.msgpack.Decoder(
    str | tuple[str, ...]
)


def _plain(value: object) -> str:
    """Return a plain `str` for a subclass of it, such as the name of a header, for msgspec."""
    if isinstance(value, str):
        return str.__str__(value)
    raise TypeError(f"a record holds a {type(value).__name__}, which cannot be stored")


_encoder = msgspec.msgpack.Encoder(enc_hook=_plain)


class Row(Struct, frozen=True):
    """A stored record: its bytes, when it expires, and its values by index (None: not in it)."""

    record: bytes
    expires_at: int | None
    indexed: Sequence[bytes | None]


class Rows(Generic[T]):
    """Turns the records of one collection into rows and back."""

    def __init__(self, name: str, kept: Kept) -> None:
        self._name = name
        self.indexes = kept.indexes
        self.can_expire = "expires_at" in kept.record.__struct_fields__
        self._decoder: msgspec.msgpack.Decoder[T] = msgspec.msgpack.Decoder(kept.record)

    def row(self, record: T) -> Row:
        """Return the row of a record."""
        values = [getattr(record, name) for name in self.indexes]
        return Row(
            _encoder.encode(record),
            self._expiry(record) if self.can_expire else None,
            [None if value is None else stored_key(value) for value in values],
        )

    def record(self, stored: bytes) -> T:
        """Return the record of a row; raise StorageError if it is damaged."""
        try:
            return self._decoder.decode(stored)
        except msgspec.MsgspecError as error:
            raise StorageError(f"a record of {self._name} cannot be read: {error}") from error

    def living(self, stored: bytes | None, now: datetime) -> T | None:
        """Return the record of a row, if there is one and it has not expired."""
        if stored is None:
            return None
        record = self.record(stored)
        return None if self.has_expired(record, now) else record

    def has_expired(self, record: T, now: datetime) -> bool:
        """Return whether the record has expired."""
        if not self.can_expire:
            return False
        expires_at: datetime | None = getattr(record, "expires_at", None)
        return expires_at is not None and expires_at <= now

    @staticmethod
    def _expiry(record: Any) -> int | None:
        return None if record.expires_at is None else instant(record.expires_at)


def stored(record: object) -> bytes:
    """Return the bytes of a record."""
    return _encoder.encode(record)


def stored_key(key: Key) -> bytes:
    """Return the bytes of a key; different keys have different bytes."""
    return _encoder.encode(key)


def key_of(stored: bytes) -> Key:
    """Return the key with these bytes."""
    return _keys.decode(stored)


def instant(at: datetime) -> int:
    """Return a time as microseconds since 1970: exact, unlike a float."""
    return (at - _EPOCH) // _MICROSECOND
