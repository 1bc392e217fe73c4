"""The log of the command: readable lines, or JSON for programs."""

import logging
import sys
from typing import Literal

import msgspec

from mock_okta.clock import Clock, wire_instant

__all__ = ["LogFormat", "write_logs"]

LogFormat = Literal["text", "json"]


class _Lines(logging.Formatter):
    """`22:41:07 POST /api/v1/authn 401 0.4 ms  WrongPassword for 'tester@example.com'`.

    With workers, their number stands after the time: `22:41:07 [2] POST …`.
    """

    def __init__(self, worker: int | None) -> None:
        super().__init__("%(asctime)s %(message)s", datefmt="%H:%M:%S")
        self._worker = "" if worker is None else f" [{worker}]"
        self._second = -1
        self._time = ""

    def format(self, record: logging.LogRecord) -> str:
        if record.exc_info or record.stack_info:
            return super().format(record)
        return f"{self.formatTime(record, self.datefmt)}{self._worker} {record.getMessage()}"

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 -- logging's own name
        """Return the time of day; it is formatted once a second, not for each line."""
        second = int(record.created)
        if second != self._second:
            self._second, self._time = second, super().formatTime(record, datefmt)
        return self._time


class _StandardError(logging.Handler):
    """Writes to standard error, which flushes each line by itself."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(f"{self.format(record)}\n")
        except Exception:  # noqa: BLE001 -- as every handler of logging's
            self.handleError(record)


class _Json(logging.Formatter):
    """One object per line; those of requests have more members."""

    def __init__(self, worker: int | None) -> None:
        super().__init__()
        self._worker = {} if worker is None else {"worker": worker}

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": wire_instant(Clock().now()),
            "level": record.levelname.lower(),
            "logger": record.name,
            **self._worker,
        }
        line |= getattr(record, "wire", None) or {"message": record.getMessage()}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line).decode()


def write_logs(form: LogFormat, *, worker: int | None = None) -> None:
    """Send everything that the org logs to standard error; `worker`: this process's number."""
    # Our lines do not show these values, so they need not be looked up (Python's logging HOWTO,
    # "Optimization"): only this command uses the process.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = _StandardError()
    handler.setFormatter(_Json(worker) if form == "json" else _Lines(worker))
    for name in ("mock_okta", "aiohttp"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.INFO)
        logger.propagate = False
