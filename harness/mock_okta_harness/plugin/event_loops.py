"""Lets async tests run while a synchronous Playwright is open.

Playwright's synchronous API marks an event loop as the thread's running loop as long as it is open,
also between calls. `asyncio.run`, and so every asyncio test, then refuses to start.
"""

from __future__ import annotations

import asyncio
import inspect
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest


def is_a_coroutine_test(item: pytest.Item) -> bool:
    """Return whether a test needs an event loop."""
    function = getattr(item, "obj", None)
    return inspect.iscoroutinefunction(inspect.unwrap(function)) if function else False


@contextmanager
def running_loop_at_the_end() -> Iterator[None]:
    """Restore the running event loop at the end of the block, for code that runs after it."""
    running = asyncio._get_running_loop()  # noqa: SLF001 -- as below
    try:
        yield
    finally:
        asyncio._set_running_loop(running)  # noqa: SLF001 -- as below


@contextmanager
def no_running_loop() -> Iterator[None]:
    """Hide the thread's running event loop in the block; restore it if it is still open."""
    hidden = asyncio._get_running_loop()  # noqa: SLF001 -- documented for those who write event loops
    asyncio._set_running_loop(None)  # noqa: SLF001 -- as above
    try:
        yield
    finally:
        # It is closed if the last test of the session stopped Playwright.
        still_runs = hidden is not None and hidden.is_running()
        asyncio._set_running_loop(hidden if still_runs else None)  # noqa: SLF001 -- as above
