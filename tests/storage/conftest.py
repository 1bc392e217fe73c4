"""A Redis server for the tests of storage; each test has an org of its own on it."""

from collections.abc import Iterator

import pytest

from tests.storage.redis_server import RedisServer, redis_server


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One server for all tests of this worker."""
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server
