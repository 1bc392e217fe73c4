"""Where an org's records live: ports with their semantics, and a backend in memory."""

from mock_okta.storage.memory import MemoryStorage
from mock_okta.storage.ports import Collection, Storage, StoredRecords

__all__ = ["Collection", "MemoryStorage", "Storage", "StoredRecords"]
