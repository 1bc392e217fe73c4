"""What a resource of `/_mock` is made of: operations that describe themselves."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol, TypeVar

import msgspec
from aiohttp import web
from msgspec import Struct

from mock_okta.clock import wire_instant
from mock_okta.web.errors import UnsupportedBody, ValidationFailed, json_response
from mock_okta.web.requests import json_of

__all__ = ["Operation", "Resource", "body_as", "json_answer", "query_as"]

S = TypeVar("S", bound=Struct)
T = TypeVar("T")
_NO_JSON = "the body must be JSON: send the header 'Content-Type: application/json'"


class Operation(Struct, frozen=True):
    """One method and path; the OpenAPI document is derived from it.

    `handler` returns an `answer`, which is sent as JSON, or None, which becomes 204; a response of
    its own is sent as it is. `body`: what the handler reads by `body_as`, with a default where
    `body_is_optional`. `query`: a Struct whose fields are the parameters, read by `query_as`.
    `media_type`: of the answer. `is_open`: served without the guard, to anybody; only for what
    reveals nothing.
    """

    method: str
    path: str
    summary: str
    handler: Callable[[web.Request], Awaitable[Struct | web.StreamResponse | None]]
    body: type[Struct] | None = None
    body_is_optional: bool = False
    query: type[Struct] | None = None
    answer: type[Struct] | None = None
    media_type: str = "application/json"
    is_open: bool = False


class Resource(Protocol):
    """A part of the org that tests may see or change."""

    def operations(self) -> tuple[Operation, ...]:
        """Return what is served."""


async def body_as(request: web.Request, shape: type[T], *, default: T | None = None) -> T:
    """Return the JSON body as `shape`, or the `default`, if there is one, for an empty body.

    Raises what `json_of` raises, and UnsupportedBody if the body is not sent as JSON.
    """
    body = await request.read()
    if not body and default is not None:
        return default
    if body and request.content_type != "application/json":
        raise UnsupportedBody(remark=f"/_mock: {_NO_JSON}", causes=(_NO_JSON,))
    return await json_of(request, shape)


def query_as(request: web.Request, shape: type[S]) -> S:
    """Return the query's parameters as `shape`; raise ValidationFailed for a bad one."""
    given = dict(request.rel_url.query)
    try:
        return msgspec.convert(given, shape, strict=False)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at ")
        where = path.strip("`").removeprefix("$.") or "query"
        raise ValidationFailed(where, f"{where}: {message}") from error


def json_answer(answer: Struct) -> web.Response:
    """Return an answer as JSON."""
    return json_response(
        _with_wire_instants(msgspec.to_builtins(answer, builtin_types=(datetime,)))
    )


def _with_wire_instants(value: Any) -> Any:
    """Return `value` with instants as the org writes them everywhere."""
    match value:
        case datetime():
            return wire_instant(value)
        case dict():
            return {name: _with_wire_instants(each) for name, each in value.items()}
        case list() | tuple():
            return [_with_wire_instants(each) for each in value]
        case _:
            return value
