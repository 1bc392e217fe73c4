"""The tests see what blocks an event loop, and nothing where no event loop waits."""

import pytest
from blockbuster import BlockingError

from mock_okta import KeyPool


async def test_blocking_an_event_loop_is_seen() -> None:
    pool = KeyPool()
    pool.key("name")
    with pytest.raises(BlockingError):
        pool.close()


@pytest.mark.usefixtures("browser")
def test_blocking_beside_an_open_browser_is_no_harm() -> None:
    pool = KeyPool()
    pool.key("name")
    pool.close()
    assert pool.key("name").done()
