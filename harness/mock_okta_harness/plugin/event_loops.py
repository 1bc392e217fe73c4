"""Lets async tests run while a synchronous Playwright is open.

Playwright's synchronous API marks an event loop as the thread's running loop as long as it is open,
also between calls. `asyncio.run`, and so every asyncio test, then refuses to start.
"""

from __future__ import annotations

import asyncio
import inspect
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    import pytest


def is_a_coroutine_test(item: pytest.Item) -> bool:
    """Return whether a test needs an event loop."""
    function = getattr(item, "obj", None)
    return inspect.iscoroutinefunction(inspect.unwrap(function)) if function else False


@contextmanager
def no_running_loop() -> Iterator[None]:
    """Hide the thread's running event loop in the block; restore it if it is still open."""
    with _running_loop(None):
        yield


def torn_down_as_set_up(fixture: pytest.FixtureDef[object]) -> Generator[None, object, object]:
    """Tear a fixture down with the running event loop that it had at the end of its set-up.

    The last test that uses a browser of the session may be followed by others, which hide
    Playwright's event loop until their end. Pages and contexts can only be closed within it.
    """
    block = ExitStack()
    fixture.addfinalizer(block.close)  # finalizers run in reverse order: this is the last
    value = yield
    loop = asyncio._get_running_loop()  # noqa: SLF001 -- as below
    if loop is not None:
        fixture.addfinalizer(lambda: block.enter_context(_running_loop(loop)))
    return value


@contextmanager
def _running_loop(loop: asyncio.AbstractEventLoop | None) -> Iterator[None]:
    before = asyncio._get_running_loop()  # noqa: SLF001 -- documented for those who write event loops
    asyncio._set_running_loop(loop)  # noqa: SLF001 -- as above
    try:
        yield
    finally:
        # It is closed if the last test of the session stopped Playwright.
        still_runs = before is not None and before.is_running()
        asyncio._set_running_loop(before if still_runs else None)  # noqa: SLF001 -- as above
