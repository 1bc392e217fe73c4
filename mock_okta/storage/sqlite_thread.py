"""One SQLite connection in a thread of its own, so that no event loop waits for the disk."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from msgspec import Struct

from mock_okta.storage.ports import StorageError

__all__ = ["SqliteThread"]

T = TypeVar("T")
_MOST_AT_ONCE = 100


class _Job(Struct, eq=False):
    """Work that waits for its turn, and then its outcome."""

    work: Callable[[sqlite3.Connection], Any]
    writes: bool
    future: asyncio.Future[Any]
    result: Any = None
    error: Exception | None = None


class SqliteThread:
    """Runs work on a connection, in order.

    What waits at the same time shares one transaction and one wake-up of the event loop. Work that
    fails together is done again, one by one: so it must have no effect except on the database, and
    it must not raise after its first change of the database.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection], name: str) -> None:
        self._connect = connect
        self._name = name
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: Thread | None = None

    async def start(self) -> None:
        """Connect; raise StorageError."""
        loop = asyncio.get_running_loop()
        self._loop = loop
        opened: asyncio.Future[None] = loop.create_future()
        self._thread = Thread(target=self._run, args=(opened,), name="mock_okta-sqlite")
        self._thread.daemon = True
        self._thread.start()
        await opened

    def read(self, work: Callable[[sqlite3.Connection], T]) -> asyncio.Future[T]:
        """Return the future result of work that changes nothing; it raises StorageError."""
        return self._ask(work, writes=False)

    def write(self, work: Callable[[sqlite3.Connection], T]) -> asyncio.Future[T]:
        """Return the future result of work in a transaction; it raises StorageError.

        The result comes when the transaction is committed. No other process writes meanwhile.
        """
        return self._ask(work, writes=True)

    async def close(self) -> None:
        """Finish what waits, disconnect, and end the thread."""
        if self._thread is not None and self._thread.is_alive():
            closed: asyncio.Future[None] = self._loop.create_future()
            self._closed = closed
            self._jobs.put(None)
            await closed

    def _ask(self, work: Callable[[sqlite3.Connection], T], *, writes: bool) -> asyncio.Future[T]:
        future: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put(_Job(work, writes, future))
        return future

    def _run(self, opened: asyncio.Future[None]) -> None:
        try:
            connection = self._connect()
        except Exception as error:  # noqa: BLE001 -- the waiting caller gets it
            self._loop.call_soon_threadsafe(_fail, opened, error)
            return
        self._loop.call_soon_threadsafe(_succeed, opened)
        with closing(connection), suppress(RuntimeError):  # the event loop may have ended
            while batch := self._next_batch():
                self._serve(connection, batch)
                self._loop.call_soon_threadsafe(_settle, batch)
        self._loop.call_soon_threadsafe(_succeed, self._closed)

    def _next_batch(self) -> list[_Job]:
        """Wait for work; return all that waits, or nothing when the thread is to end."""
        job = self._jobs.get()
        batch = []
        while job is not None:
            batch.append(job)
            if len(batch) == _MOST_AT_ONCE:
                return batch
            try:
                job = self._jobs.get_nowait()
            except Empty:
                return batch
        if batch:
            self._jobs.put(None)  # after this batch
        return batch

    def _serve(self, connection: sqlite3.Connection, batch: Sequence[_Job]) -> None:
        writes = any(job.writes for job in batch)
        try:
            if writes:
                connection.execute("BEGIN IMMEDIATE")
            for job in batch:
                _attempt(job, connection)
            if writes:
                connection.execute("COMMIT")
        except sqlite3.Error as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if len(batch) > 1:
                for job in batch:
                    self._serve(connection, [job])
            else:
                batch[0].error = StorageError(f"{self._name}: {error}")


def _attempt(job: _Job, connection: sqlite3.Connection) -> None:
    job.error = None
    try:
        job.result = job.work(connection)
    except sqlite3.Error:
        raise
    except Exception as error:  # noqa: BLE001 -- the caller's own, such as that of a `change`
        job.error = error


def _settle(batch: Sequence[_Job]) -> None:
    for job in batch:
        if job.error is not None:
            _fail(job.future, job.error)
        elif not job.future.done():
            job.future.set_result(job.result)


def _succeed(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _fail(future: asyncio.Future[Any], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
