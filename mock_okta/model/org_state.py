"""What an org stores for itself: signing keys, secrets and snapshots."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

__all__ = ["AppliedSeed", "KeyRotation", "Secret", "Snapshot", "StoredKey"]

_Generation = Annotated[int, Meta(ge=0)]
_Instant = Annotated[datetime, Meta(tz=True)]


class StoredKey(Struct, frozen=True, kw_only=True):
    """A private signing key, PKCS #8 in PEM; it never changes under its name."""

    pem: str


class KeyRotation(Struct, frozen=True, kw_only=True):
    """The state of one authorization server's key rotation.

    `generation`: the number of the key that signs. `retired`: earlier generations, each published
    until the last token that it signed has expired.
    """

    generation: _Generation
    rotated_at: _Instant
    retired: tuple[tuple[_Generation, _Instant], ...] = ()


class Secret(Struct, frozen=True, kw_only=True):
    """A random value that only the org knows, created once."""

    value: str


class AppliedSeed(Struct, frozen=True, kw_only=True):
    """The seed that the org was last filled with; `digest` is empty until that is done once.

    `origin`: the digest of the files that it was in, and of what else decides the records; empty if
    it was in none. `summary`: the SeedSummary of that seed as JSON, which only the same version of
    mock_okta reads.

    `claimant`: the process that applies a seed now, by the machine's clock until `claimed_until`.
    """

    digest: str
    origin: str = ""
    summary: bytes = b""
    claimant: str = ""
    claimed_until: _Instant | None = None


class Snapshot(Struct, frozen=True, kw_only=True):
    """The state of an org; `taken_at` by its own clock. `records` is MessagePack.

    `seed`: the digest of the seed that was the last applied to it.
    """

    name: str
    taken_at: datetime
    records: bytes
    seed: str = "unknown"
