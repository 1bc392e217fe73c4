"""Lets tests with an event loop of their own run beside an open synchronous Playwright.

Playwright's synchronous API keeps an event loop marked as the thread's running one for as long as
it is open, also between calls. `asyncio.run`, and with it every asyncio test, then refuses to
start.
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
    """Tell whether a test has to be run by an event loop."""
    function = getattr(item, "obj", None)
    return inspect.iscoroutinefunction(inspect.unwrap(function)) if function else False


@contextmanager
def running_loop_at_the_end() -> Iterator[None]:
    """Show the event loop that runs now at the end of the block too, for what ends after it."""
    running = asyncio._get_running_loop()  # noqa: SLF001 -- as below
    try:
        yield
    finally:
        asyncio._set_running_loop(running)  # noqa: SLF001 -- as below


@contextmanager
def no_running_loop() -> Iterator[None]:
    """Hide the thread's running event loop in the block; show it again if it lives on."""
    hidden = asyncio._get_running_loop()  # noqa: SLF001 -- documented for those who write event loops
    asyncio._set_running_loop(None)  # noqa: SLF001 -- as above
    try:
        yield
    finally:
        # Closed meanwhile when the last test of the session tore Playwright down.
        still_runs = hidden is not None and hidden.is_running()
        asyncio._set_running_loop(hidden if still_runs else None)  # noqa: SLF001 -- as above
