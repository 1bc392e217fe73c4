"""What one request carries beside itself, and reading it: session, parameters, bodies."""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import parse_qsl

import msgspec
from aiohttp import web

from mock_okta.web.errors import MalformedBody, UnsupportedBody, ValidationFailed

__all__ = ["NOTES", "Notes", "Parameters", "form_of", "json_of", "query_of"]

T = TypeVar("T")
_FORM = "application/x-www-form-urlencoded"
_MOST_PARAMETERS = 1000


@dataclass
class Notes:
    """What is noted about a request while it is served, for its log line and its answer."""

    request_id: str
    error_id: str
    remarks: list[str] = field(default_factory=list)
    level: int = logging.INFO

    def warn(self, remark: str) -> None:
        """Note what somebody should see who looks at warnings alone."""
        self.remarks.append(remark)
        self.level = logging.WARNING


NOTES: web.RequestKey[Notes] = web.RequestKey("notes", Notes)


class Parameters:
    """Parameters of a query or form; one without a value counts as left out (RFC 6749 3.1)."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.pairs = tuple((name, value) for name, value in pairs if value != "")
        self._first: dict[str, str] = {}
        repeated = []
        for name, value in self.pairs:
            if name in self._first:
                repeated.append(name)
            else:
                self._first[name] = value
        self.repeated = tuple(dict.fromkeys(repeated))

    def get(self, name: str) -> str | None:
        """Return the first value, or None."""
        return self._first.get(name)


def query_of(request: web.Request) -> Parameters:
    """Return the parameters of the query."""
    return _parsed(request.rel_url.raw_query_string)


async def form_of(request: web.Request) -> Parameters:
    """Return the parameters of a form body; raise UnsupportedBody for any other body."""
    if request.content_type != _FORM:
        raise UnsupportedBody
    return _parsed((await request.read()).decode("utf-8", "replace"))


def _parsed(encoded: str) -> Parameters:
    try:
        return Parameters(
            parse_qsl(encoded, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
        )
    except ValueError as error:
        raise MalformedBody(remark=f"the parameters cannot be read: {error}") from error


async def json_of(request: web.Request, shape: type[T]) -> T:
    """Return the JSON body as `shape`.

    Raises MalformedBody for what is no JSON, and ValidationFailed with the path of what does not
    fit; a body of another content type is UnsupportedBody.
    """
    body = await request.read()
    if body and request.content_type != "application/json":
        raise UnsupportedBody
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at ")
        where = re.sub(r"^\$\.?", "", path.strip("`")) or "body"
        raise ValidationFailed(where, f"{where}: {message}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedBody(remark=f"the body is no JSON: {error}") from error
