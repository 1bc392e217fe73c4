"""One org for the whole run."""

from collections.abc import Iterator

import pytest

from mock_okta import Config, KeyPool, MockOkta
from tests.fuzz.registered import OPEN
from tests.fuzz.wire import Client


@pytest.fixture(scope="session")
def fuzzed(shared_pool: KeyPool) -> Iterator[MockOkta]:
    with MockOkta(Config(seed=OPEN), key_pool=shared_pool) as org:
        yield org


@pytest.fixture(scope="session")
def client(fuzzed: MockOkta) -> Iterator[Client]:
    client = Client(fuzzed.url)
    yield client
    client.close()
