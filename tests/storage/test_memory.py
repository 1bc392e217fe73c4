"""The backend in memory keeps what storage promises."""

import pytest

from mock_okta import Clock
from mock_okta.storage import MemoryStorage
from tests.storage.conformance import StorageConformance


class TestMemory(StorageConformance):
    @pytest.fixture
    def storage(self, clock: Clock) -> MemoryStorage:
        return MemoryStorage(clock)
