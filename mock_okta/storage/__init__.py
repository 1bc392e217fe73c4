"""The storage of an org: one table of collections, a port with its rules, and backends."""

from mock_okta.storage.collections import COLLECTIONS, LOGS, Storage
from mock_okta.storage.opening import in_memory
from mock_okta.storage.ports import (
    Backend,
    Collection,
    Kept,
    Key,
    Log,
    Logged,
    StorageError,
    StoredRecords,
)

__all__ = [
    "COLLECTIONS",
    "LOGS",
    "Backend",
    "Collection",
    "Kept",
    "Key",
    "Log",
    "Logged",
    "Storage",
    "StorageError",
    "StoredRecords",
    "in_memory",
]
