"""Serving until left, in the caller's event loop or in a thread with an event loop of its own."""

import asyncio
import threading
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from types import TracebackType
from typing import Any, ClassVar, Self

from mock_okta.process.listening import StartError

__all__ = ["EnteredInThread"]


class EnteredInThread(AbstractAsyncContextManager[Any]):
    """What serves until it is left: `async with` in this event loop, `with` in a thread of its own.

    It can be entered once at a time. A subclass gives `_start`, and `_name` for messages.
    """

    _name: ClassVar[str]

    def __init__(self) -> None:
        self._url: str | None = None
        self._exit = AsyncExitStack()
        self._thread: _OwnThread | None = None

    @property
    def url(self) -> str:
        """Where it serves: `http://localhost:41235`, no slash at the end. Raises StartError."""
        if self._url is None:
            raise StartError(f"the {self._name} is not running: enter it by `with` or `async with`")
        return self._url

    async def _start(self, stack: AsyncExitStack) -> str:
        """Start to serve, until the stack is closed, and return the URL."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        self._check_is_stopped()
        async with AsyncExitStack() as stack:
            self._url = await self._start(stack)
            self._exit = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._url = None
        await self._exit.aclose()

    def __enter__(self) -> Self:
        self._check_is_stopped()  # before the thread, which an event loop must not wait for
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

    def _check_is_stopped(self) -> None:
        if self._url is not None:
            raise StartError(f"the {self._name} is running already")


class _OwnThread:
    """Enters and leaves `entered` in its own thread."""

    def __init__(self, entered: AbstractAsyncContextManager[Any]) -> None:
        self._entered = entered
        self._started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
        self._thread = threading.Thread(
            target=self._run, name=f"mock_okta {type(entered).__name__}", daemon=True
        )

    def start(self) -> None:
        """Return once it is entered; raise what prevents that."""
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
