"""Encodes records as bytes, and decodes them by each collection's type (MessagePack)."""

from functools import cache
from typing import Any

import msgspec

from mock_okta.storage.collections import COLLECTIONS
from mock_okta.storage.ports import Key, StorageError, StoredRecords

__all__ = ["decoded", "encoded"]

_encoder = msgspec.msgpack.Encoder()
_by_name = msgspec.msgpack.Decoder(dict[str, msgspec.Raw])


def encoded(records: StoredRecords) -> bytes:
    """Return the records as bytes for `decoded`."""
    return _encoder.encode({name: list(kept.items()) for name, kept in records.items() if kept})


def decoded(stored: bytes) -> StoredRecords:
    """Return the records that were encoded, without collections that only an earlier version had.

    Raises StorageError if this version cannot read them.
    """
    try:
        return {
            name: dict(_decoder(name).decode(raw))
            for name, raw in _by_name.decode(stored).items()
            if name in COLLECTIONS
        }
    except msgspec.MsgspecError as error:
        raise StorageError(f"a snapshot of another version cannot be read: {error}") from error


@cache
def _decoder(name: str) -> msgspec.msgpack.Decoder[list[tuple[Key, Any]]]:
    record: Any = COLLECTIONS[name].record
    return msgspec.msgpack.Decoder(list[tuple[Key, record]])
