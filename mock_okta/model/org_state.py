"""What an org keeps for itself: its signing keys, its secrets, and snapshots of all it holds."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

__all__ = ["KeyRotation", "Secret", "Snapshot", "StoredKey"]

_Generation = Annotated[int, Meta(ge=0)]
_Instant = Annotated[datetime, Meta(tz=True)]


class StoredKey(Struct, frozen=True, kw_only=True):
    """A private signing key, PKCS #8 in PEM; what has its name never changes."""

    pem: str


class KeyRotation(Struct, frozen=True, kw_only=True):
    """Where one authorization server's rotation stands.

    `generation`: which of its keys signs. `retired`: earlier generations, each published until the
    last token it signed has expired.
    """

    generation: _Generation
    rotated_at: _Instant
    retired: tuple[tuple[_Generation, _Instant], ...] = ()


class Secret(Struct, frozen=True, kw_only=True):
    """Something that only the org knows, and that it draws once."""

    value: str


class Snapshot(Struct, frozen=True, kw_only=True):
    """An org at one moment; `taken_at` by its own clock. `records` is MessagePack."""

    name: str
    taken_at: datetime
    records: bytes
