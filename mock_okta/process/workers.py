"""Several processes that serve one org on one port; the kernel spreads connections over them."""

import asyncio
import gc
import logging
import multiprocessing
import os
import signal
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from msgspec import Struct, structs

from mock_okta.app.settings import Config
from mock_okta.model.seed import SeedError
from mock_okta.process.listening import Sockets, StartError
from mock_okta.process.logs import LogFormat, write_logs
from mock_okta.process.server import MockOkta
from mock_okta.process.stopping import before
from mock_okta.process.tls import AuthorityError

__all__ = ["Workers", "serve_with_workers"]

_log = logging.getLogger("mock_okta.workers")
_SECONDS_TO_STOP = 10.0
_MOST_FAILURES = 3
"""If this many starts in a row fail, the command ends."""


class Workers(Struct, frozen=True, kw_only=True):
    """What each process gets; a new process must be able to import all of it.

    `loop_factory`: returns what makes event loops, or None for asyncio's own. `greeting`: returns
    what the command prints once the org serves.
    """

    config: Config
    log_format: LogFormat
    loop_factory: Callable[[], Any]
    greeting: Callable[[MockOkta], str]

    async def started(self, number: int) -> "_Worker":
        """Start a worker and wait until it serves; raise StartError."""
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(self, number, theirs), daemon=True)
        # Python starts a process in some milliseconds of blocking work.
        await asyncio.to_thread(process.start)
        theirs.close()
        worker = _Worker(number=number, process=process, pipe=ours)
        try:
            return structs.replace(worker, greeting=await worker.told())
        except BaseException:
            await worker.stop()
            raise


class _Worker(Struct, frozen=True, kw_only=True):
    """A process, and our end of the pipe to it: when that closes, the process stops."""

    number: int
    process: SpawnProcess
    pipe: Connection
    greeting: str = ""

    async def told(self) -> str:
        """Wait until it serves and return its greeting; raise StartError if it does not."""
        await _readable(self.pipe.fileno())
        try:
            error, greeting = self.pipe.recv()
        except EOFError:
            raise StartError(f"worker {self.number} ended before it served") from None
        if error:
            raise StartError(error)
        return str(greeting)

    async def ended(self) -> int | None:
        """Wait for its end; return the exit status, negative for a signal."""
        await _readable(self.process.sentinel)
        self.process.join()
        return self.process.exitcode

    async def stop(self) -> None:
        """Stop it; end it if it does not stop by itself."""
        self.pipe.close()
        try:
            async with asyncio.timeout(_SECONDS_TO_STOP):
                await self.ended()
        except TimeoutError:
            self.process.kill()
            await self.ended()


async def serve_with_workers(
    workers: Workers, count: int, stopping: asyncio.Event, say: Callable[[str], None]
) -> None:
    """Serve by `count` processes until `stopping` is set; `say` gets the greeting, once.

    The first worker fills the org before the others start. A worker that ends is replaced. Raises
    StartError.
    """
    config = workers.config
    _require_sharing(config)
    with Sockets(config.host, config.port) as probe:  # the port must be free of other programs
        workers = structs.replace(workers, config=replace(config, port=probe.port))
    tasks: set[asyncio.Task[Any]] = {asyncio.create_task(stopping.wait())}
    try:
        first = await before(stopping, workers.started(1))
        if first is None:
            return
        say(first.greeting)
        tasks.add(asyncio.create_task(_kept_up(workers, 1, first)))
        for number in range(2, count + 1):
            tasks.add(asyncio.create_task(_kept_up(workers, number)))
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()  # raises what a worker could not do
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _kept_up(workers: Workers, number: int, worker: _Worker | None = None) -> None:
    """Start another process whenever the worker ends; stop it when this task is cancelled."""
    failures = 0
    while True:
        try:
            worker = worker or await workers.started(number)
        except StartError:
            failures += 1
            if failures == _MOST_FAILURES:
                raise
            continue
        failures = 0
        try:
            status = await worker.ended()
        finally:
            await worker.stop()
        _log.warning("worker %s ended with status %s: another one starts", number, status)
        worker = None


def _require_sharing(config: Config) -> None:
    """All workers must serve one org on one port; raise StartError."""
    if config.storage_place().kind == "memory":
        raise StartError(
            "--workers: several processes need a storage that they share: "
            "--state-dir DIR, or --storage sqlite:PATH or redis://HOST"
        )
    if not hasattr(socket, "SO_REUSEPORT"):
        raise StartError("--workers: on this system, processes cannot share a port")
    if config.tls and config.state_dir is None:
        raise StartError("--workers: with --https, --state-dir must name a folder for the CA")


def _work(workers: Workers, number: int, pipe: Connection) -> None:
    """Serve in this process until the pipe closes, or until SIGTERM."""
    # Ctrl-C reaches all processes of a terminal: the command stops its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    write_logs(workers.log_format, worker=number)
    with asyncio.Runner(loop_factory=workers.loop_factory()) as runner:
        runner.run(_serve(workers, pipe))


async def _serve(workers: Workers, pipe: Connection) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(pipe.fileno(), stopping.set)
    loop.add_signal_handler(signal.SIGTERM, stopping.set)
    try:
        async with AsyncExitStack() as stack:
            entered = stack.enter_async_context(MockOkta(workers.config, shares_port=True))
            if (org := await before(stopping, entered)) is None:
                return
            gc.freeze()  # these objects stay: no need to scan them again
            _tell(pipe, "", workers.greeting(org))
            _log.info("serves, process %s", os.getpid())
            await stopping.wait()
    except (StartError, AuthorityError, SeedError) as error:
        _tell(pipe, str(error), "")
    finally:
        loop.remove_reader(pipe.fileno())


def _tell(pipe: Connection, error: str, greeting: str) -> None:
    """Tell the command; nobody listens if it has stopped meanwhile."""
    with suppress(OSError):
        pipe.send((error, greeting))


async def _readable(descriptor: int) -> None:
    """Wait until a read of the descriptor does not block."""
    loop, readable = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(descriptor, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(descriptor)
