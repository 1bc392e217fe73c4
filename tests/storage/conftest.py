"""Storages that several processes can share."""

from itertools import count
from pathlib import Path

import pytest

_numbers = count()


@pytest.fixture(params=["sqlite", pytest.param("redis", marks=pytest.mark.process)])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The name of an empty storage, in a file and on a server."""
    if request.param == "sqlite":
        return f"sqlite:{tmp_path / 'org.sqlite'}"
    server = request.getfixturevalue("redis")
    return server.url(f"s{next(_numbers)}")
