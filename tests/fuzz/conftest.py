"""One org for the whole run; what all orgs of the run answered, and that no defect was among it."""

import logging
from collections.abc import Iterator

import pytest

from mock_okta import Config, KeyPool, MockOkta
from tests.fuzz.registered import OPEN
from tests.fuzz.tally import TALLY, Tally
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


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    """What the run has seen so far; tests add what they want said at its end."""
    return request.config.stash.setdefault(TALLY, Tally())


@pytest.fixture(autouse=True)
def no_request_meets_a_defect(tally: Tally) -> Iterator[None]:
    """Count the log's lines on requests; a 500 fails its test, whether it looks at it or not."""
    logger, *_ = loggers = [logging.getLogger(n) for n in ("mock_okta", "aiohttp", "asyncio")]
    level, defects = logger.level, len(tally.defects)
    for each in loggers:
        each.addHandler(tally)
    logger.setLevel(logging.INFO)
    logger.propagate = False  # pytest would keep each of a hundred thousand lines
    yield
    logger.propagate = True
    logger.setLevel(level)
    for each in loggers:
        each.removeHandler(tally)
    assert tally.defects[defects:] == []


def pytest_terminal_summary(
    terminalreporter: "pytest.TerminalReporter", config: pytest.Config
) -> None:
    tally = config.stash.get(TALLY, None)
    if tally is not None:
        terminalreporter.section("fuzz")
        for line in tally.said():
            terminalreporter.line(line)
