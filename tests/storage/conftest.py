"""A Redis server for the tests of storage, and storages that several processes can share."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.storage.redis_server import RedisServer, redis_server

_numbers = count()


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One server for all tests of this worker; each test has an org of its own on it."""
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("redis", marks=pytest.mark.process)])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The name of an empty storage, in a file and on a server."""
    if request.param == "sqlite":
        return f"sqlite:{tmp_path / 'org.sqlite'}"
    server: RedisServer = request.getfixturevalue("redis")
    return server.url(f"s{next(_numbers)}")
