"""Runs an async context manager in its own thread and event loop."""

import asyncio
import threading
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, Self

__all__ = ["EnteredInThread"]


class EnteredInThread(AbstractAsyncContextManager[Any]):
    """A context manager: `with` runs it in its own thread, `async with` in this event loop."""

    _thread: "_OwnThread | None" = None

    def __enter__(self) -> Self:
        thread = _OwnThread(self)
        thread.start()
        self._thread = thread
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop()


class _OwnThread:
    """Enters and leaves `entered` in its own thread."""

    def __init__(self, entered: AbstractAsyncContextManager[Any]) -> None:
        self._entered = entered
        self._started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
        self._thread = threading.Thread(
            target=self._run, name=f"mock_okta {type(entered).__name__}", daemon=True
        )

    def start(self) -> None:
        """Return once it is entered; raise the error if that fails."""
        self._thread.start()
        try:
            self._started.result()
        except BaseException:
            if self._started.exception() is None:  # interrupted by Ctrl-C while it started
                self.stop()
            self._thread.join()
            raise

    def stop(self) -> None:
        """Leave it, and wait for the thread to end."""
        loop, stopping = self._started.result()
        loop.call_soon_threadsafe(stopping.set)
        self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        stopping = asyncio.Event()
        try:
            await self._entered.__aenter__()
        except BaseException as error:  # noqa: BLE001 -- handed to the thread that waits for it
            self._started.set_exception(error)
            return
        self._started.set_result((asyncio.get_running_loop(), stopping))
        try:
            await stopping.wait()
        finally:
            await self._entered.__aexit__(None, None, None)
