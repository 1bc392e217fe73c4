"""Opens a backend: the only module that imports one."""

from mock_okta.clock import Clock
from mock_okta.storage.collections import Storage
from mock_okta.storage.memory import MemoryBackend

__all__ = ["in_memory"]


def in_memory(clock: Clock) -> Storage:
    """Return an empty storage that lives as long as the process."""
    return Storage(MemoryBackend(clock))
