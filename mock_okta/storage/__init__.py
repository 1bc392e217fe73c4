"""The storage of an org: one table of collections, a port with its rules, and backends."""

from mock_okta.storage.collections import COLLECTIONS, LOGS, Storage
from mock_okta.storage.opening import in_memory, opened
from mock_okta.storage.places import MEMORY, Place, PlaceError, place_of
from mock_okta.storage.ports import (
    Backend,
    Collection,
    Counter,
    Kept,
    Key,
    Log,
    Logged,
    SharedBackend,
    StorageError,
    StoredRecords,
)

__all__ = [
    "COLLECTIONS",
    "LOGS",
    "MEMORY",
    "Backend",
    "Collection",
    "Counter",
    "Kept",
    "Key",
    "Log",
    "Logged",
    "Place",
    "PlaceError",
    "SharedBackend",
    "Storage",
    "StorageError",
    "StoredRecords",
    "in_memory",
    "opened",
    "place_of",
]
