"""The tests see what blocks an event loop, and nothing where no event loop waits."""

from pathlib import Path

import pytest
from blockbuster import BlockingError

from mock_okta.widget.releases import Releases


async def test_blocking_an_event_loop_is_seen(tmp_path: Path) -> None:
    # A file system call: whether one sees the end of a thread waited for depends on the Python.
    with pytest.raises(BlockingError):
        Releases(tmp_path).find("3.2.2")


@pytest.mark.usefixtures("browser")
def test_blocking_beside_an_open_browser_is_no_harm(tmp_path: Path) -> None:
    assert Releases(tmp_path).find("3.2.2") is None
