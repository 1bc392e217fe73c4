"""The block in which a request is answered: what it stores may wait until its end."""

import asyncio
from contextvars import ContextVar
from types import TracebackType
from typing import Any

from mock_okta.storage.ports import StorageError

__all__ = ["Together", "current", "stored_by_the_end"]


class Together:
    """Waits at its end for the writes that were left to it; raises the first StorageError.

    `fetched`: collection, key and value of a record that was read along with another one. Only the
    request's next question may be answered by it.
    """

    def __init__(self) -> None:
        self.fetched: tuple[str, bytes, bytes] | None = None
        self.writes: list[asyncio.Future[Any]] = []
        self.has_ended = False

    async def __aenter__(self) -> None:
        self._token = _block.set(self)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        _block.reset(self._token)
        self.has_ended = True
        failed = None
        for write in self.writes:
            try:
                await write
            except StorageError as refused:
                failed = failed or refused
        if failed is not None and error is None:
            raise failed


_block: ContextVar[Together | None] = ContextVar("block", default=None)


def current() -> Together | None:
    """Return the block of the request that is being answered; None outside of one."""
    block = _block.get()
    return None if block is None or block.has_ended else block


async def stored_by_the_end(write: asyncio.Future[Any]) -> None:
    """Leave a write to the end of the request, or wait for it outside of one."""
    block = current()
    if block is None:
        await write
    else:
        block.writes.append(write)
