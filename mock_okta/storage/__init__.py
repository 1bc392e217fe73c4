"""Where an org's records live: one table of collections, a port with its semantics, backends."""

from mock_okta.storage.collections import COLLECTIONS, LOGS, Storage
from mock_okta.storage.opening import in_memory
from mock_okta.storage.ports import Backend, Collection, Kept, Key, Log, Logged, StoredRecords

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
    "StoredRecords",
    "in_memory",
]
