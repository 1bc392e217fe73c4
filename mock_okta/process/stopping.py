"""What takes long and may be stopped before it is done."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

__all__ = ["before"]

T = TypeVar("T")


async def before(stopping: asyncio.Event, coming: Coroutine[Any, Any, T]) -> T | None:
    """Return what comes, or None if the command is stopped before; then it is cancelled."""
    task, stopped = asyncio.create_task(coming), asyncio.create_task(stopping.wait())
    await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if task.done():
        return task.result()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return None
