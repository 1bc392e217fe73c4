"""How the command writes its log: readable lines, or JSON for machines."""

import logging
import sys
from typing import Literal

import msgspec

from mock_okta.clock import Clock, wire_instant

__all__ = ["LogFormat", "write_logs"]

LogFormat = Literal["text", "json"]


class _Lines(logging.Formatter):
    """`22:41:07 POST /api/v1/authn 401 0.4 ms  WrongPassword for 'tester@example.com'`."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(message)s", datefmt="%H:%M:%S")


class _Json(logging.Formatter):
    """One object a line; a request's has its own members."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": wire_instant(Clock().now()),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        line |= getattr(record, "wire", None) or {"message": record.getMessage()}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line).decode()


def write_logs(form: LogFormat) -> None:
    """Send everything that the org logs to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Lines())
    handler.addFilter(_without_parser_traceback)
    for name in ("mock_okta", "aiohttp"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.INFO)
        logger.propagate = False


def _without_parser_traceback(record: logging.LogRecord) -> bool:
    """Let what aiohttp refuses by itself, before the org sees it, be one line of its reason."""
    if record.name == "aiohttp.server" and record.exc_info and record.exc_info[1] is not None:
        reason = " ".join(str(record.exc_info[1]).split())
        record.msg, record.args = f"refused a malformed request: {reason[:300]}", ()
        record.exc_info = None
    return True
